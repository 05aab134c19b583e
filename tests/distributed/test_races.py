"""Requests with one idempotency key at two web processes on PostgreSQL; answers: `test_story`."""

import asyncio

from tests.distributed.farm import Farm
from tests.e2e.clients import Client


async def test_twenty_requests_with_one_key_at_two_processes_make_one_plan(plot: Farm):
    """Reliability 4, distributed."""
    webs = [plot.web(), plot.web()]
    async with Client(webs[0].port) as here, Client(webs[1].port) as there:
        body, headers = {"goal": "Open a second bakery"}, {"Idempotency-Key": "one"}
        answers = await asyncio.gather(
            *(
                (here, there)[number % 2].post("plans/", json=body, headers=headers)
                for number in range(20)
            )
        )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["run_id"] for answer in answers}) == 1
    assert plot.query("SELECT count(*) FROM runs_run") == [(1,)]
