"""A connection in any dialect: also in one that knows few events and no control messages."""

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
