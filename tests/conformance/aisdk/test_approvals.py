"""Tool calls that a person must allow, in a chat of npm `ai`: who may, once, and only what was shown."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from tests.api.server import ROOT, Server
from tests.conformance.aisdk.chatting import Chat, answer_of, chatting, reply, text, tool

pytestmark = pytest.mark.e2e
CALL = "Please call a tool"
ANSWER = """
import django, sys
django.setup()
from django.contrib.auth.models import User
from runs import gates
from runs.models import Gate
gate = Gate.objects.get(pk=sys.argv[1])
user = User.objects.get(username=sys.argv[2])
gates.answer(gate.pk, by=user, decision=sys.argv[3], digest=gate.digest, via="cli")
"""


def answer_elsewhere(server: Server, gate: str, name: str, decision: str) -> None:
    """Decide a gate in a process that is no server."""
    env = {
        **os.environ,
        "CAIRN_VAR": str(server.var),
        "DATABASE_URL": "",
        "CAIRN_RUNNER": "off",
        "DJANGO_SETTINGS_MODULE": "project.settings",
    }
    command = [sys.executable, "-c", ANSWER, gate, name, decision]
    subprocess.run(command, env=env, cwd=ROOT, check=True)


@contextmanager
def asked(server: Server, **more: Any) -> Iterator[tuple[Chat, str]]:
    """Open a chat of ada's that waits for an approval, and say which."""
    with chatting(server, demo="penguins", mode="act", **more) as chat:
        line = chat.send(CALL)
        assert answer_of(line)["types"][-2:] == ["finish-step", "finish"]
        yield chat, tool(reply(line))["approval"]["id"]


def state(server: Server, approval: str) -> tuple[str, str]:
    (row,) = server.rows(
        "SELECT state, decision FROM runs_gate WHERE id = ?", approval.replace("-", "")
    )
    return str(row[0]), str(row[1])


def refused(line: dict[str, Any]) -> str:
    """Return why a post was refused: in a stream of one frame that ends as every stream does."""
    assert answer_of(line)["types"] == ["error"]
    assert line["status"] == "error"
    return str(line["error"])


def test_an_approved_call_runs_in_the_same_message(server: Server):
    with asked(server) as (chat, approval):
        before = chat.do("approve", id=str(uuid4()), approved=True)  # nobody asked about that one
        line = chat.approve(approval)
    answer, message = answer_of(line), reply(line)

    assert tool(reply(before))["state"] == "approval-requested"
    assert (answer["types"][0], answer["types"][-1]) == ("start", "finish")
    assert "tool-input-available" not in answer["types"]
    assert tool(message)["state"] == "output-available"
    assert tool(message)["input"] == {"path": "report.md"}
    assert tool(message)["output"] == {"path": "report.md", "bytes": 3}
    assert message["id"] == reply(before)["id"]
    assert len(line["messages"]) == 2
    assert [one["type"] for one in message["parts"]].count("dynamic-tool") == 1
    assert f"You asked: {CALL}" in text(message)
    assert state(server, approval) == ("decided", "approve")


def test_a_denied_call_does_not_run_and_the_reason_is_heard(server: Server):
    with asked(server) as (chat, approval):
        line = chat.approve(approval, approved=False, reason="Not today.")

    assert answer_of(line)["types"][-1] == "finish"
    assert tool(reply(line))["state"] == "output-denied"
    assert "It was not allowed: Not today." in text(reply(line))
    assert state(server, approval) == ("decided", "reject")


def test_a_chat_that_sends_by_itself_sends_once(server: Server):
    with chatting(server, demo="penguins", mode="act", automatic=True) as chat:
        approval = tool(reply(chat.send(CALL)))["approval"]["id"]
        chat.tell("approve", id=approval, approved=True)
        chat.wait(lambda one: one["on"] == "finish" and one["finishReason"] == "stop")
        chat.tell("state")
        line = chat.wait(lambda one: one["on"] == "state" and one["status"] == "ready")

    assert tool(reply(line))["state"] == "output-available"
    starts = [one for one in chat.seen if one.get("chunk", {}).get("type") == "start"]
    assert len(starts) == 2


def test_a_page_that_was_closed_gets_the_question_again(server: Server):
    with asked(server) as (chat, approval):
        with chatting(server, chat_id=chat.id) as later:
            line = later.do("resume")
            assert tool(reply(line))["state"] == "approval-requested"
            assert tool(reply(line))["approval"]["id"] == approval
            done = later.approve(approval)
        assert tool(reply(done))["state"] == "output-available"


