"""The strategy dialect: one standard envelope for everything.

    {"event": "progress", "type": "strategy_progress", "position": 12,
     "data": {"step": 1, "progress": 10, "message": "Processing...", "timestamp": "...Z"}}
    {"event": "educational", ..., "data": {"step": 1, "educational_content": {...}, ...}}
    {"event": "error", ..., "final": true, "data": {"error": "The model is gone.", ...}}

`event` is progress, complete, error, educational or status; only `timestamp` is always in `data`,
and a client ignores members it does not know. Every event of the log is told, with its type and
position, so one reader understands this dialect and the native one. `complete` or `error` is the
last: a step that failed alone is a `status`, because the strategy goes on.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from streams.dialects.base import Dialect, Frame, Row
from streams.profiles import Mode

Data = dict[str, Any]

CARD = (
    "phase",
    "title",
    "description",
    "details",
    "insight",
    "prompt_preview",
    "estimated_seconds",
    "achievement",
    "next_step",
    "fallback",
)
CARD_TYPE = "strategy_card"
ENVELOPES: Mapping[str, str] = {"result": "status"}  # one name that the dialect does not have
ENDED: Mapping[str, str] = {
    "run_cancelled": "The strategy was cancelled.",
    "run_expired": "Nobody answered in time.",
    "run_rejected": "The strategy was rejected.",
}
STATES: Mapping[str, str] = {
    "queued": "Waiting for a worker.",
    "running": "At work.",
    "waiting": "Waiting for a decision.",
    "paused": "Paused.",
}
WORDS: Mapping[str, Callable[[Data], str]] = {
    "strategy_started": lambda data: f"Starting a strategy in {data['steps']} steps...",
    "strategy_step_completed": lambda data: str(data["achievement"]),
    "strategy_ready": lambda data: "The strategy is written.",
    "strategy_saved": lambda data: f"Strategy saved to memory as entity: {data['entity']}",
    CARD_TYPE: lambda data: str(data["title"]),
    "client_closed": lambda data: f"The connection was closed: {data['reason']}",
    "run_state": lambda data: STATES.get(data["state"], str(data["state"])),
    "run_retrying": lambda data: f"Trying again in {round(data['retry_in_seconds'])} s.",
    "run_reassigned": lambda data: "The worker was lost; another one goes on.",
    "still_working": lambda data: f"Still working, for {data['seconds']} s.",
    "no_progress": lambda data: (
        f"No progress for {data['seconds']} s. Nothing is lost: wait, or stop it."
    ),
}


def educational_content(data: Data) -> Data:
    """Return what a card of the log teaches, without what it leaves empty."""
    return {name: data[name] for name in CARD if data.get(name)}


def _told(type_: str, data: Data) -> Data:
    """Return the members of the envelope's `data`: the standard ones first, then the others."""
    rest = dict(data)
    told: Data = {}
    step = rest.pop("step", None)
    if type_.startswith("strategy_"):
        told["step"], rest["step_name"] = rest.pop("number", None), step
    elif isinstance(step, int):
        told["step"] = step
    else:
        rest["step_name"] = step
    told["progress"] = rest.pop("progress", None)
    words = WORDS.get(type_)
    told["message"] = rest.pop("message", None) or (words(data) if words else None)
    if type_ == CARD_TYPE:
        told["educational_content"] = educational_content(data)
        rest = {name: value for name, value in rest.items() if name not in CARD}
    told |= _failure(type_, rest)
    return {name: value for name, value in {**told, **rest}.items() if value is not None}


def _failure(type_: str, rest: Data) -> Data:
    """Take the error out of the rest: a text, with its code beside it."""
    error = rest.pop("error", None) or ENDED.get(type_)
    if isinstance(error, dict):
        return {"error": error["message"], "code": error["code"]}
    return {"error": error}


def _row(row: Row, mode: Mode) -> list[Frame]:
    event = json.loads(row.body)
    name = "error" if row.type in ENDED else ENVELOPES.get(event["event"], event["event"])
    head: Data = {"event": name, "type": row.type, "position": row.position}
    if event.get("final") or row.is_last:
        head["final"] = True
    data = _told(row.type, event["data"])
    if row.has_content and mode == "inline":
        data["content"] = row.content or ""
    return [_dump({**head, "data": {"timestamp": event["timestamp"], **data}})]


def _control(type_: str, data: Data, moment: str) -> list[Frame]:
    told = {**data, "timestamp": moment}
    return [_dump({"event": "status", "type": type_, "data": told})]


def _dump(message: Data) -> Frame:
    return Frame(json.dumps(message, separators=(",", ":"), ensure_ascii=False))


def _named(frames: list[Frame]) -> list[Frame]:
    # Never `error`: a browser's EventSource would fire `onerror` for it.
    names = [json.loads(frame.data)["event"] for frame in frames]
    return [
        Frame(frame.data, "strategy_error" if name == "error" else name)
        for frame, name in zip(frames, names, strict=True)
    ]


STRATEGY = Dialect(name="strategy", row=_row, control=_control, has_pages=True)
STRATEGY_NAMED = Dialect(
    name="strategy-named",
    row=lambda row, mode: _named(_row(row, mode)),
    control=lambda type_, data, moment: _named(_control(type_, data, moment)),
    has_pages=True,
)
