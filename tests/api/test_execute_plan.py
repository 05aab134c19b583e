"""GET /api/execute-plan on a real server: one stream for a whole plan."""

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.api import walking
from tests.api.server import Server
from tests.api.wire import stream
from tests.sse_client import Message

pytestmark = pytest.mark.e2e
PATH = "/api/execute-plan"
WITH_TEXT = {"checkpoint_reached", "final_plan"}


def finished(client: httpx.Client, **query: Any) -> list[Message]:
    """Follow a plan without checkpoints to its end."""
    with stream(client, PATH, goal=walking.new_goal(), **query) as opened:
        return opened.rest()


def test_one_stream_carries_a_plan_across_its_checkpoints(ada: httpx.Client):
    """Rows 2-20 to 2-29, 2-42, 2-48, 2-53, 2-58, 2-13."""
    goal = walking.new_goal()
    with stream(ada, PATH, goal=goal, max_iterations=4, checkpoint_interval=2) as opened:
        found = opened.until("checkpoint_reached")
        session = found[0].json["session_id"]
        assert walking.approve(ada, session, 1).json()["status"] == "approved"
        found += opened.until("checkpoint_reached")
        walking.approve(ada, session, 2)
        found += opened.rest()

    iterations = ["iteration_started", "iteration_started"]
    checkpoint = ["checkpoint_reached", "checkpoint_approved"]
    ends = ["final_plan", "plan_saved", "complete"]
    expected = ["session", "planning_started", *(iterations + checkpoint) * 2, *ends]
    assert walking.told(found) == expected
    numbers = [one.json["iteration"] for one in found if one.type == "iteration_started"]
    assert numbers == [1, 2, 3, 4]
    assert found[0].json["retry_url"] == f"{PATH}?{urlencode({'session_id': session})}"
    final = next(one.json for one in found if one.type == "final_plan")
    plan = walking.get(ada, f"/api/v1/plans/{session}/")
    assert final["plan"] == plan["final_plan"]
    assert {name: final[name] for name in ("iterations", "checkpoints")} == {
        "iterations": 4,
        "checkpoints": 2,
    }
    assert final["data_points"] == plan["metrics"]["data_points"]
    assert b"\r" not in opened.raw
    assert "iteration_progress" in [one.type for one in found]


def test_status_frames_are_small_and_their_sum_is_published(
    ada: httpx.Client, record_testsuite_property: Any
):
    """Row 2-47: the sum is in the test report, without the texts of checkpoints and plan."""
    sizes: dict[str, int] = {}
    session = ""
    with stream(ada, PATH, goal=walking.new_goal(), max_iterations=4) as opened:
        for message in opened:
            if message.type == "checkpoint_reached":
                walking.approve(ada, session, message.json["checkpoint_number"])
            if message.type == "session":
                session = message.json["session_id"]
                continue
            if message.type not in WITH_TEXT:
                frame = len(f"id: {message.id}\ndata: {message.data}\n\n".encode())
                assert frame <= 500, message.data
                sizes[message.type] = sizes.get(message.type, 0) + frame

    outline = sum(size for type_, size in sizes.items() if type_ not in walking.QUIET)
    record_testsuite_property("status_bytes_of_4_2", sum(sizes.values()))
    record_testsuite_property("status_bytes_of_4_2_without_progress", outline)
    assert outline <= 3_000


def test_goal_alone_is_enough_and_one_iteration_is_the_default(server: Server, ada: httpx.Client):
    """Rows 2-16, 2-18."""
    found = finished(ada, proposal="", session_id="")

    started = next(one.json for one in found if one.type == "planning_started")
    assert (started["max_iterations"], started["checkpoint_interval"]) == (1, 2)
    assert walking.told(found)[-3:] == ["final_plan", "plan_saved", "complete"]
    assert server.plans(started["goal"]) == 1


def test_the_stored_proposal_counts_and_not_the_figures_of_the_address(ada: httpx.Client):
    """Trap T18; rows 2-4, 2-77."""
    stored = walking.post(
        ada,
        "/api/plan",
        {"goal": walking.new_goal(), "max_iterations": 2, "checkpoint_interval": 1},
    ).json()
    claimed: dict[str, Any] = {
        "goal": "another",
        "max_iterations": 20,
        "checkpoint_interval": 9,
        "proposal": "no",
    }

    with stream(ada, PATH, session_id=stored["session_id"], **claimed) as opened:
        started = opened.until("planning_started")[-1].json

    assert (started["max_iterations"], started["checkpoint_interval"]) == (2, 1)
    assert started["goal"] != "another"
    gate = walking.get(ada, f"/api/v1/gates/{stored['gate_id']}/")
    assert (gate["decision"], gate["digest"]) == ("approve", stored["digest"])


def test_the_session_of_another_user_is_a_name_like_any_other(
    server: Server, ada: httpx.Client, grace: httpx.Client
):
    """Reliability 17; row 2-17: grace never sees ada's plan."""
    hers, theirs = walking.new_goal(), walking.new_goal()
    with stream(ada, PATH, goal=hers, session_id="shared name") as opened:
        plan_id = opened.until("planning_started")[0]
    own = walking.plan(ada, goal=hers)["id"]
    for session in ("shared name", own):
        with stream(grace, PATH, goal=theirs, session_id=session) as opened:
            assert opened.until("planning_started")[-1].json["goal"] == theirs
            opened.rest()

    assert plan_id.json["session_id"] == "shared name"
    assert server.plans(theirs) == 2
