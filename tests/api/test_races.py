"""Many at once against a real server: one wins, the others are told who did."""

from functools import partial

import httpx
import pytest

from tests.api import walking
from tests.api.server import REVIEWERS, Server

pytestmark = pytest.mark.e2e


def test_of_fifty_answers_one_wins_and_the_others_are_told_who(server: Server, ada: httpx.Client):
    """Rows 2-33, 2-43; reliability 4."""
    started = walking.plan(ada)
    gate = walking.waiting(ada, started["run_id"])
    clients = [server.client(name) for name in ("ada", *REVIEWERS)]
    choices = ("approve", "reject")
    calls = [
        partial(walking.answer, clients[number % 5], gate, choices[number % 2])
        for number in range(50)
    ]

    answers = walking.at_once(calls)

    won = [one.json() for one in answers if one.status_code == 200]
    lost = [one.json()["error"] for one in answers if one.status_code == 409]
    assert (len(won), len(lost)) == (1, 49)
    winner = (won[0]["decided_by"], won[0]["decision"])
    told = {(one["code"], one["decided_by"], one["decision"]) for one in lost}
    assert told == {("already_decided", *winner)}
    key = gate["id"].replace("-", "")
    rows = server.rows("SELECT decision FROM runs_answer WHERE gate_id = ?", key)
    assert rows == [(winner[1],)]
    for client in clients:
        client.close()


@pytest.mark.parametrize("path", ["plans", "entities", "files", "sessions"])
def test_ten_requests_with_one_key_make_one_thing(server: Server, ada: httpx.Client, path: str):
    """Api.md, Idempotency-Key; reliability 4."""
    goal, headers = walking.new_goal(), {"Idempotency-Key": f"key-{walking.new_goal()}"}
    more = {
        "plans": {"json": {"goal": goal}},
        "entities": {"json": {"title": goal, "body": "Text."}},
        "sessions": {"json": {"title": goal}},
        "files": {"files": {"file": (f"{goal}.md", b"# Text")}},
    }[path]
    address = f"/api/v1/{path}/"
    calls = [partial(ada.post, address, headers=headers, **more) for _ in range(10)]  # type: ignore[arg-type]

    answers = [walking.checked(one) for one in walking.at_once(calls)]

    name = "slug" if path == "entities" else "id"
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()[name] for one in answers}) == 1
    again = walking.checked(ada.post(address, headers=headers, **more))  # type: ignore[arg-type]
    assert again.json()[name] == answers[0].json()[name]
    with server.client("grace") as grace:
        theirs = walking.checked(grace.post(address, headers=headers, **more))  # type: ignore[arg-type]
    assert theirs.status_code == 201
    assert theirs.json()[name] != answers[0].json()[name]


def test_ten_branches_with_one_key_are_one_plan(server: Server, ada: httpx.Client):
    """Api.md, Idempotency-Key."""
    started = walking.plan(ada, max_iterations=1, checkpoint_interval=1)
    walking.answer(ada, walking.waiting(ada, started["run_id"], "proposal"))
    walking.waiting(ada, started["run_id"], "checkpoint")
    address = f"/api/v1/plans/{started['id']}/branch/"
    headers = {"Idempotency-Key": "one-branch"}
    call = partial(walking.post, ada, address, {"checkpoint": 1}, headers=headers)

    answers = walking.at_once([call] * 10)

    assert {one.status_code for one in answers} == {202}
    assert len({one.json()["id"] for one in answers}) == 1
    assert server.plans(started["goal"]) == 2


def test_ten_uploads_of_one_name_are_ten_files(ada: httpx.Client):
    """Reliability 20: names that collide are no error."""
    file = {"file": (f"{walking.new_goal()}.md", b"# Text")}

    answers = walking.at_once([partial(ada.post, "/api/v1/files/", files=file)] * 10)

    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["slug"] for one in answers}) == 10


def test_ten_equal_gets_start_one_plan(server: Server, ada: httpx.Client):
    """Row 2-17; trap T1."""
    goal = walking.new_goal()

    def first_frame(session_id: str) -> str:
        query = {"goal": goal, "session_id": session_id}
        with ada.stream("GET", "/api/execute-plan", params=query) as response:
            assert response.status_code == 200
            return next(response.iter_lines())

    walking.at_once([partial(first_frame, "")] * 10)
    assert server.plans(goal) == 1
    walking.at_once([partial(first_frame, f"chat {goal}")] * 10)
    assert server.plans(goal) == 2
