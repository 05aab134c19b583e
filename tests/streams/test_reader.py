"""Following a stream: each event once, in order, however it is written, read and cleared away."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams import hub, log, pool, reader, tails
from streams.hub import InProcessHub
from streams.models import Stream
from streams.reader import Missing, Quiet, follow
from tests.factories import Noted, make_stream
from tests.fakes import deaf_hub

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
WAIT = 10


@pytest.fixture(autouse=True)
def own_hub(monkeypatch: pytest.MonkeyPatch) -> InProcessHub:
    """A hub of the test's own, so that what is left of other loops does not count."""
    fresh = InProcessHub()
    monkeypatch.setattr(hub, "local", fresh)
    return fresh


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


async def test_past_and_future_come_once_and_in_order_and_end_with_the_last(small):
    stream = await new_stream()
    await write(stream, 20)

    async with watching(stream, after=4) as watcher:
        await watcher.until(20)
        for _ in range(6):
            await write(stream, 4)
        await write(stream, close=True)
        await asyncio.wait_for(watcher.task, WAIT)

    assert watcher.positions == list(range(5, 46))
    assert watcher.missing == []


async def test_an_event_written_while_somebody_subscribes_is_not_lost(monkeypatch):
    """Reliability 14."""
    stream = await new_stream()
    extent = reader.read_extent

    async def late(*args: Any) -> log.Extent:
        found = await extent(*args)
        await write(stream)  # after the extent was read, before the reader waits
        return found

    monkeypatch.setattr(reader, "read_extent", late)
    async with watching(stream) as watcher:
        await watcher.until(1)

    assert watcher.positions == [1]


async def test_a_lost_wake_up_costs_a_heartbeat_and_no_event():
    with deaf_hub():
        stream = await new_stream()
        async with watching(stream, heartbeat=0.1) as watcher:
            await write(stream, 3)
            await watcher.until(3)
            await write(stream, 2)
            await watcher.until(5)

    assert watcher.positions == [1, 2, 3, 4, 5]
    assert watcher.quiet >= 1


async def test_a_silent_stream_gives_signs_of_life():
    stream = await new_stream()

    async with aclosing(follow(stream.pk, heartbeat_seconds=0.02)) as batches:
        first, second = await anext(batches), await anext(batches)

    assert isinstance(first, Quiet)
    assert isinstance(second, Quiet)


async def test_a_reader_that_falls_behind_what_is_kept_reads_pages_and_skips_nothing(small):
    stream = await new_stream()
    async with aclosing(follow(stream.pk, heartbeat_seconds=WAIT)) as batches:
        pending = asyncio.ensure_future(anext(batches))
        async with watching(stream) as watcher:
            await write(stream)
            first = await pending
            for _ in range(10):
                await write(stream, 5)
            await watcher.until(51)
            (tail,) = tails.tails()._tails.values()
            kept = len(tail.rows)
            await write(stream, close=True)
            rest = [
                row.position async for batch in batches if isinstance(batch, list) for row in batch
            ]

    assert isinstance(first, list)
    assert [row.position for row in first] + rest == list(range(1, 53))
    assert kept <= 5


async def test_many_watchers_of_a_stream_are_served_by_one_read(monkeypatch):
    stream = await new_stream()
    reads: list[list[Any]] = []
    real = tails._read_many

    def counted(wanted: list[Any], limit: int) -> list[Any]:
        reads.append(wanted)
        return real(wanted, limit)

    monkeypatch.setattr(tails, "_read_many", counted)
    watchers = [Watcher(stream) for _ in range(50)]
    await write(stream)
    await asyncio.gather(*(watcher.until(1) for watcher in watchers))
    reads.clear()
    for position in range(2, 7):
        await write(stream)
        await asyncio.gather(*(watcher.until(position) for watcher in watchers))
    for watcher in watchers:
        await watcher.stop()

    assert len(reads) == 5
    assert {tuple(watcher.positions) for watcher in watchers} == {(1, 2, 3, 4, 5, 6)}


