"""What the core asks of a driver, step by step, and what it is answered.

The core is generators that yield these steps; a driver does them and sends the answer in. So
whatever is decided is decided once, for ordinary code and for asyncio, and without a network.
"""

import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Send this and read all of the answer. Answered with `Reply` or `Failure`."""

    method: str = "GET"
    path: str  # below /api/v1/
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    file: tuple[str, BinaryIO] | None = None  # its name and its bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Open:
    """Send this and, if a stream is the answer, keep it open for `Read`.

    Answered with `Reply` or `Failure`. After `patience` seconds without a byte, here or in a
    `Read`, that is `Failure("silent")`.
    """

    request: Request
    patience: float


@dataclass(frozen=True, slots=True)
class Read:
    """Read on. Answered with bytes, none at the end of the stream, or `Failure`."""


@dataclass(frozen=True, slots=True)
class Close:
    """Let go of the stream. Answered with None."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for some seconds. Answered with None."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; of a stream the body is empty, and what comes is for `Read`."""

    status: int
    headers: Mapping[str, str]  # their names in small letters
    body: bytes = b""

    @property
    def is_stream(self) -> bool:
        kind = self.headers.get("content-type", "")
        return self.status == 200 and kind.startswith("text/event-stream")

    @property
    def retry_after(self) -> float | None:
        """How many seconds the server asks to wait, if it says so in seconds."""
        given = self.headers.get("retry-after", "").strip()
        return float(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer, or none any more.

    unsent  there was no connection, so the server has seen nothing
    silent  nothing came for too long
    broken  the connection broke
    """

    kind: Literal["unsent", "silent", "broken"]
    reason: str


Step = Request | Open | Read | Close | Wait
Answer = Reply | Failure | bytes | None
T = TypeVar("T")
Call = Generator[Step, Answer, T]


def fetched(step: Request | Open) -> Call[Reply | Failure]:
    """Yield a step and return its answer."""
    answer = yield step
    assert isinstance(answer, Reply | Failure)
    return answer


class Backoff:
    """How long to wait: 1, 2, 4, 8, 16, 30, 30 ... seconds, each up to a fifth shorter.

    That keeps a thousand clients of a restarted server from coming back in the same instant.
    """

    STEPS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
    JITTER = 0.2

    def __init__(self) -> None:
        self.failures = 0

    def next(self) -> float:
        step = self.STEPS[min(self.failures, len(self.STEPS) - 1)]
        self.failures += 1
        return step * (1 - self.JITTER * random.random())  # noqa: S311 - spreads, hides nothing

    def reset(self) -> None:
        self.failures = 0
