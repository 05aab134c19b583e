"""A stream's rows as readers get them, and the statements that write them for `streams.log`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from streams import sql
from streams.events import ContentEvent, Event, body, iso, storable
from streams.exceptions import StreamClosed
from streams.models import MessageChunk, Stream, StreamEvent

_STREAMS = Stream._meta.db_table
_EVENT = ("stream_id", "position", "type", "run_id", "body", "message_id", "sequence", "is_last")
_CHUNK = ("stream_id", "message_id", "sequence", "text", "is_last")
AT_ONCE = 300  # values in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where events go in a stream: after which position, and whose they are."""

    stream_id: UUID
    after: int
    run_id: UUID | None = None
    session_id: UUID | None = None


@dataclass(slots=True)
class Row:
    """One event as readers get it. `frames` keeps what was encoded, for all who watch."""

    position: int
    type: str
    body: str
    has_content: bool
    content: str | None
    is_last: bool
    run: str = ""  # the hexadecimal id of the run that wrote it
    written: float = 0.0  # seconds since 1970, if this process wrote it
    frames: dict[str, bytes] = field(default_factory=dict)


def insert(
    placed: Sequence[tuple[Place, Sequence[Event]]], *, close: bool = False
) -> dict[UUID, list[Row]]:
    """Write events where they belong, with their text; with `close` the last one is the last.

    Returns of each stream what its readers will find, once it is committed.
    """
    moment = timezone.now()
    timestamp, now = iso(moment), moment.timestamp()
    key = sql.keys()
    chunks: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    written: dict[UUID, list[Row]] = {}
    for place, events in placed:
        stream = key(place.stream_id)
        run = key(place.run_id) if place.run_id else None
        whose = place.run_id.hex if place.run_id else ""
        mine = written[place.stream_id] = []
        for position, event in enumerate(events, place.after + 1):
            text = body(
                event,
                position=position,
                timestamp=timestamp,
                run_id=place.run_id,
                session_id=place.session_id,
            )
            message = sequence = content = None
            if isinstance(event, ContentEvent):
                message, sequence = key(event.message_id), event.sequence
                content = storable(event.content)
                chunks.append((stream, message, sequence, content, event.completed))
            is_last = close and position == place.after + len(events)
            rows.append((stream, position, event.type, run, text, message, sequence, is_last))
            has_content = message is not None
            mine.append(Row(position, event.type, text, has_content, content, is_last, whose, now))
    sql.insert(MessageChunk, _CHUNK, chunks)
    sql.insert(StreamEvent, _EVENT, rows)
    return written


def raise_counter(stream_id: UUID, count: int, *, close: bool) -> tuple[int, UUID | None]:
    """Return the new last position, and the session the stream belongs to."""
    closing = ", closed_at = %s" if close else ""
    raised = sql.row(
        f"UPDATE {_STREAMS} SET last_position = last_position + %s{closing} "  # noqa: S608
        "WHERE id = %s AND closed_at IS NULL RETURNING last_position, session_id",
        [count, *([sql.time(timezone.now())] if close else []), sql.key(stream_id)],
    )
    if raised is None:
        raise StreamClosed(f"Stream {stream_id} is closed or does not exist.")
    return int(raised[0]), sql.uuid(raised[1]) if raised[1] else None


def raise_counters(stream_ids: Sequence[UUID]) -> dict[UUID, tuple[int, UUID | None]]:
    """Raise the counters of different streams by one; those that are closed are left out."""
    raised: dict[UUID, tuple[int, UUID | None]] = {}
    for start in range(0, len(stream_ids), AT_ONCE):
        keys = list(map(sql.keys(), stream_ids[start : start + AT_ONCE]))
        marks = ", ".join(["%s"] * len(keys))
        found = sql.change_at_once(
            _STREAMS,
            "last_position = last_position + 1",
            f"WHERE id IN ({marks}) AND closed_at IS NULL",
            ("id", "last_position", "session_id"),
            keys,
        )
        for key, last, session in found:
            raised[sql.uuid(key)] = int(last), sql.uuid(session) if session else None
    return raised
