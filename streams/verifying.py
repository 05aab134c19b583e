"""Does a stream hold what the log promises? For `manage.py verify_run`; reads only."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from streams.models import MessageChunk, Stream, StreamEvent

AT_ONCE = 2000  # rows read at once
_COLUMNS = ("position", "type", "run_id", "body", "message_id", "sequence", "is_last")


@contextmanager
def snapshot() -> Iterator[None]:
    """Show the block one state of the database, while others go on writing unhindered.

    Joins a transaction that is there; only then is what the block sees not held still by this.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # `atomic` would take the write lock, as this installation's transactions do.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@dataclass(slots=True)
class Told:
    """What a stream tells: its events, each parsed, and what is wrong with them."""

    stream: Stream
    events: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was cleared away."""
        return self.stream.first_position == 1

    def of(self, run_id: UUID) -> list[dict[str, Any]]:
        """Return the events of one run."""
        return [event for event in self.events if event.get("run_id") == str(run_id)]


def read(stream_id: UUID) -> Told:
    """Read a stream to its end. Faults are told, never raised."""
    told = Told(Stream.objects.get(pk=stream_id))
    texts: set[tuple[UUID, int]] = set()
    expected = told.stream.first_position
    is_over = False
    rows = StreamEvent.objects.filter(stream_id=stream_id).order_by("position")
    for position, type_, run_id, body, message, sequence, is_last in rows.values_list(
        *_COLUMNS
    ).iterator(AT_ONCE):
        if position != expected:
            told.faults.append(_hole(expected, position))
        if is_over:
            told.faults.append(f"event {position} comes after the last event")
        expected, is_over = position + 1, is_last
        event = _parsed(body)
        if _head(event) != (position, type_, str(run_id) if run_id else None):
            told.faults.append(f"event {position} says something else than its row")
        told.events.append(event)
        if message:
            texts.add((message, sequence))
    if expected != told.stream.last_position + 1:
        told.faults.append(
            f"the stream counts {told.stream.last_position} events, the last is {expected - 1}"
        )
    if is_over != (told.stream.closed_at is not None):
        ended = "has" if is_over else "has no"
        state = "closed" if told.stream.closed_at else "open"
        told.faults.append(f"the stream is {state}, but its log {ended} last event")
    told.faults += _chunks(told, texts)
    return told


def _hole(expected: int, found: int) -> str:
    if found < expected:
        return f"event {found} is there although events begin at {expected}, or it is there twice"
    gone = (
        f"event {expected} is" if found == expected + 1 else f"events {expected}..{found - 1} are"
    )
    return f"{gone} missing"


def _parsed(body: str) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _head(event: dict[str, Any]) -> tuple[Any, Any, Any]:
    return event.get("position"), event.get("type"), event.get("run_id")


def _chunks(told: Told, texts: set[tuple[UUID, int]]) -> Iterator[str]:
    """Yield what is wrong with the text of the stream's messages."""
    rows = MessageChunk.objects.filter(stream=told.stream).order_by("message_id", "sequence")
    found: set[tuple[UUID, int]] = set()
    columns = rows.values_list("message_id", "sequence", "is_last").iterator(AT_ONCE)
    for message, chunks in groupby(columns, key=itemgetter(0)):
        expected, is_over = 1, False
        for _, sequence, is_last in chunks:
            if sequence != expected:
                yield f"message {message}: chunk {expected} is missing before {sequence}"
            if is_over:
                yield f"message {message}: chunk {sequence} comes after its last"
            expected, is_over = sequence + 1, is_last
            found.add((message, sequence))
    for message, sequence in sorted(texts - found, key=str):
        yield f"message {message}: chunk {sequence} is missing, though an event tells of it"
    if told.is_whole:
        for message, sequence in sorted(found - texts, key=str):
            yield f"message {message}: no event tells of chunk {sequence}"