async def test_streams_that_grow_together_are_read_together(monkeypatch):
    streams = [await new_stream() for _ in range(20)]
    reads: list[int] = []
    real = tails._read_many

    def counted(wanted: list[Any], limit: int) -> list[Any]:
        reads.append(len(wanted))
        return real(wanted, limit)

    watchers = [Watcher(stream) for stream in streams]
    for stream in streams:
        await write(stream)
    await asyncio.gather(*(watcher.until(1) for watcher in watchers))
    monkeypatch.setattr(tails, "_read_many", counted)

    def all_grow() -> None:
        for stream in streams:
            log.append(stream.pk, [Noted()])

    await pool.pooled(all_grow)()
    await asyncio.gather(*(watcher.until(2) for watcher in watchers))
    for watcher in watchers:
        await watcher.stop()

    assert sum(reads) >= 20
    assert len(reads) <= 20


async def test_a_reader_in_mid_replay_meets_cleared_events_and_is_told(small):
    """Reliability 10."""
    stream = await new_stream()
    await write(stream, 30)

    seen: list[Any] = []
    async with aclosing(follow(stream.pk, heartbeat_seconds=WAIT)) as batches:
        async for batch in batches:
            seen.append(batch)
            if len(seen) == 1:
                await trim(stream.pk, keep_from=20)
                await write(stream, close=True)

    missing = [batch for batch in seen if isinstance(batch, Missing)]
    positions = [row.position for batch in seen if isinstance(batch, list) for row in batch]
    assert len(missing) == 1
    covered = set(positions) | set(range(missing[0].first, missing[0].last + 1))
    assert covered == set(range(1, 32))
    assert len(positions) == len(set(positions)) == 31 - (missing[0].last - missing[0].first + 1)


async def test_a_reader_whose_whole_rest_was_cleared_away_is_told_once_and_then_waits():
    """Reliability 10."""
    stream = await new_stream()
    await write(stream, 9)
    await trim(stream.pk, keep_from=2**62)

    async with watching(stream, after=3, heartbeat=0.05) as watcher:
        await watcher.until(9)
        await watcher.silence(2)
        await write(stream)
        await watcher.until(10)

    assert watcher.missing == [(4, 9)]
    assert watcher.positions == [10]


async def test_a_reader_at_the_end_of_a_closed_stream_ends_at_once():
    stream = await new_stream()
    await write(stream, 3, close=True)

    assert [batch async for batch in follow(stream.pk, after=3)] == []
    last = [batch async for batch in follow(stream.pk, after=2)]
    assert [[row.position for row in batch] for batch in last if isinstance(batch, list)] == [[3]]


async def test_following_a_stream_that_does_not_exist_is_an_error_and_leaves_nothing():
    stream = Stream()

    with pytest.raises(Stream.DoesNotExist):
        await anext(follow(stream.pk))

    assert len(tails.tails()) == 0


async def test_a_failed_read_of_growth_is_made_up_for_at_the_next_heartbeat(monkeypatch, caplog):
    stream, other = await new_stream(), await new_stream()
    real = tails._read_many
    failures = iter([True])

    def flaky(wanted: list[Any], limit: int) -> list[Any]:
        if next(failures, False):
            raise OSError("disk gone")
        return real(wanted, limit)

    async with watching(stream, heartbeat=0.1) as one, watching(other, heartbeat=0.1) as two:
        await asyncio.gather(one.silence(), two.silence())
        monkeypatch.setattr(tails, "_read_many", flaky)
        await write(stream)
        await write(other)
        await one.until(1)
        await two.until(1)

    assert (one.positions, two.positions) == ([1], [1])
    assert "Could not read the growth" in caplog.text


async def test_rows_read_for_a_watcher_that_left_do_not_reach_the_next_one(monkeypatch):
    """A read that began for one watcher ends after another has come, further on."""
    stream = await new_stream()
    reading, go_on = asyncio.Event(), asyncio.Event()
    real = pool.pooled(tails._read_many)

    def slow(function: Any) -> Any:
        async def call(*args: Any) -> Any:
            rows = await real(*args)
            if any(rows):
                reading.set()
                await go_on.wait()
            return rows

        return call

    await write(stream)
    async with watching(stream) as early:
        await early.until(1)
        monkeypatch.setattr(tails, "pooled", slow)
        await write(stream)
        await asyncio.wait_for(reading.wait(), WAIT)
    await write(stream, 2)
    async with watching(stream, after=4) as late:
        go_on.set()
        await write(stream)
        await late.until(5)

    assert late.positions == [5]


