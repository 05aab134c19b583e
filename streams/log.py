"""The event log: append, read, close, clear away. The only writer of its rows.

Raising the stream's own counter locks its row until commit, so positions become visible in
order and without holes. A database sequence would not promise that: its numbers are handed out
before commit, and a reader that has seen 42 might never be shown 41.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from streams import hub, rows, sql
from streams.events import Event
from streams.exceptions import StreamClosed
from streams.models import MessageChunk, Stream, StreamEvent
from streams.rows import Row

LONGEST_PAGE = 512 * 1024  # characters
Fence = Callable[[], None]  # raises Fenced unless the writer still owns its work

_STREAMS = Stream._meta.db_table
_EVENTS = StreamEvent._meta.db_table
_CHUNKS = MessageChunk._meta.db_table
_READ = (
    f"SELECT e.position, e.type, e.body, e.message_id IS NOT NULL, c.text, e.is_last, e.run_id "  # noqa: S608 - own table names
    f"FROM {_EVENTS} e LEFT JOIN {_CHUNKS} c "
    f"ON c.message_id = e.message_id AND c.sequence = e.sequence "
    f"WHERE e.stream_id = %s AND e.position > %s ORDER BY e.position LIMIT %s"
)
# The same of many streams, for databases that are asked over a wire: one way there and back.
_READ_EACH = (
    f"SELECT w.number, e.position, e.type, e.body, e.message_id IS NOT NULL, "  # noqa: S608 - own table names
    f"(SELECT c.text FROM {_CHUNKS} c WHERE c.message_id = e.message_id AND c.sequence = e.sequence), "
    f"e.is_last, e.run_id "
    f"FROM unnest(%s::uuid[], %s::bigint[]) WITH ORDINALITY AS w(stream, after, number) "
    f"CROSS JOIN LATERAL (SELECT * FROM {_EVENTS} WHERE stream_id = w.stream "
    f"AND position > w.after ORDER BY position LIMIT %s) e ORDER BY w.number, e.position"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Which positions a stream holds, and whether more can come."""

    stream_id: UUID
    first: int
    last: int
    is_closed: bool


def append(
    stream_id: UUID,
    events: Sequence[Event],
    *,
    run_id: UUID | None = None,
    fence: Fence | None = None,
    close: bool = False,
) -> int:
    """Write events in the caller's transaction and return the last position.

    Readers wake after the transaction commits. `fence` is called first, in this transaction.
    With `close` the last of the events is the stream's last. Raises `StreamClosed` or `Fenced`,
    and has then written nothing.
    """
    if not events:
        raise ValueError("Nothing to append.")
    if not connection.in_atomic_block:
        with transaction.atomic():
            return append(stream_id, events, run_id=run_id, fence=fence, close=close)
    if fence is not None:
        fence()
    last, session_id = rows.raise_counter(stream_id, len(events), close=close)
    place = rows.Place(
        stream_id=stream_id, after=last - len(events), run_id=run_id, session_id=session_id
    )
    with sql.joined():
        written = rows.insert([(place, events)], close=close)
    hub.announce(written)
    # Robust: what was committed is committed, even if nobody can be told.
    transaction.on_commit(partial(hub.notify, written), robust=True)
    return last


def append_each(items: Sequence[tuple[UUID, UUID, Event]]) -> list[StreamClosed | None]:
    """Write one event to each of many streams: of a stream, by a run. For a caller's transaction.

    Returns why an event was not written, or None, for each. The streams must differ.
    """
    with sql.joined():
        raised = rows.raise_counters([stream_id for stream_id, _, _ in items])
        placed = []
        for stream_id, run_id, event in items:
            if stream_id in raised:
                last, session_id = raised[stream_id]
                place = rows.Place(
                    stream_id=stream_id, after=last - 1, run_id=run_id, session_id=session_id
                )
                placed.append((place, [event]))
        written = rows.insert(placed) if placed else {}
    hub.announce(written)
    transaction.on_commit(partial(hub.notify, written), robust=True)
    return [
        None if stream_id in raised else StreamClosed(f"Stream {stream_id} is closed.")
        for stream_id, _, _ in items
    ]


def last_position(stream_id: UUID) -> int:
    """Return the position of the stream's last event. Raises `StreamClosed` without a stream."""
    found = sql.row(
        f"SELECT last_position FROM {_STREAMS} WHERE id = %s",  # noqa: S608
        [sql.key(stream_id)],
    )
    if found is None:
        raise StreamClosed(f"Stream {stream_id} does not exist.")
    return int(found[0])


