"""A plan among many processes: started on one, watched on others, answered on a third."""

import asyncio
from pathlib import Path
from typing import Any

from tests.distributed.farm import Farm
from tests.distributed.reading import rows
from tests.e2e import story
from tests.e2e.clients import Client, Watcher, approve, approve_all


async def test_a_plan_started_here_watched_there_and_answered_elsewhere_is_as_undisturbed(
    plot: Farm, undisturbed: Path
):
    """Reliability 14: wake-ups cross processes; nothing waits for a heartbeat, or for a look."""
    here, there, elsewhere = plot.web(), plot.web(), plot.web()
    plot.worker(), plot.worker()
    async with Client(here.port) as client, Client(elsewhere.port) as third:
        plan = await client.new_plan()
        async with (
            Watcher(here.port, plan["run_id"]) as near,
            Watcher(there.port, plan["run_id"], raw=True) as far,
        ):
            assert (await approve_all(third, far))["type"] == "run_completed"
            await near.end()

    assert near.events == far.events == story.bodies(plot.url)
    assert story.log(plot.url) == story.log(undisturbed)
    assert rows(plot.url) == rows(undisturbed)
    assert set(near.resumes + far.resumes) == {"exact"}


async def test_a_plan_survives_kill_9_of_each_worker_and_each_web_process(
    plot: Farm, undisturbed: Path
):
    """Reliability 1 and 2, distributed: the log equals an undisturbed run's."""
    slow: dict[str, Any] = {"script": '{"delay": 0.02}'}
    webs = [plot.web(), plot.web()]
    workers = [plot.worker(**slow), plot.worker(**slow)]
    async with Client(webs[0].port) as client, Client(webs[1].port) as other:
        plan = await client.new_plan()
        async with Watcher(webs[0].port, plan["run_id"], raw=True) as watcher:
            await approve(other, await watcher.type("gate_opened"))
            for seen, worker in zip((3, 6), workers, strict=True):
                await watcher.type("iteration_progress", seen)
                worker.kill()
                worker.start()
            webs[0].kill()
            watcher.port = webs[1].port
            await approve(other, await watcher.type("gate_opened", 2))
            webs[0].start()
            webs[1].kill()
            watcher.port = webs[0].port
            await approve(client, await watcher.type("gate_opened", 3))
            await watcher.end()

    assert watcher.positions == list(range(1, len(watcher.events) + 1))
    assert watcher.events == story.bodies(plot.url)
    assert story.log(plot.url) == story.log(undisturbed)
    assert rows(plot.url) == rows(undisturbed)


async def test_of_fifty_answers_at_two_processes_one_wins(plot: Farm):
    """Reliability 4: 49 are told who was first; there is one row to audit, and one ticket."""
    webs = [plot.web(), plot.web()]
    worker = plot.worker()
    async with Client(webs[0].port) as client, Client(webs[1].port) as other:
        plan = await client.new_plan()
        async with Watcher(webs[0].port, plan["run_id"]) as watcher:
            gate = await watcher.type("gate_opened")
            worker.kill()  # so that what the winner sent stays to be counted
            answers = await asyncio.gather(
                *(
                    (client, other)[number % 2].answer(gate, ("approve", "reject")[number % 3 == 0])
                    for number in range(50)
                )
            )

    codes = [answer.status_code for answer in answers]
    assert (codes.count(200), codes.count(409)) == (1, 49), codes
    won = next(answer for answer in answers if answer.status_code == 200).json()["decision"]
    told = [answer.json()["error"] for answer in answers if answer.status_code == 409]
    assert {(error["code"], error["decided_by"], error["decision"]) for error in told} == {
        ("already_decided", "ada", won)
    }
    assert plot.query("SELECT decision FROM runs_answer") == [(won,)]
    sent = "SELECT args->>'segment' FROM procrastinate_jobs WHERE status = 'todo'"
    [(state, segment)] = plot.query("SELECT state, segment FROM runs_run")
    assert state == ("queued" if won == "approve" else "rejected")
    assert plot.query(sent) == ([(str(segment),)] if won == "approve" else [])
