"""Errors that end a step without a result.

AgentError
    Retryable      try again later: rate limits, time-outs, a service that is down
    Permanent      trying again cannot help: bad input, an engine that is not configured
    Cancelled      the caller asked to stop, and the step did
"""


class AgentError(Exception):
    """A step ended without a result. `code` is for programs, the message for people."""

    def __init__(self, message: str, *, code: str = "agent_error") -> None:
        super().__init__(message)
        self.code = code


class Retryable(AgentError):
    """The same step may succeed later; `retry_after` is the least wait in seconds, if known."""

    def __init__(
        self, message: str, *, code: str = "temporary", retry_after: float | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Permanent(AgentError):
    """The same step would fail again."""


class Cancelled(AgentError):
    """The step stopped because its cancel flag was set."""

    def __init__(self, message: str = "The step was cancelled.") -> None:
        super().__init__(message, code="cancelled")
