"""Data parts of the AI SDK dialect: what is neither text nor a tool call.

A part with an id stays in the message, and a later one with the same id replaces it. A transient
one is shown to whoever watches, and not kept.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from streams.dialects.base import Row

Data = dict[str, Any]
Chunk = dict[str, Any]
Build = Callable[[Data, Row], list[Chunk]]


def _fields(data: Data, *names: str) -> Data:
    return {name: data[name] for name in names if name in data}


def _part(name: str, id_: str, data: Any) -> list[Chunk]:
    return [{"type": f"data-{name}", "id": id_, "data": data}]


def _progress(data: Data, row: Row) -> list[Chunk]:
    names = ("progress", "step", "agent", "message", "iteration", "frameworks", "data_points")
    return _part("progress", "progress", _fields(data, *names))


def _notice(*names: str, text: str) -> Build:
    """Say that something takes longer; nobody needs to know afterwards."""

    def build(data: Data, row: Row) -> list[Chunk]:
        said = {"type": row.type, "message": text, **_fields(data, *names)}
        return [{"type": "data-notice", "data": said, "transient": True}]

    return build


def _intent(data: Data, row: Row) -> list[Chunk]:
    return _part("intent", data["reply_id"], _fields(data, "intent_type", "confidence", "plot"))


def _content(name: str) -> Build:
    """Return a part whose data is the text of the event, which is JSON."""

    def build(data: Data, row: Row) -> list[Chunk]:
        return _part(name, data["message_id"], json.loads(row.content or "null"))

    return build


def _result(data: Data, row: Row) -> list[Chunk]:
    """Tell how it ended; all else of a reply's result was told in parts."""
    metadata = {"type": "message-metadata", "messageMetadata": {"status": data["status"]}}
    if data["operation"] == "reply":
        return [metadata]
    return [*_content("result")(data, row), metadata]


def _iteration(data: Data, row: Row) -> list[Chunk]:
    state = "completed" if "duration_ms" in data else "running"
    return _part("iteration", f"iteration-{data['iteration']}", {**data, "state": state})


def _metric(data: Data, row: Row) -> list[Chunk]:
    return _part("metric", f"metric-{data['iteration']}-{data['name']}", data)


def _card(data: Data, row: Row) -> list[Chunk]:
    return _part("card", f"card-{row.position}", data)


def _saved(data: Data, row: Row) -> list[Chunk]:
    return _part("entity", data["entity"], data)


def _metadata(*names: str) -> Build:
    def build(data: Data, row: Row) -> list[Chunk]:
        return [{"type": "message-metadata", "messageMetadata": _fields(data, *names)}]

    return build


def _restarted(data: Data, row: Row) -> list[Chunk]:
    return _part("restarted", f"restarted-{row.position}", _fields(data, "step"))


PARTS: Mapping[str, Build] = {
    "progress": _progress,
    "proposal_progress": _progress,
    "iteration_progress": _progress,
    "iteration_started": _iteration,
    "iteration_completed": _iteration,
    "educational_card": _card,
    "plan_metrics": _metric,
    "planning_started": _metadata("max_iterations", "checkpoint_interval"),
    "final_plan": _metadata("frameworks", "data_points", "iterations", "checkpoints"),
    "plan_saved": _saved,
    "intent_parsed": _intent,
    "query_executed": _content("query"),
    "insight_generated": _content("insight"),
    "data_summary": _content("summary"),
    "reference_read": _content("reference"),
    "result": _result,
    "still_working": _notice("seconds", text="Still working."),
    "no_progress": _notice("seconds", text="Nothing new for a while. Wait, or cancel."),
    "run_retrying": _notice(
        "attempt", "retry_in_seconds", text="That did not work; it is tried again."
    ),
    "run_reassigned": _notice(text="A worker was lost; another one goes on."),
    "step_restarted": _restarted,
}
