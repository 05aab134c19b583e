"""What a server holds stays the same, however much it has told and whoever came and went."""

import asyncio

import pytest

from tests.e2e import house
from tests.e2e.clients import Client, Watcher, raw_messages, until
from tests.e2e.conftest import Starter

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

WORDS = 1000
SESSIONS = 22
CONNECTS = 500
MEGABYTE = 1024  # in kilobytes
HEADERS = {"Accept": "text/event-stream", "Authorization": f"Token {house.TOKEN}"}
SCRIPT = f'{{"delay": 0.001, "words": {WORDS}}}'


async def ask(client: Client) -> str:
    """Start a session, ask something, and return the run of the reply."""
    session = (await client.post("sessions/", json={"engine": "scripted"})).json()
    posted = await client.post(f"sessions/{session['id']}/messages/", json={"text": "Tell me"})
    return str(posted.json()["run_id"])


async def hear(port: int, run_id: str) -> int:
    """Follow a reply to its end and return how many events it had."""
    async with Watcher(port, run_id) as watcher:
        await watcher.end()
        return len(watcher.events)


async def hear_all(client: Client, port: int) -> int:
    """Let many sessions be answered at once, and return how many events that were."""
    runs = [await ask(client) for _ in range(SESSIONS)]
    return sum(await asyncio.gather(*(hear(port, run) for run in runs)))


async def come_and_go(port: int, run_id: str, count: int) -> None:
    """Connect and leave so often, ten at a time."""

    async def one_after_the_other() -> None:
        for _ in range(count // 10):
            stream = raw_messages(port, f"/api/v1/runs/{run_id}/events/", HEADERS)
            await anext(stream)
            await stream.aclose()  # type: ignore[attr-defined]

    await asyncio.gather(*(one_after_the_other() for _ in range(10)))


async def test_ten_thousand_events_and_five_hundred_connects_leave_the_memory_as_it_was(
    start: Starter,
):
    """Row 4-61; reliability 12."""
    server = start(log_level="WARNING", script=SCRIPT, lease=30)
    async with Client(server.port) as client:
        first = await ask(client)
        await hear_all(client, server.port)  # the threads, caches and pools of a busy server
        await come_and_go(server.port, first, CONNECTS)
        before = server.held()

        told = await hear_all(client, server.port)
        await come_and_go(server.port, first, CONNECTS)

        await until(lambda: server.held().kilobytes < before.kilobytes + 12 * MEGABYTE)
        after = server.held()
    print(f"\n{told} events, {CONNECTS} connects: {before}, then {after}")  # noqa: T201
    assert told > 10_000
    assert after.database_files <= before.database_files + 9
