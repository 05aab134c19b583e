"""Reliability 5, 6 and 7: decisions, deadlines and failures that no process waits for."""

import asyncio
import signal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import story
from tests.e2e.clients import Client, Watcher, approve_all, until
from tests.e2e.conftest import Starter
from tests.e2e.lives import let_live

pytestmark = pytest.mark.e2e


async def until_the_file_says(var: Path, sql: str, wanted: Any) -> None:
    await until(lambda: story.query(var, sql)[0][0] == wanted)


async def test_an_approval_while_no_worker_lives_is_picked_up_at_the_next_start(
    start: Starter, var: Path, undisturbed: Path
):
    """Reliability 5: the queued row is the ticket."""
    server = start()
    async with Client(server.port) as client:
        plan = await client.new_plan()
        async with Watcher(server.port, plan["run_id"]) as watcher:
            gate = await watcher.type("gate_opened")
    server.kill()
    deaf = start(runner="off")
    async with Client(deaf.port) as client:
        assert (await client.answer(gate)).status_code == 200
        assert (await client.run(plan["run_id"]))["state"] == "queued"
    deaf.kill()

    server.start()

    async with Client(server.port) as client, Watcher(server.port, plan["run_id"]) as watcher:
        await watcher.type("gate_opened", 2)
        for number in (1, 2):
            await client.answer(await watcher.type("gate_opened", number + 1))
        await watcher.end()
    assert story.log(var) == story.log(undisturbed)
    assert story.rows(var) == story.rows(undisturbed)


async def test_a_deadline_that_passed_while_nobody_was_there_expires_at_the_next_start(
    start: Starter, var: Path
):
    """Reliability 6: no connection, no server, no timer; the sweep finds the row."""
    server = start()
    async with Client(server.port) as client:
        plan = await client.new_plan(deadline_seconds=1)
        async with Watcher(server.port, plan["run_id"]) as watcher:
            await watcher.type("gate_opened")
    server.kill()
    passed = "SELECT deadline < strftime('%Y-%m-%d %H:%M:%f', 'now') FROM runs_gate"
    await until_the_file_says(var, passed, 1)
    assert story.query(var, "SELECT state FROM runs_run") == [("waiting",)]

    server.start()

    await until_the_file_says(var, "SELECT state FROM runs_run", "expired")
    assert [type_ for type_, _ in story.log(var)][-2:] == ["gate_expired", "run_expired"]
    assert story.query(var, "SELECT state, via FROM runs_gate") == [("expired", "policy")]


async def test_a_cancel_reaches_a_worker_in_another_process_in_mid_stream(
    start: Starter, var: Path
):
    """Reliability 7: the worker learns of it when it renews its lease."""
    working = start(script='{"delay": 0.1}')
    other = start(heartbeat=0.1)
    async with Client(working.port) as client, Client(other.port) as second:
        plan = await client.new_plan()
        async with Watcher(other.port, plan["run_id"]) as watcher:
            await client.answer(await watcher.type("gate_opened"))
            await watcher.type("iteration_progress", 2)
            answer = await second.post(f"runs/{plan['run_id']}/cancel/")
            assert answer.status_code == 202
            assert (await watcher.end())["type"] == "run_cancelled"

    assert not watcher.of("iteration_completed")
    assert story.query(var, "SELECT state, lease_owner FROM runs_run") == [("cancelled", None)]


async def test_a_step_that_always_fails_ends_the_run_after_growing_pauses(start: Starter):
    """Reliability 7: retried with backoff, then failed, saying where and why."""
    script = '{"fail": {"iteration-1": {"times": 99}}}'
    server = start(script=script, max_attempts=4, backoff=0.1)
    async with Client(server.port) as client:
        plan = await client.new_plan()
        async with Watcher(server.port, plan["run_id"]) as watcher:
            await client.answer(await watcher.type("gate_opened"))
            failed = await watcher.end()

    pauses = [event["data"]["retry_in_seconds"] for event in watcher.of("run_retrying")]
    assert len(pauses) == 3
    assert all(2 * 0.8 < after / before < 2 * 1.3 for before, after in pairwise(pauses))
    assert failed["type"] == "run_failed"
    assert failed["data"]["error"]["message"] == "The script says that iteration-1 fails."


def test_a_step_that_kills_its_worker_each_time_ends_the_run(template: Path, tmp_path: Path):
    """Reliability 7: poison that no handler can catch. The fourth life gives up, as told to."""
    deadly = [{"position": 14 + 2 * life, "when": "before"} for life in range(3)]

    ends = let_live(tmp_path, template, {"poison": [*deadly, None]}, max_attempts=3)

    assert ends == {"poison": ["SIGKILL", "SIGKILL", "SIGKILL", "done"]}
    last = story.bodies(tmp_path / "poison")[-1]
    assert (last["type"], last["data"]["error"]["code"]) == ("run_failed", "worker_lost")


async def test_a_terminated_server_gives_its_leases_back_and_loses_nothing(
    start: Starter, var: Path, undisturbed: Path
):
    """Reliability 9: under load; the leases last longer than the test, so nobody waits for them."""
    going = start(script='{"delay": 0.02}', lease=120)
    async with Client(going.port) as client:
        plan = await client.new_plan()
        for number in range(5):
            await client.new_plan(goal=f"Goal {number}")
        async with Watcher(going.port, plan["run_id"], raw=True) as watcher:
            approving = asyncio.create_task(approve_all(client, watcher))
            await watcher.type("iteration_progress", 3)
            going.end(signal.SIGTERM)
            held = "SELECT count(*) FROM runs_run WHERE lease_owner IS NOT NULL"
            assert story.query(var, held) == [(0,)]
            going.start()
            assert (await approving)["type"] == "run_completed"

    assert watcher.positions == list(range(1, len(watcher.events) + 1))
    assert story.told(watcher.events) == story.log(undisturbed)
    assert not watcher.of("run_reassigned")
