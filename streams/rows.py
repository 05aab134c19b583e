"""The statements that write a stream's rows. Used by `streams.log` alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from streams import sql
from streams.events import ContentEvent, Event, body, storable
from streams.exceptions import StreamClosed
from streams.models import MessageChunk, Stream, StreamEvent

_STREAMS = Stream._meta.db_table
_EVENTS = StreamEvent._meta.db_table
_CHUNKS = MessageChunk._meta.db_table
_INSERT_EVENT = (
    f"INSERT INTO {_EVENTS} "  # noqa: S608 - own table names
    "(stream_id, position, type, run_id, body, message_id, sequence, is_last) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_INSERT_CHUNK = (
    f"INSERT INTO {_CHUNKS} (stream_id, message_id, sequence, text, is_last) "  # noqa: S608
    "VALUES (%s, %s, %s, %s, %s)"
)
AT_ONCE = 300  # values in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where events go in a stream: after which position, and whose they are."""

    stream_id: UUID
    after: int
    run_id: UUID | None = None
    session_id: UUID | None = None


def insert(placed: Sequence[tuple[Place, Sequence[Event]]], *, close: bool = False) -> None:
    """Write events where they belong, with their text; with `close` the last one is the last."""
    moment = timezone.now()
    key = sql.keys()
    chunks: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    for place, events in placed:
        stream = key(place.stream_id)
        run = key(place.run_id) if place.run_id else None
        for position, event in enumerate(events, place.after + 1):
            text = body(
                event,
                position=position,
                moment=moment,
                run_id=place.run_id,
                session_id=place.session_id,
            )
            message = sequence = None
            if isinstance(event, ContentEvent):
                message, sequence = key(event.message_id), event.sequence
                content = storable(event.content)
                chunks.append((stream, message, sequence, content, event.completed))
            is_last = close and position == place.after + len(events)
            rows.append((stream, position, event.type, run, text, message, sequence, is_last))
    if chunks:
        sql.run_many(_INSERT_CHUNK, chunks)
    sql.run_many(_INSERT_EVENT, rows)


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
        found = sql.rows(
            f"UPDATE {_STREAMS} SET last_position = last_position + 1 "  # noqa: S608
            f"WHERE id IN ({marks}) AND closed_at IS NULL "
            "RETURNING id, last_position, session_id",
            keys,
        )
        for key, last, session in found:
            raised[sql.uuid(key)] = int(last), sql.uuid(session) if session else None
    return raised
