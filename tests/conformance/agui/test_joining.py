"""Clients of AG-UI that lost their connection, come late, or come to another server."""

import uuid
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.api import server as servers
from tests.api import walking
from tests.api.server import Server, Template
from tests.api.wire import proxy
from tests.conformance.agui.agents import agent
from tests.conformance.agui.frames import answered, asked, join, post
from tests.conformance.agui.reducing import Client

ASK = "How many rows by month?"
DEMO = {"forwardedProps": {"demo": "penguins"}}
BRIEF = {"forwardedProps": {"max_iterations": 2, "checkpoint_interval": 1}}
YES = {"approved": True}


def test_a_cut_connection_is_taken_up_in_the_middle_of_a_text(slow: Server):
    """Acceptance: a run outlives its reader; the same runId joins it."""
    with proxy(slow.port) as line, agent(slow, port=line.port) as one:
        one.tell("run", name="r1", text=ASK, **DEMO)
        one.event("TEXT_MESSAGE_CONTENT")
        line.cut()
        assert "failed" in one.done().done
        outcome = one.run(name="r1")
        again = one.run(name="r1")

    assert outcome.ending == "success"
    types = outcome.types
    assert types[:3] == ["RUN_STARTED", "STATE_SNAPSHOT", "MESSAGES_SNAPSHOT"]
    assert types[3:5] == ["STEP_STARTED", "TEXT_MESSAGE_START"]
    shown, opened = outcome.frames[2].event["messages"][-1], outcome.frames[4].event
    assert shown["id"] == opened["messageId"]
    rest = [one.event["delta"] for one in outcome.frames if one.type == "TEXT_MESSAGE_CONTENT"]
    assert rest
    assert shown["content"] + "".join(rest) == outcome.text()
    assert [one["role"] for one in outcome.done["messages"]] == ["user", "assistant"]
    assert again.types == [*types[:3], "RUN_FINISHED"]
    assert again.done["messages"] == outcome.done["messages"]


def test_to_go_away_is_not_to_cancel(slow: Server):
    with agent(slow) as one:
        one.tell("run", name="r1", text=ASK, **DEMO)
        one.event("TEXT_MESSAGE_CONTENT")
        one.tell("abort")
        one.done("run")
        thread = one.thread
    with slow.client("ada") as ada:
        frames = answered(join(ada, thread, "r1"))

    assert frames[-1].event["outcome"] == {"type": "success"}


def test_who_cancels_is_told_so(slow: Server):
    with agent(slow) as one, slow.client("ada") as ada:
        one.tell("run", text=ASK, **DEMO)
        state = one.event("STATE_SNAPSHOT")["snapshot"]
        one.event("TEXT_MESSAGE_CONTENT")
        assert ada.post(state["cancel_url"]).status_code == 202
        outcome = one.done()

    assert outcome.ending == "cancelled"
    assert outcome.done["state"]["state"] == "cancelled"
    assert "result" not in outcome.last


def test_a_run_that_waits_ends_with_the_same_interrupt_for_whoever_comes(server: Server):
    with agent(server, door="plan") as one, server.client("ada") as ada:
        interrupt = one.run("Open a bakery", name="r1", **BRIEF).interrupt
        found = [
            post(ada, asked(one.thread, "r1", "Open a bakery"), door="plan"),
            post(ada, asked(one.thread, "r9"), door="plan"),
            answered(join(ada, one.thread, "r1", door="plan")),
            answered(join(ada, one.thread, door="plan")),
        ]

    for frames in found:
        kinds = ["RUN_STARTED", "STATE_SNAPSHOT", "MESSAGES_SNAPSHOT", "RUN_FINISHED"]
        assert [one.type for one in frames] == kinds
        assert frames[-1].event["outcome"]["interrupts"] == [interrupt]


def test_whatever_a_client_saw_last_it_ends_up_with_the_same(server: Server, ada: httpx.Client):
    """For any disconnect point, what is joined is what an uninterrupted client has."""
    thread = str(uuid.uuid4())
    first = post(ada, asked(thread, "r1", "call a tool", **DEMO))
    (interrupt,) = first[-1].event["outcome"]["interrupts"]
    yes = {"interruptId": interrupt["id"], "status": "resolved", "payload": YES}
    second = post(ada, asked(thread, "r2", resume=[yes]))
    whole = Client().take(first).take(second)
    last = int(second[-1].id)

    assert whole.ending["outcome"] == {"type": "success"}
    for position in range(last):
        one = Client().take(answered(join(ada, thread, "r2", **{"Last-Event-ID": str(position)})))
        assert one.messages == whole.messages, position
        assert one.state == whole.state, position
        assert one.ending == whole.ending
    assert join(ada, thread, "r2", **{"Last-Event-ID": str(last)}).status_code == 204


