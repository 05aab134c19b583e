"""How a worker starts, is told to stop something, drains, and what it leaves behind."""

import asyncio
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.distributed.farm import Farm, command
from tests.e2e import house
from tests.e2e.clients import Client, Watcher, approve, approve_all, until

ENDLESS: dict[str, Any] = {"script": '{"slow": {"iterate": 60}}', "lease": 30}
TICKETS = "SELECT count(*) FROM procrastinate_jobs"


async def begun(client: Client, watcher: Watcher) -> None:
    """Approve the proposal and wait until the first iteration is being worked on."""
    await approve(client, await watcher.type("gate_opened"))
    await watcher.type("iteration_started")


async def approve_rest(client: Client, watcher: Watcher) -> None:
    for number in (2, 3):
        await approve(client, await watcher.type("gate_opened", number))
    assert (await watcher.end())["type"] == "run_completed"


async def test_a_cancel_reaches_a_worker_in_the_middle_of_a_call_at_once(plot: Farm):
    """Reliability 7: by notification; the heartbeat, after 10 s, is for those that are lost."""
    web = plot.web()
    plot.worker(**ENDLESS)
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            await begun(client, watcher)
            asked = time.monotonic()
            await client.post(f"runs/{plan['run_id']}/cancel/")
            assert (await watcher.end())["type"] == "run_cancelled"
            took = time.monotonic() - asked

    assert took < 2
    await until(lambda: plot.query(TICKETS) == [(0,)])


async def test_a_worker_that_drains_gives_back_what_does_not_end_and_another_goes_on(plot: Farm):
    """Reliability 9: at once, without waiting for the lease."""
    web, leaving = plot.web(), plot.worker("--drain", 0.3, **ENDLESS)
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            await begun(client, watcher)
            plot.worker()
            asked = time.monotonic()
            assert leaving.end(signal.SIGTERM) == 0
            assert time.monotonic() - asked < 5
            await approve_rest(client, watcher)

    reasons = [event["data"].get("reason") for event in watcher.of("run_state")]
    assert reasons.count("shutdown") == 1
    assert not watcher.of("run_reassigned")
    await until(lambda: plot.query(TICKETS) == [(0,)])


async def test_a_worker_that_drains_finishes_what_ends_soon(plot: Farm):
    """Reliability 9: it takes no more, says so, and ends after the segment it works on."""
    web, leaving = plot.web(), plot.worker(script='{"delay": 0.05}')
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            await begun(client, watcher)
            leaving.send(signal.SIGTERM)
            await until(lambda: leaving.health("readyz")[0] == 503)
            other = await client.new_plan(goal="For somebody else")
            assert leaving.process is not None
            assert await asyncio.to_thread(leaving.process.wait, 20) == 0
            await watcher.type("gate_opened", 2)

        reasons = [event["data"].get("reason") for event in watcher.of("run_state")]
        assert "shutdown" not in reasons
        assert (await client.run(other["run_id"]))["state"] == "queued"


async def test_a_second_signal_does_not_wait(plot: Farm):
    web, worker = plot.web(), plot.worker("--drain", 60, **ENDLESS)
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            await begun(client, watcher)
            worker.send(signal.SIGTERM)
            await until(lambda: "Worker drains runs=1" in worker.log)
            asked = time.monotonic()
            assert worker.end(signal.SIGTERM) == 0
            assert time.monotonic() - asked < 5
        assert (await client.run(plan["run_id"]))["state"] == "queued"


async def test_what_a_killed_worker_left_in_the_queue_is_cleared_away(plot: Farm):
    """Its ticket is taken but will never be put away; its registration goes with it."""
    web, killed = plot.web(), plot.worker(script='{"slow": {"iterate": 60}}')
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            await begun(client, watcher)
            killed.kill()
            assert plot.query("SELECT status FROM procrastinate_jobs") == [("doing",)]
            plot.worker()
            await approve_rest(client, watcher)

    await until(lambda: plot.query(TICKETS) == [(0,)])
    await until(lambda: plot.query("SELECT count(*) FROM procrastinate_workers") == [(1,)])


async def test_a_worker_takes_the_kinds_it_was_asked_to(plot: Farm):
    """A ticket that was lost is carried again; one that waits is not carried twice."""
    web, chats = plot.web(), plot.worker("--kinds", "reply,initialise", stuck=0.2)
    async with Client(web.port) as client:
        plan = await client.new_plan()
        plot.query("DELETE FROM procrastinate_jobs RETURNING id")
        await until(lambda: plot.query(TICKETS) == [(1,)])
        swept = chats.log.count("\n")
        await asyncio.sleep(1)
        assert plot.query(TICKETS) == [(1,)], swept
        assert (await client.run(plan["run_id"]))["state"] == "queued"
        plot.worker("--kinds", "plan")
        async with Watcher(web.port, plan["run_id"]) as watcher:
            assert (await approve_all(client, watcher))["type"] == "run_completed"


def refused(plot: Farm, url: str, *options: str, **settings: str) -> str:
    """Start a worker that cannot work; return what it says."""
    env = house.environment(
        plot.folder, **{"database_url": url, "runner": "distributed", **settings}
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "worker", *options],
        env=env,
        cwd=house.ROOT,
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_worker_that_cannot_work_says_why_and_what_to_do(plot: Farm, address: str):
    empty = f"{plot.url}_empty"
    command(address, f"CREATE DATABASE {empty.rsplit('/', 1)[1]}")
    try:
        assert "migrations" in (said := refused(plot, empty))
        assert "manage.py migrate" in said
    finally:
        command(address, f"DROP DATABASE {empty.rsplit('/', 1)[1]}")
    assert "has no such user or database: create it" in refused(plot, empty)
    assert "does not answer: start it" in refused(plot, "postgres://x:secret@127.0.0.1:9/none")
    assert "uses SQLite" in refused(plot, "", runner="embedded")
    assert "'embedded': no tickets" in refused(plot, plot.url, runner="embedded")
    assert "known: initialise" in refused(plot, plot.url, "--kinds", "nonsense")


pytestmark = pytest.mark.e2e
