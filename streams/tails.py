"""The newest events of each watched stream, kept once for all who watch it.

Each event loop has one `Tails`. When a stream grows, the wake-up itself brings the new events if
this process wrote them; else one read does, for all that grew together. A watcher that has fallen
behind what is kept here reads pages from the log instead; it never skips.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from uuid import UUID

from streams import hub, log
from streams.conf import stream_settings
from streams.hub import Grown
from streams.pool import pooled
from streams.rows import Row

logger = logging.getLogger(__name__)

READ_AGAIN_SECONDS = 0.5  # after a read that failed: the database was restarted, or cut us off


class Tail:
    """The latest rows of one stream: all those after `floor`, up to `end`."""

    def __init__(self) -> None:
        self.rows: deque[Row] = deque()
        self.floor: int | None = None  # None until the first watcher said where the log stands
        self.watchers = 0
        self.waiting: set[asyncio.Future[bool]] = set()

    @property
    def end(self) -> int:
        return self.rows[-1].position if self.rows else (self.floor or 0)

    def after(self, position: int) -> list[Row] | None:
        """Return the rows after a position, or None if some are no longer kept here."""
        if self.floor is None or position < self.floor:
            return None
        skip = position - self.floor
        if skip >= len(self.rows):
            return []
        return list(islice(self.rows, skip, None))

    def extend(self, rows: list[Row], *, keep: int) -> None:
        """Add rows, if they follow what is here, and wake the watchers."""
        for row in rows:
            if row.position == self.end + 1:
                self.rows.append(row)
            elif row.position > self.end:  # cleared away in between: start anew behind the hole
                self.rows.clear()
                self.floor = row.position - 1
                self.rows.append(row)
        while len(self.rows) > keep:
            self.floor = self.rows.popleft().position
        if rows:
            self.wake()

    def follow_on(self, rows: Sequence[Row], *, keep: int) -> bool:
        """Add rows that were committed; False if some before them have to be read first."""
        if self.floor is None:
            return False
        fresh = [row for row in rows if row.position > self.end]
        if any(row.position != at for at, row in enumerate(fresh, self.end + 1)):
            return False
        self.extend(fresh, keep=keep)
        return bool(rows)

    def wake(self) -> None:
        waiting, self.waiting = self.waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(True)


class Patience:
    """One watcher's waiting for its tail, up to `seconds` at a time.

    The timer is set again only when it rings: while events come, none is set or taken back.
    """

    def __init__(self, tail: Tail, seconds: float) -> None:
        self._tail = tail
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._future: asyncio.Future[bool] | None = None
        self._due = 0.0

    async def wait(self, position: int) -> bool:
        """Wait until there may be more after `position`; False when the time is up."""
        tail = self._tail
        if tail.floor is not None and tail.end > position:
            return True
        self._due = self._loop.time() + self._seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._due, self._ring)
        future: asyncio.Future[bool] = self._loop.create_future()
        self._future = future
        tail.waiting.add(future)
        try:
            return await future
        finally:
            tail.waiting.discard(future)

    def _ring(self) -> None:
        self._timer = None
        if self._future is None or self._future.done():
            return
        if self._loop.time() < self._due:
            self._timer = self._loop.call_at(self._due, self._ring)
        else:
            self._future.set_result(False)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class Tails:
    """The tails of one event loop, and the one task that refreshes them."""

    def __init__(self) -> None:
        self._tails: dict[UUID, Tail] = {}
        self._stale: set[UUID] = set()
        self._listening = hub.local.listen(self._heard)
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def watch(self, stream_id: UUID) -> Iterator[Tail]:
        """Hear of the stream's growth from now on, until the block ends."""
        tail = self._tails.setdefault(stream_id, Tail())
        tail.watchers += 1
        self._listening.watch(stream_id)
        try:
            yield tail
        finally:
            tail.watchers -= 1
            if not tail.watchers:
                self._listening.unwatch(stream_id)
                del self._tails[stream_id]

    def start(self, stream_id: UUID, position: int) -> None:
        """Say where the log stood after watching began; later growth is read from there."""
        tail = self._tails[stream_id]
        if tail.floor is None:
            tail.floor = position
        if stream_id in self._stale:
            self.refresh(stream_id)

    def _heard(self, grown: Grown) -> None:
        keep = stream_settings().tail_events
        for stream_id, rows in grown.items():
            tail = self._tails.get(stream_id)
            if tail is not None and not tail.follow_on(rows, keep=keep):
                self.refresh(stream_id)

    def refresh(self, stream_id: UUID) -> None:
        """Read what is new in a stream, soon and together with others."""
        self._stale.add(stream_id)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        limits = stream_settings()
        while wanted := self._take():
            places = [(stream_id, tail.end) for stream_id, tail in wanted]
            try:
                found = await pooled(log.read_each)(places, limits.page)
            except Exception:
                logger.exception("Could not read the growth of %s streams", len(wanted))
                self._stale.update(stream_id for stream_id, _ in wanted)
                await asyncio.sleep(READ_AGAIN_SECONDS)
                continue
            for (stream_id, tail), rows in zip(wanted, found, strict=True):
                # Others may watch the stream by now, with a tail that starts somewhere else.
                if self._tails.get(stream_id) is tail:
                    tail.extend(rows, keep=limits.tail_events)
                    if len(rows) == limits.page:
                        self._stale.add(stream_id)

    def _take(self) -> list[tuple[UUID, Tail]]:
        watched = [(one, tail) for one in self._stale if (tail := self._tails.get(one))]
        # Streams that nobody watches any more are dropped; those not started yet stay.
        self._stale = {stream_id for stream_id, tail in watched if tail.floor is None}
        return [(stream_id, tail) for stream_id, tail in watched if tail.floor is not None]

    def __len__(self) -> int:
        """Return how many streams are watched."""
        return len(self._tails)


_by_loop: dict[asyncio.AbstractEventLoop, Tails] = {}


def tails() -> Tails:
    """Return the running loop's tails."""
    loop = asyncio.get_running_loop()
    if loop not in _by_loop:
        for ended in [one for one in _by_loop if one.is_closed()]:
            del _by_loop[ended]
        _by_loop[loop] = Tails()
    return _by_loop[loop]
