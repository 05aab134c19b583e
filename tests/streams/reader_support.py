"""What the tests of reader share."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from hypothesis import strategies as st

from streams import hub, log, pool, tails
from streams.hub import Grown, InProcessHub
from streams.models import Stream
from streams.reader import Missing, Quiet, follow
from tests.factories import Noted, make_stream

WAIT = 10


class FarHub(InProcessHub):
    """Wakes as another process does: without the rows, so that readers read them."""

    def notify(self, grown: Grown) -> None:
        super().notify({stream_id: [] for stream_id in grown})


@pytest.fixture(params=[InProcessHub, FarHub])
def own_hub(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> InProcessHub:
    """A hub of the test's own, so that what is left of other loops does not count.

    Events come with its wake-ups, or have to be read.
    """
    fresh: InProcessHub = request.param()
    monkeypatch.setattr(hub, "local", fresh)
    return fresh


@pytest.fixture
def far_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "local", FarHub())


@pytest.fixture
def small(settings: Any) -> None:
    """Small pages, batches and tails, so that few events pass every border."""
    settings.STREAMS = {**settings.STREAMS, "PAGE": 7, "BATCH": 3, "TAIL_EVENTS": 5}


append = pool.pooled(log.append)


trim = pool.pooled(log.trim)


new_stream = pool.pooled(make_stream)


async def write(stream: Stream, count: int = 1, *, close: bool = False) -> None:
    await append(stream.pk, [Noted()] * count, close=close)


class Watcher:
    """A reader in a task of its own, and what it has seen."""

    def __init__(self, stream: Stream, after: int = 0, heartbeat: float = WAIT) -> None:
        self.positions: list[int] = []
        self.missing: list[tuple[int, int]] = []
        self.quiet = 0
        self._changed = asyncio.Event()
        self.task = asyncio.ensure_future(self._watch(stream, after, heartbeat))

    async def _watch(self, stream: Stream, after: int, heartbeat: float) -> None:
        batches = follow(stream.pk, after=after, heartbeat_seconds=heartbeat)
        async with aclosing(batches):
            async for batch in batches:
                if isinstance(batch, Missing):
                    self.missing.append((batch.first, batch.last))
                elif isinstance(batch, Quiet):
                    self.quiet += 1
                else:
                    self.positions += [row.position for row in batch]
                self._changed.set()

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT):
            while not condition():
                await self._changed.wait()
                self._changed.clear()

    async def until(self, position: int) -> None:
        """Wait until an event was seen, or told to be missing."""
        await self._until(
            lambda: position in self.positions or position in dict(self.missing).values()
        )

    async def silence(self, times: int = 1) -> None:
        """Wait until nothing came for some heartbeats; then the reader only waits."""
        enough = self.quiet + times
        await self._until(lambda: self.quiet >= enough)

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])


@asynccontextmanager
async def watching(*args: Any, **kwargs: Any) -> AsyncIterator[Watcher]:
    watcher = Watcher(*args, **kwargs)
    try:
        yield watcher
    finally:
        await watcher.stop()


Move = tuple[str, int]


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 9)),
        st.tuples(st.just("watch"), st.integers(0, 30)),
        st.tuples(st.just("cancel"), st.integers(0, 5)),
        st.tuples(st.just("turn"), st.integers(1, 5)),
        st.tuples(st.just("catch up"), st.just(0)),
    ),
    min_size=3,
    max_size=25,
)


class Play:
    """Plays moves on one stream; `watchers` are all that ever came, with where they began."""

    def __init__(self, stream: Stream, seed: int) -> None:
        self.stream = stream
        self.last = 0
        self.watchers: list[tuple[int, Watcher]] = []
        self._dice = random.Random(seed)

    async def move(self, name: str, number: int) -> None:
        if name == "append":
            self.last += number
            await write(self.stream, number)
        elif name == "watch":
            after = min(number, self.last)
            self.watchers.append((after, Watcher(self.stream, after)))
        elif name == "cancel" and self.watchers:
            await self.watchers[number % len(self.watchers)][1].stop()
        elif name == "turn":
            for _ in range(number * self._dice.randint(1, 4)):
                await asyncio.sleep(0)
        elif name == "catch up":
            await self.catch_up()

    async def catch_up(self) -> None:
        going = [w for after, w in self.watchers if after < self.last and not w.task.done()]
        await asyncio.gather(*(watcher.until(self.last) for watcher in going))

    async def play(self, moves: list[Move]) -> None:
        for name, number in moves:
            await self.move(name, number)
        await write(self.stream, close=True)
        ends = asyncio.gather(*(w.task for _, w in self.watchers), return_exceptions=True)
        await asyncio.wait_for(ends, WAIT)
        assert len(tails.tails()) == 0
