"""The context dialect: signals that something happened, without the text of it.

    {"type": "state_changed", "context_id": "...", "new_state": "thinking", "timestamp": "...Z"}
    {"type": "content_delta", "context_id": "...", "message_id": "...", "current_sequence": 3,
     "timestamp": "...Z"}
    {"type": "message_completed", "context_id": "...", "message_id": "...", "final_sequence": 9,
     "timestamp": "...Z"}
    {"type": "heartbeat", "timestamp": "...Z"}

A client pulls the text by message and sequence. Every frame is below 1 kB, and most are below
300 bytes, whatever people and models write: what they wrote is not in it, and names are cut.
In the inline mode the events that have text bring it as `content`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from streams.dialects.base import Dialect, Frame, Row
from streams.profiles import Mode

Data = dict[str, Any]
Message = dict[str, Any]
Build = Callable[[Data], Message]

NAME_BYTES = 64  # most that a frame tells of a name that somebody chose
ERROR_BYTES = 300
MOST_TOOLS = 3  # named in one signal; the session's state has all of them


def _short(value: Any, most: int = NAME_BYTES) -> Any:
    """Cut what somebody wrote to what a signal can carry of it, in characters JSON need not escape."""
    if not isinstance(value, str):
        return value
    plain = "".join(one if one.isprintable() else " " for one in value[:most])
    return plain.encode()[:most].decode(errors="ignore")


def _fields(*names: str, **renamed: str) -> Build:
    """Return a builder that passes fields on: keywords give the dialect's own names."""

    def build(data: Data) -> Message:
        known = {name: data[name] for name in names if name in data}
        known |= {ours: data[name] for ours, name in renamed.items() if name in data}
        return {name: _short(one) for name, one in known.items()}

    return build


def _completed(data: Data) -> Message:
    message = _fields("message_id", "final_sequence")(data)
    return message if data["status"] == "complete" else {**message, "status": data["status"]}


def _requested(data: Data) -> Message:
    tools = [_short(call["tool"]) for call in data["calls"][:MOST_TOOLS]]
    message = _fields("gate_id", message_id="reply_id")(data)
    return {**message, "count": len(data["calls"]), "tools": tools}


def _tool_ended(data: Data) -> Message:
    return {**_fields("call_id", message_id="reply_id")(data), "ok": not data.get("error")}


def _failed(data: Data) -> Message:
    return {
        "code": _short(data["error"]["code"]),
        "error": _short(data["error"]["message"], ERROR_BYTES),
    }


def _retrying(data: Data) -> Message:
    names = ("attempt", "max_attempts", "retry_in_seconds")
    return {**_fields(*names)(data), "code": _short(data["error"]["code"])}


_TEXT = _fields("message_id", current_sequence="sequence")
_PART = _fields("message_id", "reply_id", "duration_ms", current_sequence="sequence")
_NONE = _fields()
BUILDERS: Mapping[str, Build] = {
    "session_started": _fields("mode", "branch"),
    "state_changed": _fields("new_state"),
    "message_added": _fields("message_id", "role", "turn", "branch", current_sequence="sequence"),
    "message_started": _fields("message_id", "turn", "branch"),
    "content_delta": _TEXT,
    "message_completed": _completed,
    "message_ended": lambda data: {"type": "message_completed", **_completed(data)},
    "intent_parsed": _fields("intent_type", "confidence", "duration_ms", message_id="reply_id"),
    "query_executed": _PART,
    "insight_generated": _PART,
    "data_summary": _PART,
    "reference_read": _PART,
    "result": _fields("operation", "status", "message_id", current_sequence="sequence"),
    "data_model_ready": _fields("tables", "columns", "rows", "quality"),
    "tool_call_requested": _requested,
    "tool_call_decided": _fields("gate_id", "decision", "decided_by"),
    "tool_call_started": _fields("call_id", "tool", "approval", message_id="reply_id"),
    "tool_call_result": _tool_ended,
    "gate_opened": _fields("gate_id", "kind", "digest", "deadline"),
    "gate_vote": _fields("gate_id", "approvals", "quorum"),
    "gate_answered": _fields("gate_id", "kind", "decision", "decided_by"),
    "gate_expired": _fields("gate_id", "kind", "policy"),
    "mode_switched": _fields("mode", "by"),
    "branch_created": _fields("branch", "name", "parent", "fork_turn"),
    "branch_switched": _fields("branch", "by"),
    "branch_merged": _fields("branch", "source", "how", "turns"),
    "title_changed": _NONE,
    "progress": _fields("operation", "step", "progress"),
    "still_working": _fields("number", "seconds"),
    "no_progress": _fields("seconds", "limit_seconds"),
    "step_restarted": _fields("step", "from_position"),
    "run_state": _fields("state", "reason"),
    "run_retrying": _retrying,
    "run_reassigned": _fields("reason"),
    "run_completed": _NONE,
    "run_failed": _failed,
    "run_cancelled": _NONE,
    "run_expired": _fields("gate_id"),
    "run_rejected": _fields("gate_id", "decided_by"),
}
OF_RUNS = frozenset(
    {"progress", "still_working", "no_progress"}
    | {name for name in BUILDERS if name.startswith("run_")}
)


def _dump(message: Message) -> Frame:
    return Frame(json.dumps(message, separators=(",", ":"), ensure_ascii=False))


def _row(row: Row, mode: Mode) -> list[Frame]:
    build = BUILDERS.get(row.type)
    if build is None:
        return []
    event = json.loads(row.body)
    message = {"type": row.type, "context_id": event.get("session_id"), **build(event["data"])}
    if row.type in OF_RUNS:
        message["run_id"] = event.get("run_id")
    message["timestamp"] = event["timestamp"]
    if row.has_content and mode == "inline":
        message["content"] = row.content or ""
    return [_dump(message)]


def _control(type_: str, data: Data, moment: str) -> list[Frame]:
    """Leave out a snapshot: it holds text, which a client of signals pulls itself."""
    known = {name: value for name, value in data.items() if name != "snapshot"}
    return [_dump({"type": type_, **known, "timestamp": moment})]


def _heartbeat(moment: str) -> list[Frame]:
    return [_dump({"type": "heartbeat", "timestamp": moment})]


def _named(frames: list[Frame]) -> list[Frame]:
    return [Frame(frame.data, json.loads(frame.data)["type"]) for frame in frames]


CONTEXT = Dialect(name="context", row=_row, control=_control, heartbeat=_heartbeat)
CONTEXT_NAMED = Dialect(
    name="context-named",
    row=lambda row, mode: _named(_row(row, mode)),
    control=lambda type_, data, moment: _named(_control(type_, data, moment)),
    heartbeat=lambda moment: _named(_heartbeat(moment)),
)
