"""A connection of the AG-UI dialect, in process: what it adds to its events, and how it is ended."""

from contextlib import aclosing
from typing import Any
from uuid import UUID, uuid4

import pytest

from runs.api.agui_streams import CLEARED, Connection, Opening
from runs.events import RunCompleted, StepRestarted
from runs.models import Run
from streams import log
from streams.access import Viewer
from streams.dialects.agui_conversation import Names
from streams.events import ContentDelta, Event
from streams.limits import slots
from streams.pool import pooled
from tests.conformance.agui.frames import Frame, validated
from tests.conformance.agui.reducing import Client
from tests.factories import make_run
from tests.sse_client import Parser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
BEFORE = [{"id": "u1", "role": "user", "content": "Hello"}]


def said(text: str) -> ContentDelta:
    return ContentDelta(message_id=uuid4(), content=text)


def wrote(*events: Event, close: bool = True) -> Run:
    run = make_run()
    for event in events:
        is_last = close and event is events[-1]
        log.append(run.stream_id, [event], run_id=run.pk, close=is_last)
    return run


def opening(run: Run, **how: Any) -> Opening:
    names = {"thread": "t", "name": "r", "about": {}, "names": Names(), "until": 0}
    return Opening(run=run, user_id=1, history=lambda: BEFORE, **{**names, **how})


async def read(run: Run, **how: Any) -> list[Frame]:
    connection = Connection(opening(run, **how), Viewer(session_key="no such session"))
    parser = Parser()
    async with aclosing(connection.frames()) as frames:
        found = [one async for chunk in frames for one in parser.feed(chunk)]
    return [validated(one.id, one.json) for one in found]


async def test_what_a_step_had_said_in_vain_is_taken_back():
    """Reliability 11: live, and for whoever comes later."""
    again = StepRestarted(step="reply-1", from_position=0)
    run = await pooled(wrote)(said("half"), again, said("whole"), RunCompleted())

    live = Client().take(await read(run))
    late = Client().take(await read(run, until=4, is_joined=True))

    for client in (live, late):
        assert [one["content"] for one in client.messages] == ["Hello", "whole"]
        assert client.ending["outcome"] == {"type": "success"}


async def test_a_reader_who_may_read_no_longer_is_told_so_and_gives_the_slot_back(settings: Any):
    """Reliability 17."""
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.01}
    held = slots.total
    run = await pooled(wrote)(said("half"), close=False)

    frames = await read(run)

    assert frames[-1].event["code"] == "signed_out"
    assert slots.total == held


@pytest.mark.parametrize("how", [{}, {"until": 3, "is_joined": True}])
async def test_what_was_cleared_away_is_never_passed_over_in_silence(how: dict[str, Any]):
    """Reliability 10."""
    run = await pooled(wrote)(said("long ago"), said("later"), RunCompleted())
    await pooled(log.trim)(run.stream_id, keep_from=2)

    frames = await read(run, **how)

    assert frames[-1].event == {"type": "RUN_ERROR", "code": "gap", "message": CLEARED}


async def test_a_connection_of_old_is_renewed(settings: Any):
    """Reliability 12."""

    class Anybody(Viewer):
        def may_still_read(self, stream_id: UUID) -> str:
            return ""

    settings.STREAMS = {
        **settings.STREAMS, "HEARTBEAT_SECONDS": 0.01, "MAX_AGE_SECONDS": 0.02
    }  # fmt: skip
    run = await pooled(wrote)(said("half"), close=False)
    connection = Connection(opening(run), Anybody())
    chunks = [chunk async for chunk in connection.frames()]

    assert b'"code":"reconnect"' in chunks[-1]
