"""Reliability 12 and performance P3, P9: what waits and what only watches holds next to nothing."""

import asyncio
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.e2e import copies, house, story
from tests.e2e.clients import Client, Watcher, raw_messages, until
from tests.e2e.conftest import Starter
from tests.e2e.servers import Held, Server

pytestmark = pytest.mark.e2e

STREAMS = 300
READERS = 3  # StreamSettings.readers
PLANS = 1000
HEADERS = {"Accept": "text/event-stream", "Authorization": f"Token {house.TOKEN}"}
LED = 20  # plans that are led to their checkpoint; the others are copies of one of them
QUIETLY: dict[str, Any] = {"log_level": "WARNING", "lease": 30, "sweep": 0.2}
ONE_STEP: dict[str, Any] = {"max_iterations": 1, "checkpoint_interval": 1}


async def watch_idly(stack: AsyncExitStack, server: Server, path: str, count: int) -> None:
    """Open streams that stay open until the stack is closed; each has had its first frame."""
    for _ in range(count):
        stream = raw_messages(server.port, path, HEADERS)
        await stack.enter_async_context(aclosing(stream))  # type: ignore[type-var]
        await anext(stream)


async def settled(server: Server, before: Held) -> Held:
    """Return what the server holds once that is no more than before.

    The few threads that read for all start only when they are needed, so all of them may be new;
    each has a connection, which is three files. One for each stream would be hundreds.
    """

    def is_no_more() -> bool:
        now = server.held()
        return (
            now.threads <= before.threads + READERS
            and now.database_files <= before.database_files + 3 * READERS
        )

    await until(is_no_more)
    return server.held()


async def test_three_hundred_idle_streams_hold_no_thread_and_no_connection(start: Starter):
    """Reliability 12: what Daphne holds with no stream open, and with 300."""
    server = start(log_level="WARNING")
    async with Client(server.port) as client, AsyncExitStack() as streams:
        plan = await client.new_plan()
        path = f"/api/v1/runs/{plan['run_id']}/events/"
        async with Watcher(server.port, plan["run_id"]) as watcher, AsyncExitStack() as warm:
            await watcher.type("gate_opened")
            await asyncio.gather(*(watch_idly(warm, server, path, 1) for _ in range(10)))
        before = server.held()

        await watch_idly(streams, server, path, STREAMS)

        after = await settled(server, before)
        print(f"\n0 streams: {before}\n{STREAMS} streams: {after}")  # noqa: T201


async def reach_checkpoint(client: Client, server: Server) -> str:
    """Start a plan, lead it to its first checkpoint, and return its run's id."""
    plan = await client.new_plan(**ONE_STEP)
    async with Watcher(server.port, plan["run_id"], raw=True) as watcher:
        await client.answer(await watcher.type("gate_opened"))
        await watcher.type("gate_opened", 2)
    return str(plan["run_id"])


async def tasks(server: Server) -> dict[str, int]:
    async with Client(server.port) as client:
        found: dict[str, int] = (
            await client.get(f"http://127.0.0.1:{server.port}/observed")
        ).json()
    return found


def pending(var: Path) -> list[dict[str, Any]]:
    rows = story.query(
        var, "SELECT id, digest, run_id FROM runs_gate WHERE state = 'pending' ORDER BY created_at"
    )
    return [{"id": UUID(pk), "digest": digest, "run": UUID(run)} for pk, digest, run in rows]


async def test_a_thousand_plans_wait_at_checkpoints_and_hold_nothing(start: Starter, var: Path):
    """Reliability 12, performance P9, row 2-66: the server and its sweep go on beside them as before."""
    server = start(application="tests.e2e.observed:application", **QUIETLY)
    async with Client(server.port) as client:
        for _ in range(LED):
            first = await reach_checkpoint(client, server)
        before, tasks_before = server.held(), await tasks(server)

        copies.multiply(var, first, PLANS - 2 * LED)
        for _ in range(LED):
            await reach_checkpoint(client, server)

        after = await settled(server, before)
        tasks_after = [await tasks(server) for _ in range(10)]  # a sweep may be at work in some
    print(f"\n{LED} plans wait: {before}, {tasks_before}\n{PLANS}: {after}, {tasks_after[0]}")  # noqa: T201
    assert tasks_before in tasks_after
    assert len(pending(var)) == PLANS
    assert abs(after.kilobytes - before.kilobytes) < 10 * 1024


async def test_of_a_thousand_waiting_plans_the_answered_ones_finish_after_a_restart(
    start: Starter, var: Path
):
    """Reliability 5: what waits needs no process; any later one goes on with it."""
    server = start(**QUIETLY)
    async with Client(server.port) as client:
        copies.multiply(var, await reach_checkpoint(client, server), PLANS - 1)
    gates = pending(var)[:: PLANS // 20]

    server.kill()
    server.start()

    async with Client(server.port) as client:
        for gate in gates:
            assert (await client.answer(gate)).status_code == 200
        for gate in gates:
            async with Watcher(server.port, gate["run"]) as watcher:
                assert (await watcher.end())["type"] == "run_completed"
    assert len(gates) == 20
    assert len(pending(var)) == PLANS - len(gates)
