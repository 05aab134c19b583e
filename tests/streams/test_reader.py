"""Following a stream: each event once, in order, however it is written, read and cleared away."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from streams import log, pool, reader, tails
from streams.models import Stream
from streams.reader import Missing, Quiet, follow
from tests.factories import Noted
from tests.fakes import deaf_hub
from tests.streams.reader_support import (
    WAIT,
    FarHub,
    Watcher,
    new_stream,
    trim,
    watching,
    write,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("real_threads", "own_hub"),
]


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


async def test_many_watchers_of_a_stream_are_served_by_one_read(own_hub, monkeypatch):
    stream = await new_stream()
    reads: list[list[Any]] = []
    real = log.read_each

    def counted(wanted: list[Any], limit: int) -> list[Any]:
        reads.append(wanted)
        return real(wanted, limit)

    monkeypatch.setattr(log, "read_each", counted)
    watchers = [Watcher(stream) for _ in range(50)]
    await write(stream)
    await asyncio.gather(*(watcher.until(1) for watcher in watchers))
    reads.clear()
    for position in range(2, 7):
        await write(stream)
        await asyncio.gather(*(watcher.until(position) for watcher in watchers))
    for watcher in watchers:
        await watcher.stop()

    assert len(reads) == (5 if isinstance(own_hub, FarHub) else 0)
    assert {tuple(watcher.positions) for watcher in watchers} == {(1, 2, 3, 4, 5, 6)}


async def test_streams_that_grow_together_are_read_together(far_hub, monkeypatch):
    streams = [await new_stream() for _ in range(20)]
    reads: list[int] = []
    real = log.read_each

    def counted(wanted: list[Any], limit: int) -> list[Any]:
        reads.append(len(wanted))
        return real(wanted, limit)

    watchers = [Watcher(stream) for stream in streams]
    for stream in streams:
        await write(stream)
    await asyncio.gather(*(watcher.until(1) for watcher in watchers))
    monkeypatch.setattr(log, "read_each", counted)

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
