"""Follow a stream: the past, then the future, with a sign of life while nothing happens.

The reader subscribes first and reads then, so an event written in between is not lost. It holds
no thread and no database connection while it waits.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from streams import log
from streams.conf import stream_settings
from streams.pool import pooled
from streams.rows import Row
from streams.tails import Patience, Tail, tails

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

    Ends after the stream's last event. Each event comes once, in order. Between two batches the
    loop has always had a turn: Daphne sends nothing before. Raises `Stream.DoesNotExist`.
    """
    patience = heartbeat_seconds or stream_settings().heartbeat_seconds
    shared = tails()
    with shared.watch(stream_id) as tail, closing(Patience(tail, patience)) as waiting:
        extent = await read_extent(stream_id)
        shared.start(stream_id, extent.last)
        if extent.is_closed and after >= extent.last:
            return
        while True:
            found = await _next(stream_id, tail, waiting, after)
            if isinstance(found, Quiet):
                shared.refresh(stream_id)  # in case a wake-up was lost
                yield found
                continue
            for batch in [found] if isinstance(found, Missing) else _batches(found, after):
                yield batch
                after = batch.last if isinstance(batch, Missing) else batch[-1].position
                if after < tail.end:  # no waiting in between: let others have a turn
                    await asyncio.sleep(0)
            if not isinstance(found, Missing) and found[-1].is_last:
                return


async def _next(
    stream_id: UUID, tail: Tail, waiting: Patience, after: int
) -> list[Row] | Missing | Quiet:
    """Return the events after a position, as soon as there are some."""
    while True:
        floor = tail.floor or 0
        rows = tail.after(after)
        if rows is None:  # further back than what is kept here
            rows = await read_page(stream_id, after, stream_settings().page)
        if rows:
            return rows
        if after < floor:  # the log held more before it was read: all of that is gone
            return Missing(after + 1, floor)
        if not await waiting.wait(after):
            return Quiet()


def _batches(rows: list[Row], after: int) -> Iterator[list[Row] | Missing]:
    size = stream_settings().batch
    if rows[0].position > after + 1:
        yield Missing(after + 1, rows[0].position - 1)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
