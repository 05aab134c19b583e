"""The context dialect: signals of a bounded size, and no text unless a client asks for it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import events as chats
from runs import events as runs
from streams.dialects.context import BUILDERS, CONTEXT, CONTEXT_NAMED
from streams.events import KNOWN, ContentDelta, ContentEvent, Event, storable
from tests.chat.dialects.rows import (
    GATE,
    HOSTILE,
    MESSAGE,
    REPLY,
    RUN,
    SESSION,
    TIME,
    control,
    golden,
    messages,
    raw,
)
from tests.chat.dialects.samples import COMPLETED, IDS, SAMPLES, sample

HEAD = f'"context_id":"{SESSION}"'
TAIL = f'"timestamp":"{TIME}"}}'
GOLDEN: list[tuple[str, str]] = [
    ("state_changed", f'{{"type":"state_changed",{HEAD},"new_state":"thinking",{TAIL}'),
    (
        "content_delta",
        f'{{"type":"content_delta",{HEAD},"message_id":"{REPLY}","current_sequence":3,{TAIL}',
    ),
    (
        "message_completed",
        f'{{"type":"message_completed",{HEAD},"message_id":"{REPLY}","final_sequence":9,{TAIL}',
    ),
    (
        "message_ended",
        f'{{"type":"message_completed",{HEAD},"message_id":"{REPLY}","final_sequence":9,'
        f'"status":"cancelled",{TAIL}',
    ),
    (
        "message_added",
        f'{{"type":"message_added",{HEAD},"message_id":"{MESSAGE}","role":"user","turn":1,'
        f'"branch":"{GATE}","current_sequence":1,{TAIL}',
    ),
    (
        "tool_call_requested",
        f'{{"type":"tool_call_requested",{HEAD},"gate_id":"{GATE}","message_id":"{REPLY}",'
        f'"count":9,"tools":["save_file","save_file","save_file"],{TAIL}',
    ),
    (
        "gate_opened",
        f'{{"type":"gate_opened",{HEAD},"gate_id":"{GATE}","kind":"tool","digest":"{"ab" * 32}",'
        f'"deadline":"2026-11-21T10:36:00.000Z",{TAIL}',
    ),
    ("mode_switched", f'{{"type":"mode_switched",{HEAD},"mode":"act","by":"ada",{TAIL}'),
    (
        "branch_switched",
        f'{{"type":"branch_switched",{HEAD},"branch":"{GATE}","by":"ada",{TAIL}',
    ),
    (
        "run_failed",
        f'{{"type":"run_failed",{HEAD},"code":"scripted","error":"The model is gone.",'
        f'"run_id":"{RUN}",{TAIL}',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "expected"), GOLDEN, ids=[type_ for type_, _ in GOLDEN])
def test_a_signal_is_told_in_exactly_these_bytes(type_: str, expected: str):
    """Rows 4-11, 4-12, 4-13; reliability 15."""
    assert raw(sample(type_), CONTEXT, "signal") == golden(expected)


@pytest.mark.parametrize("event", SAMPLES, ids=IDS)
def test_a_signal_is_small_and_without_any_text(event: Event):
    """Rows 4-2, 4-53."""
    sent = raw(event, CONTEXT_NAMED, "signal")

    (message,) = messages([event], CONTEXT, "signal")
    assert {"content", "delta", "text"}.isdisjoint(message)
    assert len(sent) < 400
    assert HOSTILE.encode("utf-8", "replace")[:20] not in sent
    assert (message["context_id"], message["timestamp"]) == (str(SESSION), TIME)


def test_each_event_that_a_session_can_have_is_known_and_tried_here():
    """Row 4-2."""
    of_sessions = {
        type_
        for type_, event in KNOWN.items()
        if event.__module__ in ("chat.events", "runs.events", "streams.events")
    }

    assert set(BUILDERS) == set(IDS)
    assert of_sessions <= set(BUILDERS)


@given(st.text(max_size=2000))
def test_no_name_that_people_or_models_choose_makes_a_signal_large(text: str):
    """Row 4-2: every frame is below 1 kB."""
    calls = (chats.ToolCalled(call_id=text, tool=text),) * 20
    failure = runs.Failure(code=text, message=text)
    events: list[Event] = [
        chats.ToolRequested(reply_id=REPLY, gate_id=GATE, calls=calls),
        chats.BranchCreated(branch=text, name=text, parent=text, fork_turn=0, by=text),
        chats.ModeSwitched(mode=text, by=text),
        runs.RunFailed(error=failure),
        runs.GateAnswered(
            gate_id=GATE, kind=text, name=text, decision=text, decided_by=text, via=text
        ),
        chats.Progress(operation=text, step=text, progress=1, message=text),
    ]

    for event in events:
        sent = raw(event, CONTEXT_NAMED, "signal")
        assert len(sent) < 1000
        assert json.loads(sent.split(b"data: ", 1)[1])["type"] == event.type


@pytest.mark.parametrize("event", [one for one in SAMPLES if isinstance(one, ContentEvent)])
def test_the_inline_mode_adds_the_text_to_the_same_message(event: ContentEvent):
    """Rows 4-16, 4-54, 0-31: with line ends of every kind in it."""
    (inline,) = messages([event], CONTEXT, "inline")
    (signal,) = messages([event], CONTEXT, "signal")

    text = inline.pop("content")
    assert inline == signal
    assert text == storable(event.content)


def test_a_heartbeat_is_a_message_that_scripts_can_see():
    """Rows 4-14, 4-28."""
    (beat,) = CONTEXT.heartbeat(TIME)
    (named,) = CONTEXT_NAMED.heartbeat(TIME)

    assert beat.data == f'{{"type":"heartbeat","timestamp":"{TIME}"}}'
    assert (named.data, named.event) == (beat.data, "heartbeat")


def test_the_first_frame_says_how_the_way_back_went_and_holds_no_text():
    """Reliability 10; row 4-2."""
    known = {"context_id": str(SESSION), "resume": "snapshot", "from": 1, "to": 4, "position": 4}
    (opened,) = control(CONTEXT, "stream_opened", **known, snapshot={"messages": [HOSTILE]})

    assert opened == {"type": "stream_opened", **known, "timestamp": TIME}


def test_a_message_that_was_stopped_says_so_where_it_ends():
    """Row 4-32."""
    events = [chats.MessageCompleted(status=status, **COMPLETED) for status in ("complete", "x")]

    assert [one.get("status") for one in messages(events, CONTEXT)] == [None, "x"]


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=10))
def test_sequences_of_a_message_are_told_without_gaps(texts: list[str]):
    """Row 4-8."""
    deltas = [
        ContentDelta(message_id=REPLY, sequence=number, content=text)
        for number, text in enumerate(texts, 1)
    ]

    told = messages(deltas, CONTEXT, "signal")

    assert [one["current_sequence"] for one in told] == list(range(1, len(texts) + 1))
