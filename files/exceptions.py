"""Errors raised by files.

FileError
    Refused    a file is not kept; says why, and what to do
    InUse      a file is not deleted, because something uses it
"""


class FileError(Exception):
    """Something about a file cannot be done. `code` is for programs, the message for people."""

    code = "file_error"


class Refused(FileError):
    """An uploaded file is not kept. `fields` says so of the field `file`.

    Codes: those of `agents.reading.Unreadable`, and `quota` (the user's files are full) and
    `storage` (the disk refuses).
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code
        self.fields = {"file": message}


class InUse(FileError):
    """A file is kept, because something uses it."""

    code = "in_use"
