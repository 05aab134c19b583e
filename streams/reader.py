"""Follow a stream: the past, then the future, with a sign of life while nothing happens.

The reader subscribes first and reads then, so an event written in between is not lost. It holds
no thread and no database connection while it waits.
"""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from uuid import UUID

from streams import log
from streams.conf import stream_settings
from streams.log import Row
from streams.pool import pooled
from streams.tails import Tail, tails

read_page = pooled(log.page_after)
read_extent = pooled(log.extent)


@dataclass(frozen=True, slots=True)
class Missing:
    """Events in the reader's way that were cleared away."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing was written for a heartbeat's time."""


async def follow(
    stream_id: UUID, *, after: int = 0, heartbeat_seconds: float | None = None
) -> AsyncGenerator[list[Row] | Missing | Quiet, None]:
    """Yield batches of events after a position, `Quiet` when none came, `Missing` for a hole.

    Ends after the stream's last event. Each event comes once, in order. Raises
    `Stream.DoesNotExist`.
    """
    limits = stream_settings()
    patience = heartbeat_seconds or limits.heartbeat_seconds
    shared = tails()
    with shared.watch(stream_id) as tail:
        extent = await read_extent(stream_id)
        shared.start(stream_id, extent.last)
        if extent.is_closed and after >= extent.last:
            return
        while True:
            floor = tail.floor or 0
            rows = await _next_rows(stream_id, tail, after)
            if rows:
                for batch in _batches(rows, after, limits.batch):
                    yield batch
                after = rows[-1].position
                if rows[-1].is_last:
                    return
            elif after < floor:  # the log held more before it was read: all of that is gone
                yield Missing(after + 1, floor)
                after = floor
            elif not await tail.wait(after, patience):
                shared.refresh(stream_id)  # in case a wake-up was lost
                yield Quiet()


async def _next_rows(stream_id: UUID, tail: Tail, after: int) -> list[Row]:
    """Return what the tail holds, or a page of the log for a reader that is further back."""
    kept = tail.after(after)
    if kept is not None:
        return kept
    return await read_page(stream_id, after, stream_settings().page)


def _batches(rows: list[Row], after: int, size: int) -> Iterator[list[Row] | Missing]:
    if rows[0].position > after + 1:
        yield Missing(after + 1, rows[0].position - 1)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
