"""Reliability 2: kill -9 the only server, start it again: nobody who watched can tell."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e import story
from tests.e2e.clients import Client, Watcher, approve_all
from tests.e2e.conftest import Starter

pytestmark = pytest.mark.e2e

SLOW = '{"delay": 0.01}'


@pytest.mark.parametrize("position", [5, 33, 76])
async def test_watchers_see_one_log_although_the_only_server_was_killed(
    position: int, start: Starter, var: Path, undisturbed: Path
):
    """Reliability 1 and 2, from outside: a stranger's SSE library and a bare socket resume."""
    server = start(script=SLOW)
    async with Client(server.port) as client:
        plan = await client.new_plan()
        async with (
            Watcher(server.port, plan["run_id"]) as library,
            Watcher(server.port, plan["run_id"], raw=True) as bare,
        ):
            approving = asyncio.create_task(approve_all(client, library))
            await bare.position(position)
            server.kill()
            server.start()
            await asyncio.gather(approving, bare.end())

    assert library.events == bare.events == story.bodies(var)
    assert library.positions == list(range(1, len(library.events) + 1))
    assert story.told(library.events) == story.log(undisturbed)
    assert story.rows(var) == story.rows(undisturbed)
    assert set(library.resumes + bare.resumes) == {"exact"}
    assert len(bare.resumes) == 2
