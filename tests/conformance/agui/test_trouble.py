"""Clients of AG-UI while servers die, rights end and limits are reached."""

import os
import signal
import uuid
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.api import server as servers
from tests.api import walking
from tests.api.server import Server, Template
from tests.conformance.agui.agents import agent
from tests.conformance.agui.frames import answered, asked, error, join, post
from tests.conformance.agui.reducing import Client

ASK = "How many rows by month?"
LONG = '{"slow": {"reply": 0.1}, "words": 25}'
DEMO = {"forwardedProps": {"demo": "penguins"}}


def test_a_killed_server_takes_no_reply_with_it(template: Template, tmp_path: Path):
    """Reliability 1: kill -9 in the middle of a text; another worker goes on in it."""
    more = {"CAIRN_HEARTBEAT": "0.1", "CAIRN_LEASE": "1", "CAIRN_SCRIPT": LONG}
    with ExitStack() as stack:
        near = stack.enter_context(servers.running(template, tmp_path, **more))
        watching = {**more, "CAIRN_RUNNER": "off"}  # it does none of the work
        far = stack.enter_context(servers.running(template, tmp_path, **watching))
        one = stack.enter_context(agent(near))
        two = stack.enter_context(agent(far, thread=one.thread))
        one.tell("run", name="r1", text=ASK, **DEMO)
        one.event("TEXT_MESSAGE_CONTENT")
        two.tell("run", name="r1")
        two.event("TEXT_MESSAGE_CONTENT")
        os.kill(near.pid, signal.SIGKILL)
        stack.enter_context(servers.running(template, tmp_path, **more))
        outcome = two.done()
        kept = stack.enter_context(far.client("ada")).get(
            f"/api/v1/sessions/{outcome.done['state']['session_id']}/messages/"
        )

    assert outcome.ending == "success"
    names = [one.event.get("name", one.type) for one in outcome.frames]
    assert "run_reassigned" in names
    messages = [(one["role"], one["content"]) for one in outcome.done["messages"]]
    assert messages == [(one["role"], one["text"]) for one in kept.json()["results"]]
    assert len(messages) == 2


def behind(client: httpx.Client) -> tuple[str, str]:
    """Return a session and a run of it that stays queued: the one before waits for a person."""
    session = client.post("/api/v1/sessions/", json={"demo": "penguins"}).json()["id"]
    post(client, asked(session, "r1", "ask me"))
    said = client.post(f"/api/v1/sessions/{session}/messages/", json={"text": ASK})
    return session, said.json()["run_id"]


def test_a_user_holds_only_so_many_streams(server: Server, ada: httpx.Client):
    session, run = behind(ada)
    query = {"threadId": session, "runId": run}
    with ExitStack() as stack:
        statuses: list[int] = []
        while 429 not in statuses:
            opened = stack.enter_context(ada.stream("GET", "/ag-ui/chat", params=query))
            statuses.append(opened.status_code)
        refused = ada.post("/ag-ui/chat", json=asked(session, "r2", ASK))

    assert 1 < len(statuses) <= 41
    assert refused.status_code in (200, 429)
    if refused.status_code == 200:  # before the limit counts, the thread's own state does
        assert error(answered(refused))[0] == "interrupts_open"


def test_other_origins_are_let_in_where_they_are_named(ada: httpx.Client):
    wanted = {"Access-Control-Request-Method": "POST"}
    for origin, allowed in (("https://friend.example", True), ("https://evil.example", False)):
        answer = ada.options("/ag-ui/chat", headers={"Origin": origin, **wanted})
        assert ("access-control-allow-origin" in answer.headers) is allowed


def test_of_several_who_must_approve_each_sees_what_is_still_open(
    server: Server, ada: httpx.Client
):
    """Design 6, quorum: a vote is noted, and the interrupt stays until all have voted."""
    wish = {"goal": walking.new_goal(), "max_iterations": 1, "quorum": 2, "four_eyes": True}
    plan = ada.post("/api/v1/plans/", json=wish).json()
    gate = walking.waiting(ada, plan["run_id"])
    yes = {"interruptId": gate["id"], "status": "resolved", "payload": {"approved": True}}
    body = asked(plan["id"], "r2", resume=[yes])
    with server.client("rita") as rita, server.client("rob") as rob:
        own = error(post(ada, body, door="plan"))
        first = post(rita, body, door="plan")
        again = error(post(rita, body, door="plan"))
        second = post(rob, body, door="plan")

    assert own[0] == "not_allowed"
    assert [one["id"] for one in first[-1].event["outcome"]["interrupts"]] == [gate["id"]]
    assert again[0] == "invalid"
    assert Client().take(second).state["run_id"] == plan["run_id"]
    assert second[-1].event["outcome"] == {"type": "success"}


def test_a_thread_of_another_user_has_the_same_name_and_nothing_else(
    ada: httpx.Client, mallory: httpx.Client
):
    thread = f"ours-{uuid.uuid4().hex}"
    sessions = {
        post(client, asked(thread, "r1", ASK, **DEMO))[1].event["snapshot"]["session_id"]
        for client in (ada, mallory)
    }

    assert len(sessions) == 2
    assert join(ada, thread, "r1").status_code == 200
