"""One event of each type that a session's stream can hold, with hostile text where people write."""

from typing import Any

from chat import events as chats
from runs import events as runs
from streams import events as streams
from streams.events import Event
from tests.chat.dialects.rows import GATE, HOSTILE, MESSAGE, REPLY

FAILURE = runs.Failure(code="scripted", message="The model is gone.")
CALL = chats.ToolCalled(
    call_id="call-1", tool="save_file", description="Writes a file.", arguments={"path": "a.md"}
)
PART: dict[str, Any] = {"message_id": MESSAGE, "reply_id": REPLY, "duration_ms": 7}
COMPLETED: dict[str, Any] = {"message_id": REPLY, "final_sequence": 9}
PROGRESS = chats.Progress(
    operation="reply", step="intent", agent="intent", progress=11.8, message="Intent parsing..."
)
INTENT = chats.IntentParsed(
    reply_id=REPLY,
    intent_type="PARTICULAR",
    confidence=0.9,
    reasoning="A count is asked for.",
    plot={"kind": "bar", "x": "month", "y": "count"},
    duration_ms=7,
)
OPENED = runs.GateOpened(
    gate_id=GATE,
    kind="tool",
    name="tool-1",
    digest="ab" * 32,
    deadline="2026-11-21T10:36:00.000Z",
    decisions=("approve", "approve_all", "reject"),
    question="May save_file run?",
)
ANSWERED = runs.GateAnswered(
    gate_id=GATE, kind="tool", name="tool-1", decision="approve", decided_by="ada", via="web"
)
READY = chats.DataModelReady(
    name="penguins", summary="Birds.", tables=1, columns=8, rows=12345, relationships=0,
    quality=97.5, issues=1,
)  # fmt: skip
RESULT = chats.Result(
    operation="reply",
    status="answered",
    reply_id=REPLY,
    message_id=MESSAGE,
    content='{"status":"answered","text":"March."}',
)

SAMPLES: tuple[Event, ...] = (
    chats.SessionStarted(title=HOSTILE, mode="plan", branch=str(GATE), data_set="penguins"),
    chats.StateChanged(new_state="thinking"),
    chats.MessageAdded(
        message_id=MESSAGE, role="user", turn=1, branch=str(GATE), by="ada", content=HOSTILE
    ),
    chats.MessageStarted(message_id=REPLY, turn=1, branch=str(GATE)),
    streams.ContentDelta(message_id=REPLY, sequence=3, content=HOSTILE),
    chats.MessageCompleted(status="complete", suggestions=(HOSTILE,), **COMPLETED),
    chats.MessageEnded(status="cancelled", **COMPLETED),
    INTENT,
    chats.QueryExecuted(row_count=3, content='{"sql":"SELECT 1"}', **PART),
    chats.InsightGenerated(content='{"text":"March.","facts":[]}', **PART),
    chats.DataSummarised(content='{"statistics":[]}', **PART),
    chats.ReferenceRead(content='{"path":"a.md"}', **PART),
    RESULT,
    READY,
    chats.ToolRequested(reply_id=REPLY, gate_id=GATE, calls=(CALL,) * 9),
    chats.ToolDecided(gate_id=GATE, decision="reject", decided_by="ada", reason=HOSTILE),
    chats.ToolStarted(
        reply_id=REPLY, call_id="call-1", tool="save_file", arguments={}, approval="given"
    ),
    chats.ToolFinished(reply_id=REPLY, call_id="call-1", result={"bytes": 3}),
    chats.ModeSwitched(mode="act", by="ada"),
    chats.BranchCreated(
        branch=str(GATE), name=HOSTILE, parent=str(GATE), fork_turn=1, by="ada"
    ),
    chats.BranchSwitched(branch=str(GATE), by="ada"),
    chats.BranchMerged(branch=str(GATE), source=str(GATE), how="append", turns=2, by="ada"),
    chats.TitleChanged(title=HOSTILE),
    PROGRESS,
    OPENED,
    ANSWERED,
    runs.GateApproved(gate_id=GATE, name="tool-1", by="ada", approvals=1, quorum=2),
    runs.GateExpired(gate_id=GATE, kind="tool", name="tool-1", policy="reject"),
    runs.StillWorking(number=1, seconds=10),
    runs.NoProgress(seconds=300, limit_seconds=300),
    runs.StepRestarted(step="reply-1", from_position=7),
    runs.RunStateChanged(state="running"),
    runs.RunRetrying(attempt=1, max_attempts=5, retry_in_seconds=2.4, error=FAILURE),
    runs.RunReassigned(reason="worker_lost"),
    runs.RunCompleted(message="Answered."),
    runs.RunFailed(error=FAILURE),
    runs.RunCancelled(reason="no longer needed"),
    runs.RunExpired(gate_id=GATE),
    runs.RunRejected(gate_id=GATE, decided_by="ada", comment=HOSTILE),
)  # fmt: skip
IDS = [event.type for event in SAMPLES]
ENDS: tuple[Event, ...] = tuple(event for event in SAMPLES if event.is_final)


def sample(type_: str) -> Event:
    return next(event for event in SAMPLES if event.type == type_)
