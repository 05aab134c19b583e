"""Cancelling a run hangs up on the provider: nobody pays for an answer that nobody wants."""

import asyncio
import time

import pytest

from tests.agents.models.http_server import Exchange, serving
from tests.e2e.clients import LOOK, Client
from tests.e2e.conftest import Starter
from tests.e2e.servers import PATIENCE

pytestmark = pytest.mark.e2e


async def test_a_cancel_ends_the_request_to_the_provider_within_a_second(start: Starter) -> None:
    """Reliability 7, 24."""

    async def never(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.say('{"title": "A')
        await asyncio.sleep(PATIENCE)

    async with serving(never) as provider:
        server = start(model="m", model_url=provider.url, model_key="sk", model_output="native")
        async with Client(server.port) as client:
            plan = await client.new_plan(engine="pydantic-ai")
            async with asyncio.timeout(PATIENCE):
                await provider.arrived.wait()
            assert not provider.left.is_set()

            answer = await client.post(f"runs/{plan['run_id']}/cancel/")
            asked_at = time.monotonic()
            async with asyncio.timeout(PATIENCE):
                await provider.left.wait()
            seconds = time.monotonic() - asked_at

            assert answer.status_code == 202
            assert seconds < 1
            async with asyncio.timeout(PATIENCE):
                while (await client.run(plan["run_id"]))["state"] != "cancelled":  # noqa: ASYNC110 - there is nothing to await
                    await asyncio.sleep(LOOK)
    assert len(provider.asked) == 1
