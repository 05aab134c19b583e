"""Errors raised by chats.

ChatError
    InvalidMessage     a field is wrong; says which, and what to do
    NotReady           the session's data set is not profiled yet, or could not be
    UnknownBranch      the session has no such branch
    UnknownFile        the session has no such file, or it may not be read
    UnknownMessage     the session has no such message
"""


class ChatError(Exception):
    """Something about a session cannot be done."""

    code = "chat_error"


class InvalidMessage(ChatError):
    """A value was refused; `fields` maps each field's name to what is wrong with it."""

    code = "invalid"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class NotReady(ChatError):
    """What was asked needs the data model, which is not there."""

    code = "not_ready"


class UnknownBranch(ChatError):
    """The session has no such branch."""

    code = "unknown_branch"


class UnknownFile(ChatError):
    """The session's folder has no such file, or only one that may not be read."""

    code = "unknown_file"


class UnknownMessage(ChatError):
    """The session has no such message."""

    code = "unknown_message"
