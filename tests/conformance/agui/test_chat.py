"""Chats of npm `@ag-ui/client` 1.0.0, unmodified, with a real server."""

import json
from typing import Any

import httpx
import pytest

from tests.api.server import Server
from tests.conformance.agui.agents import agent
from tests.conformance.agui.frames import asked, post

ASK = "How many rows by month?"
DEMO = {"forwardedProps": {"demo": "penguins"}}


def test_a_thread_of_the_clients_own_is_answered(server: Server, ada: httpx.Client):
    with agent(server) as one:
        outcome = one.run(ASK, id="mine", **DEMO)
    done, types = outcome.done, outcome.types

    assert outcome.ending == "success"
    assert types[:2] == ["RUN_STARTED", "STATE_SNAPSHOT"]
    assert types.count("TEXT_MESSAGE_START") == types.count("TEXT_MESSAGE_END") == 1
    assert types.count("STEP_STARTED") == types.count("STEP_FINISHED") > 1
    assert outcome.frames[0].event["protocolVersion"] == "1.0"
    ids = [int(frame.id) for frame in outcome.frames]
    assert ids == sorted(ids)
    assert [one["role"] for one in done["messages"]] == ["user", "assistant"]
    assert done["messages"][0] == {"id": "mine", "role": "user", "content": ASK}
    assert outcome.text().startswith(f"You asked: {ASK}")
    assert done["result"] == {"status": "answered", "operation": "reply"}
    state = done["state"]
    assert (state["state"], state["progress"]) == ("completed", 100)
    assert set(state["parts"]) >= {"intent_parsed", "query_executed", "data_summary"}
    assert state["parts"]["query_executed"]["content"]["result"]["row_count"] == 3
    kept = ada.get(f"/api/v1/sessions/{state['session_id']}/messages/").json()["results"]
    assert [one["text"] for one in kept] == [ASK, outcome.text()]


def test_a_thread_goes_on_with_what_was_said_before(server: Server):
    with agent(server) as one:
        one.run(ASK, **DEMO)
        outcome = one.run("And by island? call a tool")

        assert outcome.ending == "interrupt"
        messages = outcome.done["messages"]
        assert [one["role"] for one in messages] == ["user", "assistant", "user", "assistant"]
        assert [one["content"] for one in messages][::2] == [ASK, "And by island? call a tool"]
        assert messages[1]["content"].startswith("You asked")


def test_a_tool_is_asked_for_and_runs_once_it_may(server: Server, ada: httpx.Client):
    """Acceptance: a gate is an interrupt; the run goes on where it was."""
    with agent(server) as one:
        first = one.run("call a tool", id="mine", **DEMO)
        interrupt = first.interrupt
        second = one.resume(interrupt, {"approved": True, "comment": "Go on."})

    assert interrupt["reason"] == "tool_call"
    assert first.types[-3:] == ["STATE_SNAPSHOT", "MESSAGES_SNAPSHOT", "RUN_FINISHED"]
    assert interrupt["responseSchema"]["properties"]["digest"]["const"]
    (call,) = [one for one in first.frames if one.type == "TOOL_CALL_START"]
    assert call.event["toolCallId"] == interrupt["toolCallId"]
    assert call.event["toolCallName"] == "save_file"
    assert first.done["messages"][0]["id"] == "mine"
    assert first.done["state"]["state"] == "waiting"

    assert second.ending == "success"
    assert second.done["pendingInterrupts"] == []
    result = next(one.event for one in second.frames if one.type == "TOOL_CALL_RESULT")
    assert result["toolCallId"] == interrupt["toolCallId"]
    assert json.loads(result["content"])["result"]["path"] == "report.md"
    assert second.types.count("TOOL_CALL_START") == 0
    roles = [one["role"] for one in second.done["messages"]]
    assert roles == ["user", "assistant", "tool", "assistant"]
    gate = ada.get(f"/api/v1/gates/{interrupt['id']}/").json()
    assert (gate["decision"], gate["decided_by"]) == ("approve", "ada")
    assert (gate["comment"], gate["via"]) == ("Go on.", "api")
    assert first.done["state"]["run_id"] == second.done["state"]["run_id"]


def test_a_tool_runs_with_the_arguments_of_whoever_allowed_it(server: Server):
    with agent(server) as one:
        interrupt = one.run("call a tool", **DEMO).interrupt
        outcome = one.resume(interrupt, {"approved": True, "editedArgs": {"path": "mine.md"}})

    result = next(one.event for one in outcome.frames if one.type == "TOOL_CALL_RESULT")
    assert json.loads(result["content"])["result"]["path"] == "mine.md"
    (edited,) = [
        one.event for one in outcome.frames if one.event.get("name") == "tool_call_started"
    ]
    assert edited["value"]["arguments"] == {"path": "mine.md"}
    assert edited["value"]["toolCallId"] == interrupt["toolCallId"]


@pytest.mark.parametrize("how", ["denied", "abandoned"])
def test_a_tool_that_is_denied_does_not_run(server: Server, ada: httpx.Client, how: str):
    with agent(server) as one:
        interrupt = one.run("call a tool", **DEMO).interrupt
        if how == "denied":
            outcome = one.resume(interrupt, {"approved": False, "comment": "Not here."})
        else:
            outcome = one.abandon(interrupt)

    assert outcome.ending == "success"
    (result,) = [one.event for one in outcome.frames if one.type == "TOOL_CALL_RESULT"]
    assert json.loads(result["content"])["decision"] == "reject"
    assert outcome.done["result"]["status"] == "denied"
    assert outcome.text().startswith("It was not allowed")
    assert ada.get(f"/api/v1/gates/{interrupt['id']}/").json()["decision"] == "reject"


def test_a_question_is_answered_with_words(server: Server):
    with agent(server) as one:
        interrupt = one.run("ask me", **DEMO).interrupt
        unclear = one.resume(interrupt, {"approved": True})
        outcome = one.resume(interrupt, {"comment": "March", "approved": True})

    assert interrupt["reason"] == "input_required"
    assert unclear.ending == "invalid"
    assert outcome.ending == "success"
    assert "(March)" in outcome.text()


def test_everything_may_run_once_somebody_says_so(server: Server):
    with agent(server) as one:
        interrupt = one.run(
            "call a tool", forwardedProps={"demo": "penguins", "mode": "act"}
        ).interrupt
        assert one.resume(interrupt, {"decision": "approve_all"}).ending == "success"
        outcome = one.run("call a tool")

    assert outcome.ending == "success"
    calls = [one.event for one in outcome.frames if one.type == "TOOL_CALL_START"]
    assert len(calls) == 1
    assert outcome.types.count("TOOL_CALL_RESULT") == 1


def test_what_fails_says_why(server: Server):
    with agent(server) as one:
        outcome = one.run("fail", **DEMO)

    assert outcome.ending == "scripted"
    assert outcome.last["message"] == "The script says that this fails."
    assert outcome.done["errors"] == [outcome.last]


def test_a_message_may_come_in_parts(ada: httpx.Client):
    said: Any = [{"type": "text", "text": "How many rows"}, {"type": "text", "text": "by month?"}]
    body = asked("parts", "r1") | {
        **DEMO,
        "messages": [
            {"id": "u1", "role": "user", "content": said},
            {"id": "s1", "role": "system", "content": "Be brief."},
        ],
    }

    frames = post(ada, body)

    text = "".join(one.event["delta"] for one in frames if one.type == "TEXT_MESSAGE_CONTENT")
    assert text.startswith("You asked: How many rows\nby month?")
