"""A connection in any dialect: also in one that knows few events and no control messages."""

import asyncio
from contextlib import aclosing

import pytest

from streams import log, sources
from streams.dialects.base import Dialect, Frame
from streams.models import Stream
from streams.pool import pooled
from streams.writing import Connection, Opening
from tests.factories import Noted, Said, make_stream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]

SHY = Dialect(
    name="shy",
    row=lambda row, mode: [Frame(row.body)] if row.type == "test_said" else [],
    control=lambda type_, data, moment: [],
)


async def nothing_against_it() -> str:
    return ""


async def test_a_dialect_leaves_out_what_it_does_not_know_and_ends_all_the_same():
    stream = await pooled(make_stream)()
    said = Said(message_id=stream.pk, content="x")
    await pooled(log.append)(stream.pk, [Noted(), said, Noted()], close=True)
    connection = Connection(Opening(stream_id=stream.pk, after=0, dialect=SHY), nothing_against_it)

    async with aclosing(connection.frames()) as frames:
        chunks = [chunk async for chunk in frames]

    assert chunks[0] == b"retry: 1000\n\n"
    assert [chunk[:12] for chunk in chunks[1:]] == [b"id: 2\ndata: "]


async def test_a_stream_that_ends_with_an_unknown_event_moves_the_cursor_past_it():
    """Trap T5: with the old cursor a browser would be served the same end again and again."""
    stream = await pooled(make_stream)()
    await pooled(log.append)(stream.pk, [Noted(), Noted()], close=True)
    connection = Connection(Opening(stream_id=stream.pk, after=0, dialect=SHY), nothing_against_it)

    async with aclosing(connection.frames()) as frames:
        assert [chunk async for chunk in frames] == [b"retry: 1000\n\n", b"id: 2\n\n"]


def test_without_an_app_that_says_otherwise_nobody_reads_and_nothing_stands_for_a_stream(user):
    unconnected = sources.Source()

    assert unconnected.may_read(user, Stream().pk) is False
    assert unconnected.snapshot(Stream().pk) is None


BEATING = Dialect(
    name="beating",
    row=SHY.row,
    control=SHY.control,
    heartbeat=lambda moment: [Frame('{"type":"heartbeat"}')],
)


async def first_chunks(dialect: Dialect, stream: Stream, count: int) -> list[bytes]:
    connection = Connection(
        Opening(stream_id=stream.pk, after=0, dialect=dialect), nothing_against_it
    )
    async with aclosing(connection.frames()) as frames:
        return [await anext(frames) for _ in range(count)]


async def test_a_dialect_gives_its_own_sign_of_life_where_nothing_happens(settings):
    """Row 4-14: with the cursor, so that a reconnect comes back to the right place."""
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.02}
    stream = await pooled(make_stream)()

    assert (await first_chunks(SHY, stream, 2))[1] == b": hb\n"
    assert (await first_chunks(BEATING, stream, 2))[1] == b'id: 0\ndata: {"type":"heartbeat"}\n\n'


async def test_a_log_that_grows_by_what_a_dialect_leaves_out_is_not_silent_for_its_reader(settings):
    """Row 4-28: a proxy must not take a long answer's text for a dead connection."""
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.2}
    stream = await pooled(make_stream)()

    async def grow() -> None:
        while True:
            await pooled(log.append)(stream.pk, [Noted()])
            await asyncio.sleep(0.01)

    growing = asyncio.create_task(grow())
    try:
        chunks = await first_chunks(BEATING, stream, 3)
    finally:
        growing.cancel()
        await asyncio.wait({growing})

    for chunk in chunks[1:]:
        assert chunk.endswith(b'data: {"type":"heartbeat"}\n\n')
        assert not chunk.startswith(b"id: 0\n")
