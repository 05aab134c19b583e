"""The AI SDK dialect, event by event: what a client is told of a run, and what it is not."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from chat import events as chats
from runs import events as runs
from streams import sse
from streams.dialects.aisdk import DONE, EXPIRED, UNSETTLED, Asked, Reply, Void
from streams.events import ContentDelta, Event
from streams.rows import Row
from tests.chat.dialects.rows import GATE, HOSTILE, REPLY, RUN, row
from tests.chat.dialects.samples import ANSWERED, OPENED, PROGRESS, SAMPLES
from tests.sse_client import Parser

Chunk = dict[str, Any]
METADATA = {"run_id": str(RUN)}
TWO = tuple(
    chats.ToolCalled(call_id=f"call-{n}", tool="save_file", arguments={"path": f"{n}.md"})
    for n in (1, 2)
)
REQUESTED = chats.ToolRequested(reply_id=REPLY, gate_id=GATE, calls=TWO)
COMPLETED = runs.RunCompleted()


def delta(text: str, message: UUID = REPLY) -> ContentDelta:
    return ContentDelta(message_id=message, content=text)


def rows(*events: Event, run: UUID = RUN) -> list[Row]:
    made = [row(event, position) for position, event in enumerate(events, 1)]
    for one in made:
        one.run = run.hex
    return made


def told(
    given: Iterable[Row],
    *,
    asked: Asked | None = None,
    after_gate: str = "",
    voids: Sequence[Void] = (),
) -> list[Chunk]:
    """Return what a client is told of these rows, after `start`."""
    reply = Reply(RUN.hex, METADATA, after_gate=after_gate)
    reply.skip(voids)
    data = [frame.data for one in given for frame in reply.row(one, asked)]
    assert DONE not in data[:-1]
    assert (data[-1:] == [DONE]) == reply.is_over
    return [json.loads(one) for one in data if one != DONE]


def types(chunks: list[Chunk]) -> list[str]:
    return [one["type"] for one in chunks]


def settled(chunks: list[Chunk]) -> dict[str, str]:
    outputs = [one for one in chunks if one["type"].startswith("tool-output")]
    return {one["toolCallId"]: one["type"].removeprefix("tool-output-") for one in outputs}


def test_no_text_can_break_a_frame():
    """Reliability 15: CRLF, U+2028, NUL, halves of surrogates and emoji in text."""
    for event in SAMPLES:
        reply = Reply(RUN.hex, METADATA)
        (one,) = rows(event)
        sent = b"".join(sse.frame(frame.data, id=7) for frame in reply.row(one))
        assert b"\r" not in sent
        assert b"\x00" not in sent
        assert sent.decode().splitlines() == sent.decode().split("\n")[:-1]
        for message in Parser().feed(sent):
            assert message.data == DONE or message.json["type"]


def test_text_is_one_part_from_its_first_piece_to_its_last():
    ended = chats.MessageCompleted(message_id=REPLY, final_sequence=2, status="complete")
    chunks = told(rows(delta("a"), PROGRESS, delta(HOSTILE), ended, COMPLETED))

    assert types(chunks) == [
        "start-step", "text-start", "text-delta", "data-progress", "text-delta", "text-end",
        "data-progress", "finish-step", "finish",
    ]  # fmt: skip
    assert {one.get("id") for one in chunks if one["type"].startswith("text")} == {str(REPLY)}


@pytest.mark.parametrize(
    ("event", "last"),
    [
        (COMPLETED, {"type": "finish", "finishReason": "stop"}),
        (runs.RunRejected(gate_id=GATE), {"type": "finish", "finishReason": "other"}),
        (runs.RunExpired(gate_id=GATE), {"type": "error", "errorText": EXPIRED}),
        (runs.RunCancelled(reason="Enough."), {"type": "abort", "reason": "Enough."}),
        (
            runs.RunFailed(error=runs.Failure(code="x", message="Gone.")),
            {"type": "error", "errorText": "Gone."},
        ),
    ],
)
def test_whatever_ends_a_run_nothing_is_left_open(event: Event, last: Chunk):
    """Reliability 15: also a call that was allowed and never ran, which a client would send again."""
    chunks = told(rows(delta("a"), REQUESTED, event))

    assert chunks[-1] == last
    assert types(chunks)[-5:-1] == [
        *(["data-progress"] if event is COMPLETED else []),
        "text-end", "tool-output-error", "tool-output-error", "finish-step",
    ][-4:]  # fmt: skip
    assert {one["errorText"] for one in chunks if one["type"] == "tool-output-error"} == {UNSETTLED}


def test_each_call_of_a_gate_has_an_approval_of_its_own():
    chunks = told(rows(REQUESTED, OPENED))

    requests = [one for one in chunks if one["type"] == "tool-approval-request"]
    assert [(one["approvalId"], one["toolCallId"]) for one in requests] == [
        (f"{GATE}.1", "call-1"),
        (f"{GATE}.2", "call-2"),
    ]
    assert {one["signature"] for one in requests} == {OPENED.digest}
    assert chunks[-1] == {"type": "finish", "finishReason": "tool-calls"}


def test_a_gate_that_was_approved_is_not_asked_about_again_in_a_replay():
    decided = Asked(payload={}, is_open=False)
    chunks = told(rows(REQUESTED, OPENED, ANSWERED), asked=decided)
    denied = Asked(payload={}, is_open=False, is_denied=True)
    no = ANSWERED.model_copy(update={"decision": "reject"})

    assert types(chunks)[-1] == "finish-step"
    assert "tool-approval-request" not in types(chunks)
    again = told(rows(REQUESTED, OPENED, no), asked=denied)
    assert "tool-approval-request" in types(again)  # a denied call has an approval
    assert settled(again) == {"call-1": "denied", "call-2": "denied"}


def test_what_was_told_before_an_answered_gate_is_not_told_again():
    started = chats.ToolStarted(
        reply_id=REPLY, call_id="call-1", tool="save_file", arguments={"path": "other.md"},
        approval="given",
    )  # fmt: skip
    returned = chats.ToolFinished(reply_id=REPLY, call_id="call-1", result={"bytes": 3})
    decided = Asked(payload={}, is_open=False)
    log = rows(delta("before"), REQUESTED, OPENED, ANSWERED, started, returned, delta("after"))
    chunks = told(log, asked=decided, after_gate=str(GATE))

    assert types(chunks) == [
        "tool-input-available", "tool-output-available", "start-step", "text-start", "text-delta",
    ]  # fmt: skip
    assert chunks[0]["input"] == {"path": "other.md"}  # what somebody made of it elsewhere
    assert chunks[-1]["delta"] == "after"


def test_a_gate_that_is_no_calls_is_a_call_of_its_own():
    opened = OPENED.model_copy(update={"kind": "checkpoint"})
    answered = ANSWERED.model_copy(update={"kind": "checkpoint"})
    payload = {"checkpoint": 1, "summary": HOSTILE}
    chunks = told(rows(opened, answered), asked=Asked(payload=payload, is_open=False))

    call = chunks[1]
    assert (call["toolCallId"], call["toolName"], call["input"]) == (
        str(GATE), "checkpoint", payload,
    )  # fmt: skip
    assert chunks[-1]["output"] == {"decision": "approve", "decided_by": "ada"}


@pytest.mark.parametrize(
    ("policy", "outcome"), [("reject", "denied"), ("expire", "error"), ("approve", "available")]
)
def test_nobody_answering_is_told_by_the_gates_policy(policy: str, outcome: str):
    opened = OPENED.model_copy(update={"kind": "checkpoint"})
    expired = runs.GateExpired(gate_id=GATE, kind="checkpoint", name="checkpoint-1", policy=policy)
    chunks = told(rows(opened, expired), asked=Asked(payload={}, is_open=False))

    assert settled(chunks) == {str(GATE): outcome}


def test_a_step_that_began_anew_is_told_once_to_whoever_reads_from_the_start():
    """Reliability 1, 11."""
    second = uuid4()
    restarted = runs.StepRestarted(step="reply-1", from_position=1)
    log = rows(PROGRESS, delta("half"), restarted, delta("whole", second), COMPLETED)

    live = told(log)
    replayed = told(log, voids=[(1, 3)])

    assert types(live).count("text-end") == 2
    assert "data-restarted" in types(live)
    assert [one["delta"] for one in replayed if one["type"] == "text-delta"] == ["whole"]
    assert "data-restarted" not in types(replayed)


def test_of_the_runs_before_it_a_client_sees_how_far_they_are_and_nothing_else():
    before = rows(PROGRESS, delta("theirs"), COMPLETED, run=uuid4())
    after = rows(PROGRESS, run=uuid4())
    chunks = told([*before, *rows(delta("ours")), *after])

    assert types(chunks) == ["data-progress", "start-step", "text-start", "text-delta"]
    assert chunks[0]["transient"] is True