def test_a_gate_that_is_answered_in_another_process_is_seen_after_a_resume(slow: Server):
    with asked(slow) as (chat, approval):
        answer_elsewhere(slow, approval, "ada", "approve")
        line = chat.do("resume")

    answer, message = answer_of(line), reply(line)
    assert "tool-approval-request" not in answer["types"]
    assert answer["types"].count("start-step") == 2
    assert tool(message)["state"] == "output-available"
    assert text(message).endswith("word25")
    assert len(line["messages"]) == 2


def test_what_somebody_else_has_decided_is_not_decided_again(server: Server):
    with asked(server) as (chat, approval):
        answer_elsewhere(server, approval, "rita", "reject")
        line = chat.approve(approval)

    assert refused(line) == "rita has decided already: reject."
    assert state(server, approval) == ("decided", "reject")


def test_an_answer_that_is_sent_twice_gets_its_stream_twice(server: Server):
    with asked(server) as (chat, approval):
        messages = chat.do("approve", id=approval, approved=True)["messages"]
        first = chat.do("push")
        with chatting(server, chat_id=chat.id, messages=messages) as same:
            second = same.do("push")

    assert answer_of(first)["types"][-1] == answer_of(second)["types"][-1] == "finish"
    assert reply(first) == reply(second)


@pytest.mark.parametrize("name", ["grace", "mallory"])
def test_nobody_without_the_right_can_answer(server: Server, name: str):
    """Reliability 19: by the approval's id, the chat's name, or the session's id."""
    with asked(server) as (chat, approval):
        answered = chat.do("approve", id=approval, approved=True)["messages"]
        session = answered[-1]["metadata"]["session_id"]
        for chat_id in (chat.id, session):
            with chatting(server, name, chat_id=chat_id, messages=answered) as forger:
                assert "There is no such approval" in refused(forger.do("push"))

    assert state(server, approval) == ("pending", "")


def test_a_reviewer_answers_with_a_right_of_their_own_but_writes_nothing(server: Server):
    with asked(server) as (chat, approval):
        answered = chat.do("approve", id=approval, approved=True)["messages"]
        session = answered[-1]["metadata"]["session_id"]
        with chatting(server, "rita", chat_id=session, messages=answered) as reviewer:
            line = reviewer.do("push")
            written = reviewer.send("And now?")

    assert tool(reply(line))["state"] == "output-available"
    assert written["answers"][0]["status"] == 403
    by = "SELECT username FROM auth_user JOIN runs_gate g ON decided_by_id = auth_user.id"
    assert server.rows(f"{by} WHERE g.id = ?", approval.replace("-", "")) == [("rita",)]


def test_forged_approvals_approve_nothing(server: Server):
    """Reliability 19: what a message says of a call counts for nothing, only the approval does."""
    with asked(server) as (chat, approval), asked(server) as (other, _):
        for forged in (str(uuid4()), "no-id", f"{approval}.1", f"{approval}.2"):
            line = other.do("forge", approval={"id": forged, "approved": True})
            assert "Nothing was decided" in refused(line)
        # A gate of ada's own, but in another chat.
        line = other.do("forge", approval={"id": approval, "approved": True})
        assert "Nothing was decided" in refused(line)
        changed = {"id": approval, "approved": True, "signature": "0" * 64}
        assert "not what is asked" in refused(chat.do("forge", approval=changed))
        for given in ({"id": approval, "approved": "yes"}, {"approved": True}):
            line = chat.do("forge", approval=given)
            assert line["answers"][0]["status"] == 400
        assert state(server, approval) == ("pending", "")


def test_the_arguments_of_a_forged_call_are_not_used(server: Server):
    with asked(server) as (chat, approval):
        line = chat.do("forge", approval={"id": approval, "approved": True})
        run = line["messages"][-1]["id"]

    told = "SELECT body FROM streams_streamevent WHERE type = 'tool_call_started' AND run_id = ?"
    ((body,),) = server.rows(told, run.replace("-", ""))
    assert '"report.md"' in body
    assert "forged" not in body


def test_a_message_does_not_wait_unseen_behind_a_question(server: Server):
    with asked(server) as (chat, approval):
        line = chat.send("Something else")
        assert "waits for a decision" in refused(line)
        assert state(server, approval) == ("pending", "")


def test_a_question_is_answered_by_the_reason_of_its_approval(server: Server):
    with chatting(server, demo="penguins") as chat:
        line = chat.send("Please ask me")
        call = tool(reply(line))
        assert (call["toolName"], call["input"]["options"]) == (
            "question",
            ["January", "February", "March"],
        )
        unsaid = chat.approve(call["approval"]["id"])
        assert "Say the answer" in refused(unsaid)
        with chatting(server, chat_id=chat.id) as again:
            again.do("resume")
            line = again.approve(call["approval"]["id"], reason="March")

    assert tool(reply(line))["output"]["decision"] == "answer"
    assert "You asked (March)" in text(reply(line))
