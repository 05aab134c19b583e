"""Plans in npm `ai`: the proposal and each checkpoint are approvals of the same message."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api import walking
from tests.api.server import Server
from tests.conformance.aisdk.chatting import answer_of, chatting, reply, text, tool

pytestmark = pytest.mark.e2e


def approval(line: dict[str, Any]) -> str:
    call = tool(reply(line))
    assert call["state"] == "approval-requested"
    return str(call["approval"]["id"])


def test_a_plan_goes_through_its_proposal_and_checkpoints_to_its_end(
    server: Server, ada: httpx.Client
):
    """Reliability 19: what is approved is what is stored, whatever the client holds."""
    with chatting(server, door="plan", max_iterations=2, checkpoint_interval=1) as chat:
        line = chat.send(walking.new_goal())
        proposed = tool(reply(line))
        assert (proposed["toolName"], proposed["input"]["max_iterations"]) == ("proposal", 2)
        answers = [answer_of(line)]
        for number in (1, 2):
            line = chat.approve(approval(line))
            call = tool(reply(line))
            assert (call["toolName"], call["input"]["checkpoint"]) == ("checkpoint", number)
            answers.append(answer_of(line))
        line = chat.approve(approval(line), reason="Go on.")
        answers.append(answer_of(line))

    message = reply(line)
    plan = walking.get(ada, f"/api/v1/plans/{message['metadata']['plan_id']}/")
    assert [one["types"][-1] for one in answers] == ["finish"] * 4
    assert len(line["messages"]) == 2
    calls = [one for one in message["parts"] if one["type"] == "dynamic-tool"]
    assert [one["state"] for one in calls] == ["output-available"] * 3
    assert calls[-1]["output"] == {"decision": "approve", "decided_by": "ada", "comment": "Go on."}
    assert plan["state"] == "completed"
    assert text(message).endswith(plan["final_plan"])
    assert message["metadata"]["data_points"] == plan["metrics"]["data_points"]
    kinds = {one["type"] for one in message["parts"]}
    assert {"data-iteration", "data-metric", "data-card", "data-entity"} <= kinds
    iterations = [one["data"] for one in message["parts"] if one["type"] == "data-iteration"]
    assert [one["state"] for one in iterations] == ["completed", "completed"]


def test_a_plan_that_is_denied_ends(server: Server):
    with chatting(server, door="plan") as chat:
        line = chat.send(walking.new_goal())
        line = chat.approve(approval(line), approved=False, reason="No money.")
        again = chat.do("resume")

    assert answer_of(line)["types"][-1] == "finish"
    assert tool(reply(line))["state"] == "output-denied"
    assert again["answers"][0]["status"] == 204


def test_a_gate_that_has_expired_cannot_be_answered(server: Server, ada: httpx.Client):
    with chatting(server, door="plan", deadline_seconds=1) as chat:
        line = chat.send(walking.new_goal())
        walking.ended(ada, reply(line)["id"])
        late = chat.approve(approval(line))

    assert answer_of(late)["types"] == ["error"]
    assert "deadline has passed" in late["error"]
    assert walking.get(ada, f"/api/v1/runs/{reply(line)['id']}/")["state"] == "expired"


def test_the_owner_of_a_plan_for_four_eyes_cannot_approve_here_either(server: Server):
    """Reliability 19: four-eyes holds on every door."""
    with chatting(server, door="plan", four_eyes=True) as chat:
        line = chat.send(walking.new_goal())
        answered = chat.do("approve", id=approval(line), approved=True)["messages"]
        refused = chat.do("push")
        plan_id = reply(line)["metadata"]["plan_id"]
        with chatting(server, "rita", door="plan", chat_id=plan_id, messages=answered) as reviewer:
            allowed = reviewer.do("push")
        with chatting(server, "grace", door="plan", chat_id=plan_id, messages=answered) as other:
            unseen = other.do("push")

    assert answer_of(refused)["types"] == ["error"]
    assert "four eyes" in refused["error"]
    assert tool(reply(allowed))["toolName"] == "checkpoint"
    assert "There is no such approval" in unseen["error"]


def test_a_plan_is_followed_by_its_id_and_started_once_for_a_message(
    server: Server, ada: httpx.Client
):
    goal, chat_id = walking.new_goal(), uuid4().hex
    parts = [{"type": "text", "text": goal}]
    body = {"id": chat_id, "messages": [{"id": "m1", "role": "user", "parts": parts}]}
    first, second = (ada.post("/ai-sdk/plan", json=body).text for _ in range(2))
    plan_id = first.partition('"plan_id":"')[2][:36]
    with chatting(server, door="plan", chat_id=plan_id) as chat:
        line = chat.do("resume")
        refused = chat.send(walking.new_goal())

    assert first == second
    assert server.plans(goal) == 1
    assert tool(reply(line))["input"]["goal"] == goal
    assert "has its goal" in refused["error"]


def test_where_two_must_approve_the_first_is_told_so_and_the_second_goes_on(
    server: Server, ada: httpx.Client
):
    """Reliability 19: one of two approvals is none."""
    plan = walking.plan(ada, quorum=2, max_iterations=2, checkpoint_interval=2)
    walking.waiting(ada, plan["run_id"])
    with (
        chatting(server, "rita", door="plan", chat_id=plan["id"]) as first,
        chatting(server, door="plan", chat_id=plan["id"]) as second,
    ):
        gate = approval(first.do("resume"))
        noted = first.approve(gate)
        second.do("resume")
        line = second.approve(gate)

    assert answer_of(noted)["types"] == ["error"]
    assert "others must approve" in noted["error"]
    assert tool(reply(line))["toolName"] == "checkpoint"
