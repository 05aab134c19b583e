"""GET /api/execute-plan again: a reconnect attaches, and only a new wish starts a new plan."""

from typing import Any

import httpx
import pytest

from tests.api import walking
from tests.api.server import Server
from tests.api.wire import proxy, stream

pytestmark = pytest.mark.e2e
PATH = "/api/execute-plan"


@pytest.mark.parametrize("session_id", ["", "my chat"])
def test_a_killed_connection_goes_on_with_the_same_plan(
    server: Server, ada: httpx.Client, session_id: str
):
    """Rows 2-17, 2-61; traps T1, T5."""
    goal = walking.new_goal()
    query: dict[str, Any] = {"goal": goal, "session_id": session_id, "max_iterations": 2}
    with proxy(server.port) as line, server.client("ada", port=line.port) as far:
        with stream(far, PATH, **query) as opened:
            found = opened.until("iteration_started")
            line.cut()
            with pytest.raises(httpx.HTTPError):
                found += opened.rest()
        with stream(far, PATH, last_id=found[-1].id, **query) as opened:
            found += opened.until("checkpoint_reached")
            assert found[-1].json["checkpoint_number"] == 1
        name = found[0].json["session_id"]
        walking.approve(ada, name, 1)
        with stream(far, PATH, last_id=found[-1].id, **query) as opened:
            found += opened.rest()

    assert server.plans(goal) == 1
    with stream(ada, PATH, session_id=name) as opened:
        assert walking.facts(opened.rest()) == walking.facts(found)


def test_a_finished_plan_ends_a_reconnect_and_a_new_request_starts_a_new_one(
    server: Server, ada: httpx.Client
):
    """Row 2-17; trap T5."""
    for session_id in ("", f"chat {walking.new_goal()}"):
        query: dict[str, Any] = {"goal": walking.new_goal(), "session_id": session_id}
        with stream(ada, PATH, **query) as opened:
            last = opened.rest()[-1].id

        assert ada.get(PATH, params=query, headers={"Last-Event-ID": last}).status_code == 204
        assert ada.get(PATH, params={**query, "after": last}).status_code == 204
        assert server.plans(query["goal"]) == 1
        with stream(ada, PATH, **query) as opened:
            assert walking.told(opened.rest())[-1] == "complete"
        assert server.plans(query["goal"]) == 2


def test_the_address_for_retrying_tells_a_finished_plan_again(server: Server, ada: httpx.Client):
    """Row 2-17: a reload of a page tells the past, it starts nothing."""
    goal = walking.new_goal()
    with stream(ada, PATH, goal=goal, session_id=goal[-30:]) as opened:
        first = opened.rest()

    with stream(ada, first[0].json["retry_url"]) as opened:
        again = opened.rest()

    assert walking.facts(again) == walking.facts(first)
    assert server.plans(goal) == 1


def test_a_session_may_plan_again_for_another_goal(server: Server, ada: httpx.Client):
    """Row 2-17: a session is a chat, it may have several plans."""
    session, goals = walking.new_goal()[-30:], [walking.new_goal(), walking.new_goal()]
    for goal in goals:
        with stream(ada, PATH, goal=goal, session_id=session) as opened:
            assert opened.until("planning_started")[-1].json["goal"] == goal
            opened.rest()

    assert [server.plans(goal) for goal in goals] == [1, 1]


def test_a_reader_may_change_the_dialect_in_the_middle(ada: httpx.Client):
    """Conflict C4; trap T17: the same cursor in both, nothing lost or doubled."""
    goal = walking.new_goal()
    with stream(ada, PATH, goal=goal, max_iterations=2) as opened:
        first = opened.until("checkpoint_reached")
    session, cut = first[0].json["session_id"], first[-1].id
    run = walking.get(ada, f"/api/v1/plans/{session}/")["run_id"]
    walking.approve(ada, session, 1)
    walking.ended(ada, run)
    native = f"/api/v1/runs/{run}/events/"
    with stream(ada, native) as opened:
        whole = [(one.id, one.type) for one in opened.rest() if not one.is_control]

    middle = next(id_ for id_, type_ in whole if type_ == "final_plan")
    with stream(ada, native, last_id=cut) as opened:
        second = opened.until("final_plan")
    with stream(ada, PATH, last_id=middle, session_id=session) as opened:
        third = opened.rest()

    known = {one[0]: one[1] for one in whole}
    ids = [one[0] for one in walking.facts(first) + walking.facts(third)]
    assert [one.id for one in second if not one.is_control] == [
        id_ for id_, _ in whole if int(cut) < int(id_) <= int(middle)
    ]
    assert all(id_ in known for id_ in ids)
    assert ids == sorted(set(ids), key=int)
    assert [one.type for one in third] == ["session", "plan_saved", "complete"]
