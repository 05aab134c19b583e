"""Reliability 4 and 8: two servers with a worker each on one SQLite file."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e import story
from tests.e2e.clients import Client, Watcher, approve_all
from tests.e2e.conftest import Starter

pytestmark = pytest.mark.e2e


async def test_a_plan_started_on_one_server_is_watched_and_approved_on_another(
    start: Starter, var: Path, undisturbed: Path
):
    """Reliability 8: the log is the truth; a wake-up that never comes costs a heartbeat."""
    first, second = start(heartbeat=0.1, lease=30), start(heartbeat=0.1, lease=30)
    async with Client(first.port) as client, Client(second.port) as other:
        plan = await client.new_plan()
        async with (
            Watcher(first.port, plan["run_id"]) as near,
            Watcher(second.port, plan["run_id"], raw=True) as far,
        ):
            for number, door in enumerate((other, client, other), 1):
                answer = await door.answer(await far.type("gate_opened", number))
                assert answer.status_code == 200, answer.text
            await asyncio.gather(near.end(), far.end())

    assert near.events == far.events == story.bodies(var)
    assert story.log(var) == story.log(undisturbed)
    assert story.rows(var) == story.rows(undisturbed)


async def test_two_servers_execute_no_plan_twice(start: Starter, var: Path):
    """Reliability 8: both sweep and claim the same rows all the time."""
    servers = [start(heartbeat=0.1, sweep=0.05, lease=30) for _ in range(2)]

    async def see_through(number: int) -> list[int]:
        here, there = servers[number % 2], servers[1 - number % 2]
        async with Client(here.port) as client:
            plan = await client.new_plan(goal=f"Goal {number}", max_iterations=2)
            async with Watcher(there.port, plan["run_id"], raw=True) as watcher:
                assert (await approve_all(client, watcher))["type"] == "run_completed"
                return watcher.positions

    logs = await asyncio.gather(*(see_through(number) for number in range(6)))

    assert all(positions == list(range(1, len(positions) + 1)) for positions in logs)
    assert set(map(len, logs)) == {len(logs[0])}
    steps = "SELECT count(*), count(DISTINCT run_id || name), sum(restarts) FROM runs_step"
    assert story.query(var, steps) == [(6 * 6, 6 * 6, 0)]
    assert story.query(var, "SELECT count(*) FROM planning_iteration") == [(12,)]
    assert story.query(var, "SELECT count(*) FROM planning_datapoint") == [(36,)]


async def test_of_fifty_answers_at_two_servers_one_wins(start: Starter, var: Path):
    """Reliability 4: 49 are told who was first; there is one row to audit."""
    servers = [start(), start()]
    async with Client(servers[0].port) as client, Client(servers[1].port) as other:
        plan = await client.new_plan()
        async with Watcher(servers[0].port, plan["run_id"]) as watcher:
            gate = await watcher.type("gate_opened")
            answers = await asyncio.gather(
                *(
                    (client, other)[number % 2].answer(gate, ("approve", "reject")[number % 3 == 0])
                    for number in range(50)
                )
            )

    codes = [answer.status_code for answer in answers]
    assert (codes.count(200), codes.count(409)) == (1, 49)
    won = next(answer for answer in answers if answer.status_code == 200).json()["decision"]
    told = [answer.json()["error"] for answer in answers if answer.status_code == 409]
    assert {(error["code"], error["decided_by"], error["decision"]) for error in told} == {
        ("already_decided", "ada", won)
    }
    assert story.query(var, "SELECT decision FROM runs_answer") == [(won,)]