def test_an_answer_that_is_sent_twice_decides_once(server: Server, ada: httpx.Client):
    thread = str(uuid.uuid4())
    first = post(ada, asked(thread, "r1", "call a tool", **DEMO))
    (interrupt,) = first[-1].event["outcome"]["interrupts"]
    yes = {"interruptId": interrupt["id"], "status": "resolved", "payload": YES}
    bodies = [asked(thread, "r2", resume=[yes])] * 4

    for frames in walking.at_once([partial(post, ada, body) for body in bodies]):
        assert frames[-1].event["outcome"] == {"type": "success"}
        assert Client().take(first).take(frames).messages
    decided = "SELECT COUNT(*) FROM runs_answer WHERE gate_id = ?"
    assert server.rows(decided, uuid.UUID(interrupt["id"]).hex) == [(1,)]


def test_a_message_that_is_sent_twice_starts_one_run(server: Server, ada: httpx.Client):
    thread = str(uuid.uuid4())
    body = asked(thread, "r1", f"{ASK} {thread}", **DEMO)

    found = walking.at_once([partial(post, ada, body)] * 4)

    runs = {frames[1].event["snapshot"]["run_id"] for frames in found}
    assert len(runs) == 1
    other = post(ada, asked(thread, "r1", "The same run says something else"))
    assert other[1].event["snapshot"]["run_id"] in runs
    session = found[0][1].event["snapshot"]["session_id"]
    sql = "SELECT COUNT(*) FROM chat_message WHERE session_id = ? AND role = 'user'"
    assert server.rows(sql, uuid.UUID(session).hex) == [(1,)]


def test_a_gate_is_answered_at_another_server(template: Template, tmp_path: Path):
    """Reliability 8: two processes on one database; the run goes on where it is answered."""
    more = {"CAIRN_HEARTBEAT": "0.2"}
    with ExitStack() as stack:
        near = stack.enter_context(servers.running(template, tmp_path, **more))
        far = stack.enter_context(servers.running(template, tmp_path, **more))
        one = stack.enter_context(agent(near, door="plan"))
        interrupt = one.run("Open a bakery", name="r1", **BRIEF).interrupt
        two = stack.enter_context(agent(far, door="plan", thread=one.thread))
        assert two.run().interrupt == interrupt
        at_far = two.resume(interrupt, YES).interrupt
        assert one.abandon(interrupt).interrupt == at_far
        last = one.resume(at_far, {"decision": "approve_all"})

    assert last.ending == "success"


def test_streams_that_wait_hold_no_thread(server: Server, ada: httpx.Client):
    """Reliability 12: the thread-free path, as for the other streams."""
    plan = walking.plan(ada, max_iterations=1)
    walking.waiting(ada, plan["run_id"])

    def threads() -> int:
        return len(list(Path(f"/proc/{server.pid}/task").iterdir()))

    session = ada.post("/api/v1/sessions/", json={"demo": "penguins"}).json()
    text = {"text": "ask me"}
    waits = ada.post(f"/api/v1/sessions/{session['id']}/messages/", json=text).json()["run_id"]
    walking.waiting(ada, waits)
    behind = ada.post(f"/api/v1/sessions/{session['id']}/messages/", json=text).json()["run_id"]
    query = {"threadId": session["id"], "runId": behind}
    before = threads()
    with ExitStack() as stack:
        readers = []  # kept, or their connections would be closed
        for _ in range(30):
            opened = stack.enter_context(ada.stream("GET", "/ag-ui/chat", params=query))
            readers.append(opened.iter_raw())
            assert next(readers[-1]).startswith(b"id: ")
        during = threads()

    assert during <= before + 3, (before, during)


@pytest.mark.parametrize(
    ("named", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"threadId": "a\u0000b"}, 400, "invalid"),
        ({"threadId": "t", "runId": "x" * 101}, 400, "invalid"),
        ({"threadId": "nobody's"}, 404, "unknown_thread"),
        ({"threadId": str(uuid.UUID(int=7)), "runId": "r1"}, 404, "unknown_thread"),
    ],
)
def test_there_must_be_something_to_join(
    ada: httpx.Client, named: dict[str, str], status: int, code: str
):
    response = ada.get("/ag-ui/chat", params=named)

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_a_connection_that_had_its_share_is_renewed(template: Template, tmp_path: Path):
    """The byte cap: its end says what to do, and doing that misses nothing."""
    with (
        servers.running(template, tmp_path, CAIRN_ROTATE_BYTES="2048") as server,
        server.client("ada") as ada,
    ):
        ends = []
        frames = post(ada, asked("long", "r1", ASK, **DEMO))
        while frames[-1].type == "RUN_ERROR":
            ends.append(frames[-1].event["code"])
            frames = post(ada, asked("long", "r1", ASK), **{"Last-Event-ID": frames[-1].id})
    found = Client().take(frames)

    assert ends
    assert set(ends) == {"reconnect"}
    assert found.ending["outcome"] == {"type": "success"}
    assert found.messages[-1]["content"].startswith(f"You asked: {ASK}")