def last_of_run(stream_id: UUID, run_id: UUID) -> int | None:
    """Return the position of a run's newest event in a stream, if the log still has one."""
    found = StreamEvent.objects.filter(stream=stream_id, run_id=run_id).order_by("-position")
    return found.values_list("position", flat=True).first()


def newest(stream_id: UUID, type_: str = "") -> Row | None:
    """Return a stream's newest event, or its newest of a type, if the log still has one."""
    found = StreamEvent.objects.filter(stream=stream_id, **({"type": type_} if type_ else {}))
    position = found.order_by("-position").values_list("position", flat=True).first()
    return next(iter(read_after(stream_id, position - 1, 1)), None) if position else None


def read_after(stream_id: UUID, after: int, limit: int) -> list[Row]:
    """Return up to `limit` events after a position, in order, each with its text."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [sql.key(stream_id), after, limit])
        return [_row(*columns) for columns in cursor.fetchall()]


def read_each(places: Sequence[tuple[UUID, int]], limit: int) -> list[list[Row]]:
    """Return what `read_after` does of each stream, after a position in it."""
    if connection.vendor != "postgresql":
        return [read_after(stream_id, after, limit) for stream_id, after in places]
    found: list[list[Row]] = [[] for _ in places]
    streams, afters = [stream for stream, _ in places], [after for _, after in places]
    with connection.cursor() as cursor:
        cursor.execute(_READ_EACH, [streams, afters, limit])
        for number, *columns in cursor.fetchall():
            found[number - 1].append(_row(*columns))
    return found


def page_after(stream_id: UUID, after: int, limit: int) -> list[Row]:
    """Return what `read_after` does, or only the first of it when that is long enough.

    A reader keeps its page while a slow client takes it, so many slow ones must not add up.
    """
    found: list[Row] = []
    size = 0
    with connection.cursor() as cursor:
        cursor.execute(_READ, [sql.key(stream_id), after, limit])
        for columns in cursor:
            found.append(_row(*columns))
            size += len(found[-1].body) + len(found[-1].content or "")
            if size >= LONGEST_PAGE:
                break
    return found


def _row(
    position: int,
    type_: str,
    body_: str,
    has_content: bool,
    content: str | None,
    is_last: bool,
    run: str | UUID | None,
) -> Row:
    whose = run.hex if isinstance(run, UUID) else run or ""
    return Row(position, type_, body_, bool(has_content), content, bool(is_last), whose)


def extent(stream_id: UUID) -> Extent:
    """Return what the stream holds. Raises `Stream.DoesNotExist`."""
    first, last, closed_at = Stream.objects.values_list(
        "first_position", "last_position", "closed_at"
    ).get(pk=stream_id)
    return Extent(stream_id=stream_id, first=first, last=last, is_closed=closed_at is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Text of a message after a sequence number."""

    text: str
    sequence: int  # the last one included
    has_more: bool
    is_complete: bool


def content_after(message_id: UUID, sequence: int, *, limit: int = 500) -> Content | None:
    """Return a message's text after `sequence`, exclusive; None if there is no such message."""
    chunks = list(
        MessageChunk.objects.filter(message_id=message_id, sequence__gt=sequence)
        .order_by("sequence")
        .values_list("sequence", "text", "is_last")[: limit + 1]
    )
    page = chunks[:limit]
    if not page:
        last = (
            MessageChunk.objects.filter(message_id=message_id)
            .order_by("-sequence")
            .values_list("sequence", "is_last")
            .first()
        )
        if last is None:
            return None
        return Content(text="", sequence=last[0], has_more=False, is_complete=last[1])
    return Content(
        text="".join(text for _, text, _ in page),
        sequence=page[-1][0],
        has_more=len(chunks) > limit,
        is_complete=page[-1][2],
    )


@transaction.atomic
def trim(stream_id: UUID, *, keep_from: int) -> int:
    """Clear away the events before a position and return how many went.

    A closed stream keeps its last event, so that a late reader still learns how it ended.
    Message text stays: it belongs to the history, not to the log's retention.
    """
    stream = Stream.objects.select_for_update().get(pk=stream_id)
    first = min(keep_from, stream.last_position if stream.closed_at else stream.last_position + 1)
    if first <= stream.first_position:
        return 0
    gone, _ = StreamEvent.objects.filter(stream_id=stream_id, position__lt=first).delete()
    Stream.objects.filter(pk=stream_id).update(first_position=first)
    return gone


def closed_before(moment: datetime) -> list[UUID]:
    """Return the streams that ended before a moment and still hold more than their last event."""
    return list(
        Stream.objects.filter(closed_at__lt=moment, first_position__lt=F("last_position"))
        .order_by("closed_at")
        .values_list("pk", flat=True)
    )
