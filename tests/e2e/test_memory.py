"""What a server holds stays the same, however much it has told and whoever came and went."""

import asyncio

import pytest

from cairn_client import AsyncCairn
from tests.e2e import house
from tests.e2e.clients import cairn, raw_messages, until
from tests.e2e.conftest import Starter

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

WORDS = 1000
SESSIONS = 22
CONNECTS = 500
MEGABYTE = 1024  # in kilobytes
HEADERS = {"Accept": "text/event-stream", "Authorization": f"Token {house.TOKEN}"}
SCRIPT = f'{{"delay": 0.001, "words": {WORDS}}}'


async def ask(ada: AsyncCairn) -> str:
    """Start a session, ask something, and return the run of the reply."""
    session = await ada.start_session(engine="scripted")
    return (await ada.post_message(session["id"], "Tell me"))["run_id"]


async def hear(ada: AsyncCairn, run_id: str) -> int:
    """Follow a reply to its end and return how many events it had."""
    return len([told async for told in ada.follow_run(run_id)])


async def hear_all(ada: AsyncCairn) -> int:
    """Let many sessions be answered at once, and return how many events that were."""
    runs = [await ask(ada) for _ in range(SESSIONS)]
    return sum(await asyncio.gather(*(hear(ada, run) for run in runs)))


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
    async with cairn(server.port) as ada:
        first = await ask(ada)
        await hear_all(ada)  # the threads, caches and pools of a busy server
        await come_and_go(server.port, first, CONNECTS)
        before = server.held()

        told = await hear_all(ada)
        await come_and_go(server.port, first, CONNECTS)

        await until(lambda: server.held().kilobytes < before.kilobytes + 12 * MEGABYTE)
        after = server.held()
    print(f"\n{told} events, {CONNECTS} connects: {before}, then {after}")  # noqa: T201
    assert told > 10_000
    assert after.database_files <= before.database_files + 9
