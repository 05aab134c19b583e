"""What only watches holds neither a thread nor one of PostgreSQL's connections."""

import asyncio
from contextlib import AsyncExitStack, aclosing

from tests.distributed.farm import Farm
from tests.e2e import house
from tests.e2e.clients import Client, Watcher, raw_messages, until
from tests.e2e.servers import Server

STREAMS = 300
READERS = 3  # StreamSettings.readers; those that were not needed yet may start
HEADERS = {"Accept": "text/event-stream", "Authorization": f"Token {house.TOKEN}"}


def connections(plot: Farm, server: Server) -> int:
    sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
    return int(plot.query(sql, f"cairn-{server.port}")[0][0])


async def open_idly(stack: AsyncExitStack, server: Server, path: str) -> None:
    stream = raw_messages(server.port, path, HEADERS)
    await stack.enter_async_context(aclosing(stream))  # type: ignore[type-var]
    await anext(stream)


async def test_three_hundred_idle_streams_hold_no_thread_and_no_connection(plot: Farm):
    """Reliability 12, distributed: what a web process holds with no stream open, and with 300."""
    web = plot.web(log_level="WARNING")
    plot.worker()
    async with Client(web.port) as client, AsyncExitStack() as streams:
        plan = await client.new_plan()
        path = f"/api/v1/runs/{plan['run_id']}/events/"
        async with Watcher(web.port, plan["run_id"]) as watcher, AsyncExitStack() as warm:
            await watcher.type("gate_opened")
            await asyncio.gather(*(open_idly(warm, web, path) for _ in range(10)))
        threads, before = web.held().threads, connections(plot, web)

        for _ in range(STREAMS):
            await open_idly(streams, web, path)

        await until(lambda: web.held().threads <= threads + READERS)
        await until(lambda: connections(plot, web) <= before + READERS)
