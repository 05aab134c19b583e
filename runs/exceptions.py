"""Errors raised by the run engine.

RunError
    InvalidTransition      the run's state does not allow it
    GateError
        AlreadyDecided     somebody answered first
        PayloadChanged     the answer is about something else than what was shown
        GateExpired        the deadline has passed
        NotAllowed         this user may not answer
        InvalidAnswer      the gate does not know this decision, or it lacks something
    UnknownKind            no handler is registered for a run's kind

Signals from a handler to the engine, which are no failures:

Stop
    Waiting                a gate was opened
    Pausing                somebody asked for a pause
"""

from typing import Any


class RunError(Exception):
    """Something about a run cannot be done. `code` is for programs, the message for people."""

    code = "run_error"

    def details(self) -> dict[str, Any]:
        """Return more members for the error object of an API."""
        return {}


class InvalidTransition(RunError):
    """Raised when a run's state does not allow what was asked."""

    code = "invalid_transition"

    def __init__(self, message: str, *, state: str = "") -> None:
        super().__init__(message)
        self.state = state

    def details(self) -> dict[str, Any]:
        return {"state": self.state} if self.state else {}


class UnknownKind(RunError):
    """Raised when a run's kind has no handler."""

    code = "unknown_kind"


class GateError(RunError):
    """An answer to a gate was refused; nothing changed."""


class AlreadyDecided(GateError):
    """Raised for every answer but the first; says who decided, and what."""

    code = "already_decided"

    def __init__(self, *, decision: str, decided_by: str, decided_at: str, comment: str) -> None:
        super().__init__(f"{decided_by or 'The deadline'} has decided already: {decision}.")
        self.decision = decision
        self.decided_by = decided_by
        self.decided_at = decided_at
        self.comment = comment

    def details(self) -> dict[str, Any]:
        return {
            "decision": self.decision,
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
            "comment": self.comment,
        }


class PayloadChanged(GateError):
    """Raised when the digest of an answer is not that of the question."""

    code = "payload_changed"

    def __init__(self, digest: str) -> None:
        super().__init__("What you saw is not what is asked. Read the question again, then answer.")
        self.digest = digest

    def details(self) -> dict[str, Any]:
        return {"digest": self.digest}


class GateExpired(GateError):
    """Raised for an answer after the deadline."""

    code = "expired"


class NotAllowed(GateError):
    """Raised when a user may see a gate but not answer it."""

    code = "not_allowed"


class InvalidAnswer(GateError):
    """Raised when an answer cannot be understood; `field` is the one to mend."""

    code = "invalid"

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field

    def details(self) -> dict[str, Any]:
        return {"fields": {self.field: str(self)}}


class Stop(Exception):
    """A handler returns early; the run's state has been written already."""


class Waiting(Stop):
    """The run waits at a gate and holds nothing."""


class Pausing(Stop):
    """The run was asked to pause and has reached a place where it can."""
