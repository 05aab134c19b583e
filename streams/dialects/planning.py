"""The planning dialect: flat messages as the first planning chat sent them.

    {"type": "planning_started", "goal": "...", "max_iterations": 4, "checkpoint_interval": 2}
    {"type": "iteration_started", "iteration": 1, "max": 4}
    ...
    {"type": "complete"}

Each message's SSE id is the event's position, so a reader may change to another dialect in
between. `complete` is always the last one, also after an error, a rejection or a cancellation.
"""

import json
from collections.abc import Callable
from typing import Any

from streams.dialects.base import Dialect, Frame, Row
from streams.profiles import Mode

Data = dict[str, Any]
Message = dict[str, Any]
Build = Callable[[Data, str | None], list[Message]]

GOAL_BYTES = 300  # keeps the frame below 500 bytes in every script; the plan has the whole goal


def _fields(*names: str) -> Build:
    """Return a builder that passes these fields on, as far as they are there."""

    def build(data: Data, content: str | None) -> list[Message]:
        return [{name: data[name] for name in names if name in data}]

    return build


def _started(data: Data, content: str | None) -> list[Message]:
    goal = data["goal"].encode()[:GOAL_BYTES].decode(errors="ignore")
    figures = {name: data[name] for name in ("max_iterations", "checkpoint_interval")}
    return [{"goal": goal, **figures}]


def _reached(data: Data, content: str | None) -> list[Message]:
    names = ("iteration", "checkpoint_number", "frameworks_so_far", "data_points_so_far")
    message = {name: data[name] for name in names}
    for name in ("deadline", "decisions", "gate_id", "digest"):
        if data.get(name):
            message[name] = data[name]
    return [{**message, **_text("summary", data, content)}]


def _final(data: Data, content: str | None) -> list[Message]:
    names = ("frameworks", "data_points", "iterations", "checkpoints")
    return [{**{name: data[name] for name in names}, **_text("plan", data, content)}]


def _text(name: str, data: Data, content: str | None) -> Message:
    """Return the text itself, or where to pull it from."""
    if content is not None:
        return {name: content}
    return {"message_id": data["message_id"], "sequence": data["sequence"]}


def _failed(data: Data, content: str | None) -> list[Message]:
    return [{"type": "error", "error": data["error"]["message"]}, {"type": "complete"}]


def _ended(data: Data, content: str | None) -> list[Message]:
    return [{"type": "complete"}]


def _cancelled(data: Data, content: str | None) -> list[Message]:
    return [{"type": "planning_cancelled"}, {"type": "complete"}]


BUILDERS: dict[str, Build] = {
    "planning_started": _started,
    "iteration_started": _fields("iteration", "max"),
    "iteration_progress": _fields(
        "iteration", "step", "agent", "progress", "message", "frameworks", "data_points"
    ),
    "iteration_completed": _fields("iteration", "duration_ms"),
    "checkpoint_reached": _reached,
    "checkpoint_approved": _fields("checkpoint"),
    "checkpoint_rejected": _fields("checkpoint", "comment"),
    "checkpoint_expired": _fields("checkpoint"),
    "final_plan": _final,
    "plan_saved": _fields("entity", "title", "url"),
    "run_failed": _failed,
    "run_completed": _ended,
    "run_rejected": _ended,
    "run_expired": _ended,
    "run_cancelled": _cancelled,
}


def _dump(message: Message, type_: str) -> Frame:
    whole = {"type": type_, **message}
    return Frame(json.dumps(whole, separators=(",", ":"), ensure_ascii=False))


def _row(row: Row, mode: Mode) -> list[Frame]:
    build = BUILDERS.get(row.type)
    if build is None:
        return []
    data = json.loads(row.body)["data"]
    content = (row.content or "") if row.has_content and mode == "inline" else None
    return [_dump(message, row.type) for message in build(data, content)]


def _control(type_: str, data: Data, moment: str) -> list[Frame]:
    """Tell the session first, since a client may have come without one; pass on the rest."""
    if type_ != "stream_opened":
        return [_dump(data, type_)]
    names = ("session_id", "retry_url", "resume", "from", "to")
    return [_dump({name: data[name] for name in names if name in data}, "session")]


def _named(frames: list[Frame]) -> list[Frame]:
    # Never `error`: a browser's EventSource would fire `onerror` for it.
    names = [json.loads(frame.data)["type"] for frame in frames]
    return [
        Frame(frame.data, "planning_error" if name == "error" else name)
        for frame, name in zip(frames, names, strict=True)
    ]


PLANNING = Dialect(name="planning", row=_row, control=_control)
PLANNING_NAMED = Dialect(
    name="planning-named",
    row=lambda row, mode: _named(_row(row, mode)),
    control=lambda type_, data, moment: _named(_control(type_, data, moment)),
)
