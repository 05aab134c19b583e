"""Following a stream: each event once, in order, however it is written, read and cleared away."""

import asyncio
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams import hub, log, pool, reader, rows, tails
from streams.hub import InProcessHub
from streams.models import Stream
from streams.reader import follow
from tests.factories import Noted, make_stream
from tests.streams.reader_support import (
    MOVES,
    WAIT,
    Play,
    Watcher,
    new_stream,
    watching,
    write,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("real_threads", "own_hub"),
]


async def test_a_failed_read_of_growth_is_made_up_for_at_the_next_heartbeat(monkeypatch, caplog):
    stream, other = await new_stream(), await new_stream()
    real = log.read_each
    failures = iter([True])

    def flaky(wanted: list[Any], limit: int) -> list[Any]:
        if next(failures, False):
            raise OSError("disk gone")
        return real(wanted, limit)

    # From the start: a read that began before could bring the events that are written below.
    monkeypatch.setattr(log, "read_each", flaky)
    async with watching(stream, heartbeat=0.1) as one, watching(other, heartbeat=0.1) as two:
        await asyncio.gather(one.silence(), two.silence())
        await write(stream)
        await write(other)
        await one.until(1)
        await two.until(1)

    assert (one.positions, two.positions) == ([1], [1])
    assert "Could not read the growth" in caplog.text


async def test_rows_read_for_a_watcher_that_left_do_not_reach_the_next_one(far_hub, monkeypatch):
    """A read that began for one watcher ends after another has come, further on."""
    stream = await new_stream()
    reading, go_on = asyncio.Event(), asyncio.Event()
    real = pool.pooled(log.read_each)

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
    assert [listening.watched for listening in own_hub._listeners] == [set()]
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
    task = asyncio.ensure_future(tails.Patience(tail, WAIT).wait(0))
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
    found = [rows.Row(position, "x", "{}", False, None, False) for position in (1, 2, 6, 7, 7)]

    tail.extend(found, keep=10)

    assert [row.position for row in tail.rows] == [6, 7]
    assert (tail.after(2), tail.floor, tail.end) == (None, 5, 7)
    assert await tails.Patience(tail, WAIT).wait(5)


def test_a_loop_that_ended_is_forgotten(own_hub):
    stream = make_stream()
    log.append(stream.pk, [Noted()], close=True)

    async def read() -> int:
        return sum([len(batch) async for batch in follow(stream.pk) if isinstance(batch, list)])

    for _ in range(5):
        assert asyncio.run(read()) == 1

    assert len(own_hub._listeners) == 1
    own_hub.notify({stream.pk: []})  # its loop is closed: nobody hears, nothing breaks


def test_wake_ups_for_a_closed_loop_are_dropped(own_hub):
    loop = asyncio.new_event_loop()

    async def listen() -> Any:
        return own_hub.listen(lambda stream_id: None)

    listening = loop.run_until_complete(listen())
    stream = Stream()
    listening.watch(stream.pk)
    loop.close()

    own_hub.notify({stream.pk: []})
    own_hub.notify({stream.pk: []})
    own_hub.forget(listening)

    assert own_hub._listeners == ()


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


def _row(position: int) -> rows.Row:
    return rows.Row(position, "x", "{}", False, None, False)


@pytest.mark.parametrize(
    ("brought", "is_enough", "kept"),
    [
        ([3, 4], True, [1, 2, 3, 4]),
        ([2, 3], True, [1, 2, 3]),  # a read was quicker
        ([4], False, [1, 2]),  # what was committed before is told after it
        ([4, 3], False, [1, 2]),
        ([], False, [1, 2]),  # another process wrote
    ],
)
async def test_rows_of_a_wake_up_are_taken_only_where_they_follow(brought, is_enough, kept):
    """Reliability 14."""
    tail = tails.Tail()
    tail.floor = 0
    tail.extend([_row(1), _row(2)], keep=10)

    taken = tail.follow_on([_row(position) for position in brought], keep=10)

    assert (taken, [row.position for row in tail.rows]) == (is_enough, kept)


async def test_a_tail_that_has_not_begun_takes_nothing():
    assert not tails.Tail().follow_on([_row(1)], keep=10)


async def test_a_busy_loop_reads_instead_of_being_kept_everything_for(own_hub, monkeypatch):
    monkeypatch.setattr(hub, "MOST", 3)
    heard: list[hub.Grown] = []
    listening = own_hub.listen(heard.append)
    stream = Stream()
    listening.watch(stream.pk)

    for position in range(1, 6):  # the loop has no turn in between
        InProcessHub.notify(own_hub, {stream.pk: [_row(position)]})
    await asyncio.sleep(0)

    assert [len(grown[stream.pk]) for grown in heard] == [0]
