"""A chat on two servers with one database: asked on one, followed on the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from tests.e2e import house, story
from tests.e2e.conftest import Starter
from tests.e2e.servers import PATIENCE
from tests.sse_client import Message, Parser

pytestmark = pytest.mark.e2e


def client(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Token {house.TOKEN}"},
        timeout=PATIENCE,
        trust_env=False,
    )


@asynccontextmanager
async def followed(
    via: httpx.AsyncClient, path: str, last_id: str = "", **query: Any
) -> AsyncIterator[AsyncIterator[Message]]:
    headers = {"Last-Event-ID": last_id} if last_id else {}
    async with via.stream("GET", path, params=query, headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        parser = Parser()

        async def messages() -> AsyncIterator[Message]:
            async for chunk in response.aiter_raw():
                for message in parser.feed(chunk):
                    yield message

        yield messages()


async def test_a_message_sent_to_one_server_is_answered_and_seen_on_both(start: Starter, var: Any):
    """Rows 0-13, 1-41: nothing about a run is in the memory of a process."""
    servers = [start(heartbeat=0.1, lease=30) for _ in range(2)]
    async with client(servers[0].port) as near, client(servers[1].port) as far:
        body = {"connection_id": "penguins"}
        started = (await near.post("/datamodel/start", json=body)).json()
        query = {"message": "How many?", "key": "one"}

        async def all_of(via: httpx.AsyncClient) -> list[Message]:
            async with followed(via, started["chat_url"], **query) as messages:
                return [one async for one in messages]

        here, there = await asyncio.gather(all_of(near), all_of(far))
        task = (await far.get(f"/api/v1/sessions/{started['session_id']}/")).json()["run_id"]
        statuses = [(await one.get(f"/api/chat/status/{task}")).json() for one in (near, far)]

    assert here == there
    assert here[-1].type == "chat_result"
    assert statuses[0] == statuses[1]
    assert statuses[0]["result"] == here[-1].json["data"]
    asked = "SELECT count(*) FROM chat_message WHERE role = 'user'"
    assert story.query(var, asked) == [(1,)]


async def test_a_reply_goes_on_when_the_server_that_was_asked_is_killed(start: Starter, var: Any):
    """Rows 0-17, 1-41, 4-45; reliability 2: the reconnect goes to another server."""
    slow = '{"delay": 0.05}'
    first = start(heartbeat=0.1, script=slow)
    async with client(first.port) as near:
        started = (await near.post("/datamodel/start", json={"connection_id": "penguins"})).json()
        path, query = started["chat_url"], {"message": "How many?"}
        async with followed(near, path, **query) as messages:
            told = [await anext(messages) for _ in range(3)]
            second = start(heartbeat=0.1, script=slow)
            first.kill()
    async with (
        client(second.port) as far,
        followed(far, path, last_id=told[-1].id, **query) as messages,
    ):
        told += [one async for one in messages]

    assert [one.type for one in told].count("chat_result") == 1
    assert told[-1].type == "chat_result"
    ids = [int(one.id) for one in told]
    assert ids == sorted(set(ids))
    asked = "SELECT count(*) FROM chat_message WHERE role = 'user'"
    assert story.query(var, asked) == [(1,)]