async def test_five_hundred_watchers_that_come_and_go_leave_nothing(own_hub):
    """Reliability 12."""
    stream = await new_stream()
    await write(stream, 3)

    for _ in range(10):
        watchers = [Watcher(stream, after=number % 4) for number in range(50)]
        await asyncio.gather(*(one.until(3) for one in watchers[:3]))
        await asyncio.gather(*(watcher.stop() for watcher in watchers))

    assert len(tails.tails()) == 0
    assert [listening._watched for listening in own_hub._listeners] == [set()]
    assert len(asyncio.all_tasks()) <= 2


async def test_a_reader_that_is_cancelled_while_a_thread_reads_for_it_ends_at_once():
    """Reliability 12: the client went away; nobody else would ever end its stream."""
    reading, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        reading.set()
        go_on.wait(WAIT)

    task = asyncio.ensure_future(pool.pooled(slow)())
    await asyncio.to_thread(reading.wait, WAIT)
    task.cancel()
    await asyncio.wait([task], timeout=WAIT)
    go_on.set()

    assert task.cancelled()


@pytest.mark.parametrize("turns", range(5))
async def test_a_cancel_that_comes_together_with_an_event_is_not_dropped(turns):
    """Reliability 12."""
    tail = tails.Tail()
    task = asyncio.ensure_future(tail.wait(0, WAIT))
    for _ in range(3):
        await asyncio.sleep(0)

    tail.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    had_ended = task.done()
    task.cancel()
    await asyncio.wait([task], timeout=WAIT)

    assert had_ended or task.cancelled()


async def test_a_tail_that_meets_a_hole_starts_anew_behind_it():
    """Reliability 10."""
    tail = tails.Tail()
    tail.floor = 0
    rows = [log.Row(position, "x", "{}", False, None, False) for position in (1, 2, 6, 7, 7)]

    tail.extend(rows, keep=10)

    assert [row.position for row in tail.rows] == [6, 7]
    assert (tail.after(2), tail.floor, tail.end) == (None, 5, 7)
    assert await tail.wait(5, WAIT)


def test_a_loop_that_ended_is_forgotten(own_hub):
    stream = make_stream()
    log.append(stream.pk, [Noted()], close=True)

    async def read() -> int:
        return sum([len(batch) async for batch in follow(stream.pk) if isinstance(batch, list)])

    for _ in range(5):
        assert asyncio.run(read()) == 1

    assert len(own_hub._listeners) == 1
    own_hub.notify(stream.pk)  # its loop is closed: nobody hears, nothing breaks


def test_wake_ups_for_a_closed_loop_are_dropped(own_hub):
    loop = asyncio.new_event_loop()

    async def listen() -> Any:
        return own_hub.listen(lambda stream_id: None)

    listening = loop.run_until_complete(listen())
    stream = Stream()
    listening.watch(stream.pk)
    loop.close()

    own_hub.notify(stream.pk)
    own_hub.notify(stream.pk)
    own_hub.forget(listening)

    assert own_hub._listeners == ()


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


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=MOVES, seed=st.integers(0, 2**16))
def test_whoever_comes_and_goes_sees_each_event_once_and_in_order(small, moves, seed):
    """Reliability 14."""
    game = Play(make_stream(), seed)

    asyncio.run(game.play(moves))

    for after, watcher in game.watchers:
        expected = list(range(after + 1, game.last + 2))
        if watcher.task.cancelled():
            expected = expected[: len(watcher.positions)]
        assert (watcher.positions, watcher.missing) == (expected, [])


async def test_the_pool_closes_its_connections_and_starts_again():
    stream = await new_stream()
    await write(stream, 2)

    first = await reader.read_page(stream.pk, 0, 10)
    await asyncio.to_thread(pool.shutdown)
    await asyncio.to_thread(pool.shutdown)
    second = await reader.read_page(stream.pk, 0, 10)

    assert len(first) == len(second) == 2
