"""What a dialect is: how the rows of the log look on one wire."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from streams.profiles import Mode


class Row(Protocol):
    """The parts of a log row that a dialect may use."""

    position: int
    type: str
    body: str
    has_content: bool
    content: str | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One SSE message: JSON text and, where the dialect names its events, the name."""

    data: str
    event: str = ""


def _comment(moment: str) -> list[Frame]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """`row` gives the frames of an event, none if the dialect does not know it.

    `control` gives the frames of a control message (`stream_opened`, `gap`, `reconnect`,
    `closed`) from its type, its data and the time. `heartbeat` gives the frames of a sign of
    life from the time; without any, a comment is sent, which a browser's scripts never see.
    `has_pages` tells whether a client that asks for JSON gets pages of the frames' data: not in
    dialects whose clients may ask for JSON and want the stream.
    """

    name: str
    row: Callable[[Row, Mode], list[Frame]]
    control: Callable[[str, dict[str, Any], str], list[Frame]]
    heartbeat: Callable[[str], list[Frame]] = _comment
    has_pages: bool = False
