"""FastAPI with sse-starlette as its documentation shows it: events from memory, nothing kept."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import FastAPI  # type: ignore[import-not-found]
from sse_starlette import EventSourceResponse  # type: ignore[import-not-found]

application = FastAPI()
grown = asyncio.Condition()


async def _events() -> AsyncIterator[dict[str, str]]:
    yield {"id": "0", "data": '{"type":"stream_opened"}'}
    async with grown:
        await grown.wait()  # idle: only pings


@application.get("/events/{name}")  # type: ignore[untyped-decorator]
async def events(name: str) -> EventSourceResponse:
    return EventSourceResponse(_events())
