"""Many at once, at two web processes on PostgreSQL: one of them wins, and all are told who."""

import asyncio
from collections import Counter

import httpx

from tests.distributed.farm import Farm
from tests.e2e.clients import Client, Watcher

RACERS = 50


async def test_of_fifty_answers_at_two_processes_one_wins_and_the_others_are_told_who(plot: Farm):
    """Reliability 4, distributed: one 200, and 409 with the winner for all others."""
    webs = [plot.web(), plot.web()]
    plot.worker()
    async with Client(webs[0].port) as here, Client(webs[1].port) as there:
        plan = await here.new_plan()
        async with Watcher(webs[1].port, plan["run_id"]) as watcher:
            gate = await watcher.type("gate_opened")
            answers = await asyncio.gather(
                *(
                    (here, there)[number % 2].answer(
                        gate, ("approve", "reject")[number % 3 == 0], comment=f"racer {number}"
                    )
                    for number in range(RACERS)
                )
            )
            told = await watcher.type("gate_answered")

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {200: 1, 409: RACERS - 1}
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    assert {_told(answer) for answer in answers if answer.status_code == 409} == {
        ("already_decided", "ada", won["decision"])
    }
    assert plot.query("SELECT comment FROM runs_answer") == [(won["comment"],)]
    assert (told["decision"], told["comment"]) == (won["decision"], won["comment"])


def _told(answer: httpx.Response) -> tuple[str, str, str]:
    error = answer.json()["error"]
    return error["code"], error["decided_by"], error["decision"]


async def test_twenty_requests_with_one_key_at_two_processes_make_one_plan(plot: Farm):
    """Reliability 4, distributed."""
    webs = [plot.web(), plot.web()]
    async with Client(webs[0].port) as here, Client(webs[1].port) as there:
        body = {"goal": "Open a second bakery"}
        answers = await asyncio.gather(
            *(
                (here, there)[number % 2].post(
                    "plans/", json=body, headers={"Idempotency-Key": "one"}
                )
                for number in range(20)
            )
        )

    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["run_id"] for answer in answers}) == 1
    assert plot.query("SELECT count(*) FROM runs_run") == [(1,)]
