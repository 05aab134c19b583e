"""Turn what an engine says into a session's events, in the order in which it says it."""

import json
from typing import Any
from uuid import UUID, uuid5

from agents.base import AgentEvent, Delta, Part, Progress, ToolCall, ToolResult
from chat import events
from chat.events import IntentParsed, PartReady, ToolFinished, ToolStarted
from runs.scope import StepScope
from runs.text import MessageText
from streams.events import Event
from streams.events import storable as plain

PARTS: dict[str, type[PartReady]] = {
    "insight": events.InsightGenerated,
    "summary": events.DataSummarised,
    "reference": events.ReferenceRead,
}


def part_id(reply_id: UUID, name: str) -> UUID:
    """Return the id under which a part's text is kept."""
    return uuid5(reply_id, name)


def progress(operation: str, event: Progress, *, first: float, last: float) -> events.Progress:
    """Return an engine's progress as a share of the run: from `first` to `last` percent."""
    return events.Progress(
        operation=operation,
        step=event.agent or operation,
        agent=event.agent,
        progress=round(first + (last - first) * event.percent / 100, 1),
        message=event.message,
    )


class ReplyTeller:
    """Tells one step of a reply: its message, parts, tool calls and text."""

    def __init__(self, scope: StepScope, *, operation: str, first: float, last: float) -> None:
        self.reply_id = scope.message_id("reply")
        self.text = MessageText(scope, self.reply_id)
        self.has_text = False
        self.parts: dict[str, Any] = {}
        self.tools: dict[str, dict[str, Any]] = {}
        self.approvals: dict[str, str] = {}  # how the calls of a tool were allowed, by tool
        self._scope = scope
        self._operation = operation
        self._range = {"first": first, "last": last}

    async def tell(self, event: AgentEvent) -> None:
        match event:
            case Delta():
                self.has_text = True
                await self.text.add(event.text)
                return
            case Progress():
                told: Event | None = progress(self._operation, event, **self._range)
            case Part():
                told = self._part(event)
            case ToolCall():
                told = self._called(event)
            case ToolResult():
                told = self._returned(event)
            case _:
                told = None
        if told is not None:
            await self.text.flush()  # what was said before comes before
            await self._scope.emit(told)

    def _part(self, event: Part) -> Event | None:
        data = dict(event.data)
        message_id = part_id(self.reply_id, event.name)
        if event.name == "reference":
            quoted = self.parts.setdefault("references", [])
            message_id = part_id(self.reply_id, f"reference{len(quoted) + 1}")
            # Under this id its text is pulled, also for a copy of the message.
            quoted.append({**data, "message_id": str(message_id)})
        else:
            self.parts[event.name] = data
        if event.name == "intent":
            return IntentParsed(reply_id=self.reply_id, duration_ms=event.milliseconds, **data)
        common: dict[str, Any] = {
            "message_id": message_id,
            "reply_id": self.reply_id,
            "duration_ms": event.milliseconds,
            "content": as_json(data),
        }
        if event.name == "query":
            return events.QueryExecuted(row_count=data["result"]["row_count"], **common)
        known = PARTS.get(event.name)
        return known(**common) if known else None

    def _called(self, event: ToolCall) -> Event:
        approval = self.approvals.get(event.call_id) or self.approvals.get(event.tool, "not_needed")
        arguments = dict(event.arguments)
        self.tools[event.call_id] = {
            "call_id": event.call_id,
            "tool": event.tool,
            "arguments": arguments,
            "approval": approval,
            "state": "running",
        }
        return ToolStarted(
            reply_id=self.reply_id,
            call_id=event.call_id,
            tool=event.tool,
            arguments=arguments,
            approval=approval,
        )

    def _returned(self, event: ToolResult) -> Event:
        known = self.tools.setdefault(event.call_id, {"call_id": event.call_id})
        known |= {"state": "failed" if event.error else "finished"}
        known |= {"result": event.result, "error": event.error}
        return ToolFinished(
            reply_id=self.reply_id,
            call_id=event.call_id,
            result=event.result,
            error=plain(event.error),
        )


def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
