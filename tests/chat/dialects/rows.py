"""Events as the log holds them, and the bytes that a dialect makes of them."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from streams.dialects.base import Dialect
from streams.events import ContentEvent, Event, body, iso, storable
from streams.profiles import Mode
from streams.rows import Row
from streams.writing import Opening, encode
from tests.sse_client import Parser

SESSION = UUID("5e551011-0000-4000-8000-000000000001")
RUN = UUID("5e551011-0000-4000-8000-000000000002")
MESSAGE = UUID("5e551011-0000-4000-8000-000000000003")
REPLY = UUID("5e551011-0000-4000-8000-000000000004")
GATE = UUID("5e551011-0000-4000-8000-000000000005")
TIME = "2026-11-21T09:36:00.123Z"
MOMENT = datetime(2026, 11, 21, 9, 36, 0, 123000, tzinfo=UTC)
# What has broken readers of streams before: line ends of several kinds, quotes, and halves.
HOSTILE = 'a\r\nb\rc\nd\u2028e\u2029f\x85g "\\ 🧭 \x00 \ud800 }}\n\ndata: {"type":"error"}\n\n'


def row(event: Event, position: int = 42) -> Row:
    """Return an event of a session's run as readers get it."""
    text = body(event, position=position, timestamp=iso(MOMENT), run_id=RUN, session_id=SESSION)
    content = storable(event.content) if isinstance(event, ContentEvent) else None
    return Row(position, event.type, text, content is not None, content, is_last=False)


def raw(event: Event, dialect: Dialect, mode: Mode = "inline") -> bytes:
    return encode(row(event), Opening(stream_id=SESSION, after=0, dialect=dialect, mode=mode))


def messages(
    events: Iterable[Event], dialect: Dialect, mode: Mode = "inline"
) -> list[dict[str, Any]]:
    """Return what a client reads of these events."""
    parser = Parser()
    return [one.json for event in events for one in parser.feed(raw(event, dialect, mode))]


def golden(*data: str, event: str = "") -> bytes:
    name = f"event: {event}\n" if event else ""
    return "".join(f"id: 42\n{name}data: {one}\n\n" for one in data).encode()


def control(dialect: Dialect, type_: str, **data: Any) -> list[dict[str, Any]]:
    return [json.loads(frame.data) for frame in dialect.control(type_, data, TIME)]
