"""What goes wrong, by type.

CairnError
    Invalid             400, 413, 415: `fields` says what is wrong with what was sent
    NotAuthenticated    401: no token, or one that is not known
    Forbidden           403: this user may not do it
    NotFound            404: there is no such thing, or it is not this user's
    Conflict            409: the state of things does not allow it
        AlreadyDecided  somebody answered the gate first
        PayloadChanged  the answer is about something else than what was shown
        Expired         the gate's deadline has passed
    TooManyRequests     429, and it would take too long to wait
    StreamClosed        the server ended a stream because its reader may read no longer
    Unreachable         no usable answer came
"""

import json
from collections.abc import Mapping
from typing import Any

from cairn_client.steps import Reply


class CairnError(Exception):
    """Something that was asked of Cairn was not done.

    `code` is for programs, the message for people, `fields` names what is wrong with each field.
    `is_repeat`: an earlier attempt of the same request may have been done, its answer was lost.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "error",
        status: int = 0,
        fields: Mapping[str, str] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.fields = dict(fields or {})
        self.details = dict(details or {})
        self.is_repeat = False


class Invalid(CairnError):
    """Raised for what the server cannot take as it is."""


class NotAuthenticated(CairnError):
    """Raised when the token is missing or not known."""


class Forbidden(CairnError):
    """Raised when this user may not do it."""


class NotFound(CairnError):
    """Raised for what does not exist, or is not this user's to see."""


class Conflict(CairnError):
    """Raised when the state of things does not allow it."""


class AlreadyDecided(Conflict):
    """Raised for every answer to a gate but the first."""

    @property
    def decision(self) -> str:
        return str(self.details.get("decision") or "")

    @property
    def decided_by(self) -> str:
        """Who decided; empty if it was the deadline."""
        return str(self.details.get("decided_by") or "")

    @property
    def decided_at(self) -> str:
        return str(self.details.get("decided_at") or "")


class PayloadChanged(Conflict):
    """Raised when a digest is not that of what the gate asks. Show the gate again."""

    @property
    def digest(self) -> str:
        return str(self.details.get("digest") or "")


class Expired(Conflict):
    """Raised for an answer after the gate's deadline."""


class TooManyRequests(CairnError):
    """Raised when the server asks to wait for longer than a call waits by itself."""

    @property
    def retry_after(self) -> float | None:
        found: float | None = self.details.get("retry_after")
        return found


class StreamClosed(CairnError):
    """Raised when the server ends a stream for good; `code` is `signed_out` or `forbidden`."""


class Unreachable(CairnError):
    """Raised when the server, or what stands before it, gave no usable answer."""


BY_CODE: dict[str, type[CairnError]] = {
    "already_decided": AlreadyDecided,
    "payload_changed": PayloadChanged,
    "expired": Expired,
}
BY_STATUS: dict[int, type[CairnError]] = {
    400: Invalid,
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: Invalid,
    415: Invalid,
    429: TooManyRequests,
}


def of(reply: Reply) -> CairnError:
    """Return the error that an answer tells of."""
    told = _told(reply)
    if told is None:
        message = (
            f"The answer was {reply.status} and none of Cairn's; is the address right, and does "
            "what stands before it let requests through?"
        )
        kind = BY_STATUS.get(reply.status, Unreachable)
        told = {"code": "unexpected", "message": message}
    else:
        kind = BY_CODE.get(told["code"]) or BY_STATUS.get(reply.status, CairnError)
    if (seconds := reply.retry_after) is not None:
        told["retry_after"] = seconds
    code, message = str(told.pop("code")), str(told.pop("message"))
    fields = told.pop("fields", None)
    return kind(message, code=code, status=reply.status, fields=fields, details=told)


def _told(reply: Reply) -> dict[str, Any] | None:
    try:
        error = json.loads(reply.body)["error"]
        return dict(error) if {"code", "message"} <= error.keys() else None
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
