"""Many plans that wait for people while everything is restarted.

`python -m tests.distributed.many_plans 1000` needs a PostgreSQL (CAIRN_TEST_POSTGRES) in which it may make a database, and prints what each
part took and what the processes held.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from tests.distributed import farm
from tests.distributed.farm import Farm
from tests.e2e.clients import LOOK, Client

CLIENTS = 4  # at each web process
SPARE = 6  # threads that a process makes when it first needs them, if it has needed them yet
SETTINGS: dict[str, Any] = {"log_level": "WARNING", "lease": 30, "sweep": 1}
ONE_STEP: dict[str, Any] = {"max_iterations": 1, "checkpoint_interval": 1}
PENDING = "SELECT id, digest FROM runs_gate WHERE state = 'pending'"
STATES = "SELECT state, count(*) FROM runs_run GROUP BY state"

T = TypeVar("T")


class House:
    """Two web processes and two workers; `say` is told of each part."""

    def __init__(self, plot: Farm, say: Callable[[str], None]) -> None:
        self.plot = plot
        self.say = say
        self._webs = [plot.web(**SETTINGS) for _ in range(2)]
        self._workers = [plot.worker(**SETTINGS) for _ in range(2)]

    def held(self, when: str) -> int:
        """Say what each process holds, and how many connections; return the number of threads."""
        threads = 0
        for name, servers in (("web", self._webs), ("worker", self._workers)):
            for held in (server.held() for server in servers):
                threads += held.threads
                megabytes = held.kilobytes / 1024
                self.say(f"  {when}: {name} {held.threads} threads, {megabytes:.0f} MB")
        sql = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name LIKE 'cairn-%%' AND datname = %s"
        )
        self.say(f"  {when}: {self.plot.query(sql, self.plot.name)[0][0]} connections")
        return threads

    @asynccontextmanager
    async def clients(self) -> AsyncIterator[list[Client]]:
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(Client(web.port))
                for web in self._webs
                for _ in range(CLIENTS)
            ]

    def restart(self) -> None:
        """Kill all, cut what is left of their connections, and start all anew."""
        for server in self.plot.servers:
            server.kill()
        self.plot.close_doors(True)
        self.plot.cut()
        self.plot.close_doors(False)
        for server in self.plot.servers:
            server.start()

    async def until(self, wanted: dict[str, int]) -> None:
        while dict(self.plot.query(STATES)) != wanted:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(LOOK)


async def share(
    clients: Sequence[Client], work: Sequence[T], do: Callable[[Client, T], Awaitable[object]]
) -> None:
    """Let each client do its part of the work, one thing after the other."""

    async def part(number: int) -> None:
        for one in work[number :: len(clients)]:
            await do(clients[number], one)

    await asyncio.gather(*map(part, range(len(clients))))


async def approve(client: Client, gate: tuple[UUID, str]) -> None:
    answer = await client.answer({"id": gate[0], "digest": gate[1]})
    assert answer.status_code == 200, answer.text


async def tell(plot: Farm, count: int, say: Callable[[str], None]) -> None:
    """Let so many plans wait, one half at proposals and one at checkpoints; restart; finish all."""
    house, begun = House(plot, say), time.monotonic()

    def took(what: str) -> None:
        nonlocal begun
        begun, before = time.monotonic(), begun
        say(f"{begun - before:6.1f} s  {what}")

    at_rest = house.held("at rest")
    begun = time.monotonic()
    async with house.clients() as clients:
        await share(clients, range(count), lambda one, _: one.new_plan(**ONE_STEP))
        await house.until({"waiting": count})
        took(f"{count} plans started, and at their proposals")
        proposals = plot.query(PENDING)
        await share(clients, proposals[: count // 2], approve)
        await house.until({"waiting": count})
        took(f"{count // 2} proposals approved, and at their checkpoints")
    house.held(f"{count} wait")

    begun, waiting = time.monotonic(), sorted(plot.query(PENDING))
    house.restart()
    took("everything killed, connections cut, started again")
    assert sorted(plot.query(PENDING)) == waiting
    assert len(waiting) == count
    assert house.held(f"restarted, {count} wait") <= at_rest + SPARE

    begun = time.monotonic()
    async with house.clients() as clients:
        await share(clients, waiting, approve)
        took(f"{count} gates answered by {len(clients)} clients")
        await house.until({"waiting": len(proposals) - count // 2, "completed": count // 2})
        took("one half completed, the other at its checkpoints")
        await share(clients, plot.query(PENDING), approve)
        await house.until({"completed": count})
        took("the other half answered, and all completed")
    house.held("all completed")


def main(count: int) -> None:
    say: Callable[[str], None] = lambda line: print(line, flush=True)  # noqa: E731, T201
    with tempfile.TemporaryDirectory() as folder, farm.database(farm.ADDRESS) as url:
        farm.prepare(url, Path(folder))
        plot = Farm(farm.ADDRESS, url, Path(folder))
        try:
            asyncio.run(tell(plot, count, say))
        finally:
            for server in plot.servers:
                server.discard()


if __name__ == "__main__":
    main(int(sys.argv[1]))
