"""A connection of the AI SDK dialect: how it begins, and that it ends by saying why."""

import json
from contextlib import aclosing
from typing import Any
from uuid import UUID, uuid4

import pytest

from runs.api.aisdk import CLEARED, GONE, RENEW, Connection, opening
from runs.events import RunCompleted, StepRestarted
from runs.models import Run
from streams import log
from streams.access import Viewer
from streams.dialects.aisdk import DONE
from streams.events import ContentDelta
from streams.limits import slots
from streams.pool import pooled
from tests.factories import make_run
from tests.sse_client import Parser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
ADA = 4711  # her id
QUICK = {"HEARTBEAT_SECONDS": 0.01}


class Anybody(Viewer):
    """A viewer who may read whatever there is."""

    def may_still_read(self, stream_id: UUID) -> str:
        return ""


def told(run: Run, *pieces: str, is_over: bool = True) -> None:
    """Write a run's text; what comes before a piece that is empty was told for nothing."""
    for piece in pieces:
        event = ContentDelta(message_id=uuid4(), content=piece)
        written = event if piece else StepRestarted(step="reply-1", from_position=0)
        log.append(run.stream_id, [written], run_id=run.pk)
    if is_over:
        log.append(run.stream_id, [RunCompleted()], run_id=run.pk, close=True)


def wrote(*pieces: str, is_over: bool = True) -> Run:
    run = make_run()
    told(run, *pieces, is_over=is_over)
    return run


async def read(run: Run) -> list[dict[str, Any]]:
    """Return all chunks of a connection, which ends with the word that it is done."""
    connection = Connection(opening(run), Viewer(session_key="no such session"), ADA)
    parser = Parser()
    async with aclosing(connection.frames()) as frames:
        data = [one.data async for chunk in frames for one in parser.feed(chunk)]
    assert data[-1] == DONE
    return [json.loads(one) for one in data[:-1]]


async def test_a_replay_leaves_out_what_a_step_had_said_before_it_began_anew():
    """Reliability 11."""
    run = await pooled(wrote)("half", "", "whole")

    chunks = await read(run)

    assert [one["delta"] for one in chunks if one["type"] == "text-delta"] == ["whole"]


async def test_a_reader_who_may_read_no_longer_is_told_so_and_gives_the_slot_back(settings: Any):
    """Reliability 17."""
    settings.STREAMS = {**settings.STREAMS, **QUICK}
    held = slots.total
    run = await pooled(wrote)("half", is_over=False)

    chunks = await read(run)

    assert chunks[-1] == {"type": "error", "errorText": GONE}
    assert chunks[-2]["type"] == "finish-step"
    assert slots.total == held


@pytest.mark.parametrize("limit", [{"MAX_AGE_SECONDS": 0.01}, {"ROTATE_BYTES": 1}])
async def test_a_connection_is_renewed_but_never_in_the_middle_of_a_replay(
    settings: Any, limit: dict[str, float]
):
    """Reliability 12: or a reply that is longer than the cap could never be read."""
    settings.STREAMS = {**settings.STREAMS, **QUICK, **limit}
    run = await pooled(wrote)("past", is_over=False)
    chunks: list[str] = []
    async with aclosing(Connection(opening(run), Anybody(), ADA).frames()) as frames:
        async for chunk in frames:
            chunks.append(chunk.decode())
            if '"past"' in chunks[-1] and "ROTATE_BYTES" in limit:
                await pooled(told)(run, "now", is_over=False)

    assert any('"past"' in one for one in chunks)
    assert ('"now"' in "".join(chunks)) == ("ROTATE_BYTES" in limit)
    assert RENEW in chunks[-1]
    assert chunks[-1].endswith(f"data: {DONE}\n\n")


async def test_what_was_cleared_away_is_never_passed_over_in_silence():
    """Reliability 10."""
    run = await pooled(wrote)("long ago", "later", is_over=False)
    await pooled(log.trim)(run.stream_id, keep_from=2)

    chunks = await read(run)

    assert [one["type"] for one in chunks] == ["start", "error"]
    assert chunks[-1]["errorText"] == CLEARED
