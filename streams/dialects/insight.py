"""The insight dialect: a reply as the messages of a task, for a stream and for a status alike.

    {"id": 12, "type": "progress", "name": "intent", "message": "Intent parsing...", "progress": 10}
    {"id": 13, "type": "intent_parsed", "name": "intent_parsed", "title": "Intent Analysis",
     "payload": {"intent_type": "PARTICULAR", ...}, "duration_ms": 40}
    {"id": 15, "type": "insight_generated", ..., "payload": {"text": "...", "facts": [...]}}
    {"type": "task_result", "id": 40, "result": {...}}
    {"type": "task_completed", "id": 42, "status": "completed"}

`id` is the event's position: the same message has the same one however it is read, so a client
that polls and streams at once shows nothing twice. `task_completed` or `task_error` comes last.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from streams.dialects.base import Dialect, Frame, Row
from streams.profiles import Mode

Data = dict[str, Any]
Message = dict[str, Any]
Build = Callable[[Data, str | None], Message]

TITLES = {
    "intent_parsed": "Intent Analysis",
    "query_executed": "Query",
    "insight_generated": "Insight",
    "data_summary": "Data Summary",
    "reference_read": "File",
}
CANCELLED = "The task was cancelled."
EXPIRED = "Nobody answered in time."
REJECTED = "The task was rejected."


def _progress(data: Data, content: str | None) -> Message:
    fields = {"message": data["message"], "progress": data["progress"]}
    return {"type": "progress", "name": data["step"], **fields}


def _step(name: str, message: str, **more: Any) -> Message:
    return {"type": "progress", "name": name, "message": message, **more}


def _still_working(data: Data, content: str | None) -> Message:
    seconds = data["seconds"]
    return _step("still_working", f"Still working ({seconds} s)...", seconds=seconds)


def _no_progress(data: Data, content: str | None) -> Message:
    seconds = data["seconds"]
    return _step("no_progress", f"Nothing new for {seconds} s.", seconds=seconds)


def _intent(data: Data, content: str | None) -> Message:
    names = ("intent_type", "confidence", "reasoning", "plot")
    payload = {name: data[name] for name in names}
    return {**_named("intent_parsed"), "payload": payload, "duration_ms": data["duration_ms"]}


def _named(name: str) -> Message:
    return {"type": name, "name": name, "title": TITLES[name]}


def _part(name: str) -> Build:
    def build(data: Data, content: str | None) -> Message:
        return {**_named(name), **_text(data, content), "duration_ms": data["duration_ms"]}

    return build


def _text(data: Data, content: str | None) -> Message:
    """Return the part itself, or where to pull it from."""
    if content is None:
        return {"message_id": data["message_id"], "sequence": data["sequence"]}
    return {"payload": json.loads(content or "null")}


def _gate(data: Data, content: str | None) -> Message:
    names = ("gate_id", "kind", "digest", "deadline", "decisions")
    about = {name: data[name] for name in names}
    return {"type": "waiting", "name": data["name"], "message": data["question"], **about}


def _answered(data: Data, content: str | None) -> Message:
    names = ("gate_id", "decision", "decided_by")
    fields = {name: data[name] for name in names}
    return {"type": "decided", "name": data["name"], **fields}


def _calls(data: Data, content: str | None) -> Message:
    calls = [
        {name: call[name] for name in ("call_id", "tool", "description", "arguments")}
        for call in data["calls"]
    ]
    return {"type": "tool_call_requested", "gate_id": data["gate_id"], "calls": calls}


def _tool(type_: str, *names: str) -> Build:
    def build(data: Data, content: str | None) -> Message:
        return {"type": type_, **{name: data.get(name) for name in names}}

    return build


def _retrying(data: Data, content: str | None) -> Message:
    seconds = round(data["retry_in_seconds"])
    return _step("retrying", f"That did not work. Trying again in {seconds} s...")


BUILDERS: Mapping[str, Build] = {
    "progress": _progress,
    "still_working": _still_working,
    "no_progress": _no_progress,
    "intent_parsed": _intent,
    **{name: _part(name) for name in TITLES if name != "intent_parsed"},
    "tool_call_requested": _calls,
    "tool_call_started": _tool("tool_call_started", "call_id", "tool", "arguments", "approval"),
    "tool_call_result": _tool("tool_call_result", "call_id", "result", "error"),
    "gate_opened": _gate,
    "gate_answered": _answered,
    "run_retrying": _retrying,
    "run_reassigned": lambda data, content: _step("reassigned", "Another worker goes on."),
    # Messages after `from` are told again: what was shown of them is to be taken away.
    "step_restarted": lambda data, content: {"type": "restarted", "from": data["from_position"]},
}
ERRORS = {"run_cancelled": CANCELLED, "run_expired": EXPIRED, "run_rejected": REJECTED}


def message(row: Row, mode: Mode = "inline") -> Message | None:
    """Return an event as a message of its task, or None if it is none."""
    build = BUILDERS.get(row.type)
    if build is None:
        return None
    content = (row.content or "") if row.has_content and mode == "inline" else None
    return {"id": row.position, **build(json.loads(row.body)["data"], content)}


def _end(row: Row, mode: Mode) -> Message | None:
    if row.type == "run_completed":
        return {"type": "task_completed", "status": "completed"}
    if row.type in ERRORS:
        return {"type": "task_error", "status": "error", "error": ERRORS[row.type]}
    if row.type not in ("result", "run_failed"):
        return None
    data = json.loads(row.body)["data"]
    if row.type == "run_failed":
        return {"type": "task_error", "status": "error", "error": data["error"]["message"]}
    text = _text(data, (row.content or "") if mode == "inline" else None)
    whole = {"result": text["payload"]} if "payload" in text else text
    return {"type": "task_result", **whole}


def _dump(message: Message) -> Frame:
    return Frame(json.dumps(message, separators=(",", ":"), ensure_ascii=False))


def _row(row: Row, mode: Mode) -> list[Frame]:
    told = message(row, mode)
    if told is None and (end := _end(row, mode)) is not None:
        told = {"id": row.position, **end}
    return [] if told is None else [_dump(told)]


def _control(type_: str, data: Data, moment: str) -> list[Frame]:
    """Tell the task first, with the addresses that `status` has as well."""
    if type_ != "stream_opened":
        return [_dump({"type": type_, **data})]
    names = ("task_id", "session_id", "status_url", "stream_url", "resume", "from", "to")
    return [_dump({"type": "task", **{name: data[name] for name in names if name in data}})]


INSIGHT = Dialect(name="insight", row=_row, control=_control)
