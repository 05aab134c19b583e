"""What replies that are not complete have told so far, read from the log.

The row of a message gets its parts when its step has ended; until then only the log has them.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from chat import events
from chat.models import ChatSession, Message
from streams import log
from streams.rows import Row

Parts = dict[str, Any]
LONGEST_LOG = 100_000  # events of a run


def parts(session: ChatSession, messages: Iterable[Message]) -> dict[UUID, Parts]:
    """Return the parts of the messages among these that are being written, by message."""
    open_ = [one for one in messages if one.status == Message.Status.STREAMING and one.run]
    found: dict[UUID, Parts] = {one.pk: {"tools": []} for one in open_}
    for row in _told(session, open_):
        data = json.loads(row.body)["data"]
        told = found.get(UUID(data["reply_id"]))
        if told is not None:
            ADD[row.type](told, data, row.content)
    return found


def _told(session: ChatSession, messages: Sequence[Message]) -> list[Row]:
    starts = [one.run.begins_after for one in messages if one.run]
    if not starts:
        return []
    rows = log.read_after(session.stream_id, min(starts), LONGEST_LOG)
    return [row for row in rows if row.type in ADD]


def _intent(told: Parts, data: dict[str, Any], content: str | None) -> None:
    told["intent"] = {key: data[key] for key in ("intent_type", "confidence", "reasoning", "plot")}


def _part(name: str) -> Callable[[Parts, dict[str, Any], str | None], None]:
    def add(told: Parts, data: dict[str, Any], content: str | None) -> None:
        told[name] = json.loads(content or "null")

    return add


def _reference(told: Parts, data: dict[str, Any], content: str | None) -> None:
    read = {**json.loads(content or "{}"), "message_id": data["message_id"]}
    told.setdefault("references", []).append(read)


def _tool(told: Parts, data: dict[str, Any], content: str | None) -> None:
    call = {key: value for key, value in data.items() if key != "reply_id"}
    told["tools"].append({**call, "state": "running"})


def _result(told: Parts, data: dict[str, Any], content: str | None) -> None:
    change = {"result": data.get("result"), "error": data.get("error", "")}
    change["state"] = "failed" if change["error"] else "finished"
    for call in told["tools"]:
        if call["call_id"] == data["call_id"]:
            call |= change


ADD: dict[str, Callable[[Parts, dict[str, Any], str | None], None]] = {
    events.IntentParsed.type: _intent,
    events.QueryExecuted.type: _part("query"),
    events.InsightGenerated.type: _part("insight"),
    events.DataSummarised.type: _part("summary"),
    events.ReferenceRead.type: _reference,
    events.ToolStarted.type: _tool,
    events.ToolFinished.type: _result,
}
