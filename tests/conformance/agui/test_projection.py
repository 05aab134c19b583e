"""The AG-UI dialect, event by event: what a client is told of a run, and what it is not."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest

from chat import events as chats
from planning import events as plans
from runs import events as runs
from streams import sse
from streams.dialects.agui import Projection
from streams.dialects.agui_conversation import Names
from streams.events import ContentDelta, Event
from streams.rows import Row
from tests.chat.dialects.rows import GATE, MESSAGE, REPLY, RUN, row
from tests.chat.dialects.samples import ANSWERED, OPENED, PROGRESS, SAMPLES
from tests.conformance.agui.frames import Json, validated
from tests.sse_client import Parser

TWO = tuple(
    chats.ToolCalled(call_id=f"call-{n}", tool="save_file", arguments={"path": f"{n}.md"})
    for n in (1, 2)
)
REQUESTED = chats.ToolRequested(reply_id=REPLY, gate_id=GATE, calls=TWO)
DENIED = ANSWERED.model_copy(update={"decision": "reject", "comment": "Not here."})
COMPLETED = runs.RunCompleted()
CALLS = [f"{RUN.hex}:call-{n}" for n in (1, 2)]


def projection(sent: Iterable[tuple[str, str]] = ()) -> Projection:
    return Projection(RUN.hex, thread="t", name="r", about={}, names=Names(sent))


def delta(text: str, message: UUID = REPLY) -> ContentDelta:
    return ContentDelta(message_id=message, content=text)


def said(text: str, message: UUID = MESSAGE) -> chats.MessageAdded:
    return chats.MessageAdded(message_id=message, role="user", turn=1, branch="b", content=text)


def rows(*events: Event, run: UUID = RUN) -> list[Row]:
    made = [row(event, position) for position, event in enumerate(events, 1)]
    for one in made:
        one.run = run.hex
    return made


def told(*given: Event, one: Projection | None = None) -> list[Json]:
    """Return what a client is told of these events, each valid."""
    client = one or projection()
    found = [json.loads(frame.data) for each in rows(*given) for frame in client.row(each)]
    return [validated("1", event).event for event in found]


def begun(client: Projection, **how: Any) -> list[Json]:
    found = [json.loads(frame.data) for frame in client.begin([], **how)]
    return [validated("1", event).event for event in found]


def types(events: list[Json]) -> list[str]:
    return [one["type"] for one in events]


def results(events: list[Json]) -> dict[str, Json]:
    return {
        one["toolCallId"]: json.loads(one["content"])
        for one in events
        if one["type"] == "TOOL_CALL_RESULT"
    }


@pytest.mark.parametrize("event", SAMPLES, ids=[event.type for event in SAMPLES])
def test_no_text_can_break_a_frame(event: Event):
    """Reliability 15: CRLF, U+2028, NUL, halves of surrogates and emoji in text."""
    (one,) = rows(event)
    sent = b"".join(sse.frame(frame.data, id=7) for frame in projection().row(one))

    assert b"\r" not in sent
    assert b"\x00" not in sent
    assert sent.decode().splitlines() == sent.decode().split("\n")[:-1]
    for message in Parser().feed(sent):
        validated(message.id, message.json)


def test_a_run_that_ends_closes_what_is_open():
    for last in (COMPLETED, runs.RunFailed(error=runs.Failure(code="c", message="m"))):
        kinds = types(told(PROGRESS, delta("Half "), last))
        assert kinds.index("TEXT_MESSAGE_END") < kinds.index("STEP_FINISHED") < len(kinds) - 1


def test_two_calls_of_one_gate_are_one_interrupt():
    client = projection()
    events = told(REQUESTED, OPENED, one=client)
    (*_, finished) = (json.loads(frame.data) for frame in client.interrupt([]))
    (asked,) = finished["outcome"]["interrupts"]

    assert types(events).count("TOOL_CALL_START") == 2
    assert "toolCallId" not in asked
    assert asked["metadata"]["toolCallIds"] == CALLS
    assert list(asked["responseSchema"]["properties"]["editedArgs"]["properties"]) == CALLS
    validated("1", finished)


def test_a_denial_settles_every_call_once():
    late = chats.ToolFinished(reply_id=REPLY, call_id="call-1", error="It was denied.")
    events = told(REQUESTED, OPENED, DENIED, late)

    decided = {"decision": "reject", "decided_by": "ada", "comment": "Not here."}
    assert results(events) == dict.fromkeys(CALLS, decided)
    assert types(events).count("TOOL_CALL_RESULT") == 2


def test_a_gate_that_nobody_answered_is_a_denial_if_its_policy_says_so():
    expired = runs.GateExpired(gate_id=GATE, kind="tool", name="tool-1", policy="reject")

    assert results(told(REQUESTED, OPENED, expired))[CALLS[0]]["policy"] == "reject"


def test_a_tool_gate_of_which_no_calls_were_told_is_settled_as_well():
    assert results(told(OPENED, ANSWERED))[str(GATE)]["decision"] == "approve"


def test_what_a_step_has_said_in_vain_is_forgotten():
    """A worker died: what it told after the step began is told again, by another."""
    client = projection()
    again = runs.StepRestarted(step="reply-1", from_position=1)
    call = chats.ToolStarted(
        reply_id=REPLY, call_id="call-1", tool="t", arguments={}, approval="given"
    )
    events = told(said("Hello"), delta("In vain"), call, again, one=client)
    (frame,) = client.messages([])
    events += told(delta("For good"), call, one=client)

    assert types(events).index("TEXT_MESSAGE_END") < types(events).index("CUSTOM")
    kept = json.loads(frame.data)["messages"]
    assert [one["role"] for one in kept] == ["user"]
    assert types(events).count("TEXT_MESSAGE_START") == 2
    assert types(events).count("TOOL_CALL_START") == 2


def test_who_joins_finds_open_what_is_open():
    client = projection()
    for one in rows(said("Hello"), PROGRESS, delta("Half "), delta("a text")):
        client.seen(one)
    events = begun(client)

    assert types(events)[3:] == ["STEP_STARTED", "TEXT_MESSAGE_START"]
    assert events[2]["messages"][-1]["content"] == "Half a text"
    assert events[1]["snapshot"]["message"] == "Intent parsing..."


def test_who_joins_a_run_that_ended_is_told_how():
    client = projection()
    for one in rows(said("Hello"), delta("All"), COMPLETED):
        client.seen(one)
    events = begun(client)

    assert types(events)[3:] == ["RUN_FINISHED"]
    assert client.is_over


def test_a_gate_is_the_end_only_while_it_is_open():
    for waits in (True, False):
        client = projection()
        for one in rows(REQUESTED, OPENED):
            client.seen(one)
        assert ("RUN_FINISHED" in types(begun(client, waits=waits))) is waits
        assert client.is_over is waits


def test_only_the_progress_of_a_run_before_is_told():
    client = projection()
    before = [
        frame
        for one in rows(PROGRESS, delta("Not mine"), COMPLETED, run=uuid4())
        for frame in client.row(one)
    ]
    told(delta("Mine"), one=client)
    (late,) = rows(PROGRESS, run=uuid4())

    (progress,) = [json.loads(frame.data) for frame in before]
    assert (progress["type"], progress["name"]) == ("CUSTOM", "progress")
    assert client.row(late) == []
    assert not client.is_over


def test_a_client_gets_its_users_messages_under_its_own_ids():
    client = projection([("u1", "Hello"), ("u2", "Hello"), ("u3", "Bye")])
    for one in rows(said("Hello"), delta("Hello")):
        client.seen(one)
    before = [
        {"id": "x", "role": "user", "content": "Hello"},
        {"id": "y", "role": "user", "content": "Said elsewhere"},
    ]
    (frame,) = client.messages(before)

    ids = [one["id"] for one in json.loads(frame.data)["messages"]]
    assert ids == ["u1", "y", "u2", str(REPLY)]


def test_what_the_protocol_has_no_event_for_comes_under_its_own_name():
    card = plans.EducationalCard(iteration=1, title="SWOT", description="Four cells.")
    (event,) = told(card)

    assert (event["type"], event["name"]) == ("CUSTOM", "educational_card")
    assert event["value"]["title"] == "SWOT"


def test_only_what_has_changed_is_told_of_the_state():
    changed = PROGRESS.model_copy(update={"progress": 20.0})
    events = told(PROGRESS, changed)

    assert events[-1] == {
        "type": "STATE_DELTA",
        "delta": [{"op": "add", "path": "/progress", "value": 20.0}],
    }
