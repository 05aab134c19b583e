"""FastAPI with sse-starlette as its documentation shows it: events from memory, nothing kept."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator

from fastapi import FastAPI  # type: ignore[import-not-found]
from sse_starlette import EventSourceResponse  # type: ignore[import-not-found]

application = FastAPI()
queues: dict[str, set[asyncio.Queue[dict[str, str]]]] = defaultdict(set)
tasks: set[asyncio.Task[None]] = set()


async def _events(name: str) -> AsyncIterator[dict[str, str]]:
    queue: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    queues[name].add(queue)
    try:
        yield {"id": "0", "data": '{"type":"stream_opened"}'}
        while True:
            yield await queue.get()
    finally:
        queues[name].discard(queue)


@application.get("/events/{name}")  # type: ignore[untyped-decorator]
async def events(name: str) -> EventSourceResponse:
    return EventSourceResponse(_events(name))


async def _tell(name: str, begin: float, every: float, count: int) -> None:
    for number in range(count):
        await asyncio.sleep(max(0.0, begin + number * every - time.monotonic()))
        data = json.dumps({"type": "bench_ticked", "data": {"sent": time.monotonic()}})
        for queue in queues[name]:
            queue.put_nowait({"id": str(number + 1), "data": data})


@application.post("/feed")  # type: ignore[untyped-decorator]
async def feed(given: dict[str, float]) -> dict[str, str]:
    begin = time.monotonic() + given["wait"]
    channels = int(given["channels"])
    for number in range(channels):
        start = begin + number * given["every"] / channels
        task = asyncio.create_task(_tell(str(number), start, given["every"], int(given["count"])))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    return {}
