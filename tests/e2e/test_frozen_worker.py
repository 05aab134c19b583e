"""Reliability 3: a worker that sleeps through its lease wakes up as a stranger."""

import asyncio
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e import house, story
from tests.e2e.clients import Client, Watcher, approve, approve_all, until
from tests.e2e.conftest import Starter
from tests.e2e.servers import PATIENCE, Server

pytestmark = pytest.mark.e2e

REFUSED = re.compile(r"Lease lost run=|reason=lost")


def is_writable(var: Path) -> bool:
    """Whether nobody holds SQLite's one write lock."""
    with closing(sqlite3.connect(house.database(var), timeout=0)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.rollback()
    return True


async def freeze(server: Server, var: Path) -> None:
    """Stop a process between two transactions: a lock held for ever would stop all others."""
    async with asyncio.timeout(PATIENCE):
        while True:
            server.send(signal.SIGSTOP)
            if is_writable(var):
                return
            server.send(signal.SIGCONT)
            await asyncio.sleep(0)


async def test_a_worker_frozen_past_its_lease_writes_nothing_more(
    start: Starter, var: Path, undisturbed: Path
):
    """Reliability 3: SIGSTOP in mid-iteration, another takes over, SIGCONT, both go on."""
    frozen = start(script='{"delay": 0.03}', heartbeat=0.1)
    other = start(script='{"delay": 0.03}', heartbeat=0.1)
    async with Client(frozen.port) as client, Client(other.port) as second:
        plan = await client.new_plan()
        async with Watcher(other.port, plan["run_id"], raw=True) as watcher:
            await approve(client, await watcher.type("gate_opened"))
            await watcher.type("iteration_progress", 4)
            await freeze(frozen, var)
            await watcher.type("run_reassigned")
            await watcher.type("iteration_progress", 6)
            frozen.send(signal.SIGCONT)
            await until(lambda: bool(REFUSED.search(frozen.log)))
            await watcher.type("gate_opened", 2)
            await approve(second, watcher.of("gate_opened")[1]["data"])
            await approve(client, await watcher.type("gate_opened", 3))
            await watcher.end()

        assert watcher.events == story.bodies(var)
        assert watcher.positions == list(range(1, len(watcher.events) + 1))
        assert story.log(var) == story.log(undisturbed)
        assert story.rows(var) == story.rows(undisturbed)
        again = await client.new_plan(goal="Another one")
        async with Watcher(frozen.port, again["run_id"]) as healthy:
            assert (await approve_all(client, healthy))["type"] == "run_completed"
