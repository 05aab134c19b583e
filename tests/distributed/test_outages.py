"""Connections that are cut, a database that is away, a worker that sleeps through its lease."""

import asyncio
import re
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.distributed.farm import Farm
from tests.distributed.reading import rows
from tests.e2e import story
from tests.e2e.clients import Client, Watcher, approve, approve_all, until
from tests.e2e.servers import PATIENCE, Server

SLOW: dict[str, Any] = {"script": '{"delay": 0.03}'}
REFUSED = re.compile(r"Lease lost run=|reason=lost")


async def test_a_listener_that_is_cut_again_and_again_loses_nothing(plot: Farm, undisturbed: Path):
    """Reliability 8: after each new connection it looks; no reader waits for a heartbeat."""
    web, door = plot.web(), plot.web()
    plot.worker(**SLOW)
    async with Client(door.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            approving = asyncio.create_task(approve_all(client, watcher))
            for seen in range(1, 12, 2):
                await watcher.type("iteration_progress", seen)
                plot.cut(web)
            await approving

    assert "Not listening" in web.log
    assert watcher.events == story.bodies(plot.url)
    assert story.log(plot.url) == story.log(undisturbed)


async def test_a_database_that_was_away_costs_time_and_nothing_else(plot: Farm, undisturbed: Path):
    """Reliability 8: PostgreSQL ends all connections, refuses new ones, and is back."""
    web = plot.web()
    workers = [plot.worker(**SLOW, max_attempts=50) for _ in range(2)]
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            await approve(client, await watcher.type("gate_opened"))
            await watcher.type("iteration_progress", 3)
            plot.close_doors(True)
            plot.cut()
            for worker in workers:
                await until(partial(worker.answers, 503))
                assert worker.health("healthz")[0] == 200  # killing it would not help
            plot.close_doors(False)
            for number in (2, 3):
                await approve(client, await watcher.type("gate_opened", number))
            await watcher.end()
            for worker in workers:
                await until(partial(worker.answers, 200))

    assert watcher.events == story.bodies(plot.url)
    assert watcher.positions == list(range(1, len(watcher.events) + 1))
    told = [one for one in story.told(watcher.events) if one[0] != "run_retrying"]
    assert told == story.log(undisturbed)
    assert rows(plot.url) == rows(undisturbed)


async def freeze(plot: Farm, server: Server) -> None:
    """Stop a process between two transactions: what it locked, nobody could take over."""
    async with asyncio.timeout(PATIENCE):
        while True:
            server.send(signal.SIGSTOP)
            if not plot.busy(server):
                return
            server.send(signal.SIGCONT)
            await asyncio.sleep(0)


async def test_a_worker_frozen_past_its_lease_writes_nothing_more(plot: Farm, undisturbed: Path):
    """Reliability 3: it wakes up as a stranger, is refused, and then is of use again."""
    web, frozen = plot.web(), plot.worker(**SLOW)
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            await approve(client, await watcher.type("gate_opened"))
            await watcher.type("iteration_progress", 3)
            await freeze(plot, frozen)
            other = plot.worker(**SLOW)
            await watcher.type("run_reassigned")
            await watcher.type("iteration_progress", 5)
            frozen.send(signal.SIGCONT)
            await until(lambda: bool(REFUSED.search(frozen.log)))
            for number in (2, 3):
                await approve(client, await watcher.type("gate_opened", number))
            await watcher.end()

        assert watcher.events == story.bodies(plot.url)
        assert story.log(plot.url) == story.log(undisturbed)
        assert rows(plot.url) == rows(undisturbed)
        other.kill()
        again = await client.new_plan(goal="Another one")
        async with Watcher(web.port, again["run_id"]) as healthy:
            assert (await approve_all(client, healthy))["type"] == "run_completed"


pytestmark = pytest.mark.e2e
