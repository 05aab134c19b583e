"""The tool calls of a run for AG-UI. A gate that is about none is a call of its own."""

from collections.abc import Callable
from typing import Any

from streams.dialects.agui_conversation import Conversation, as_json
from streams.dialects.agui_events import Data, Event, custom
from streams.dialects.base import Row

DENIALS = frozenset({"reject", "expire"})
Build = Callable[[Data, Row], list[Event]]


class Calls:
    """Which calls a client was told of, and which of them have no result yet.

    An engine may give a call the same id in each run, so in the thread it has the run's as well.
    """

    def __init__(self, run: str, conversation: Conversation) -> None:
        self._run = run
        self._conversation = conversation
        self._asked: dict[str, list[str]] = {}  # the calls that a gate asks about
        self._unsettled: dict[str, Any] = {}  # arguments of calls without a result
        self.builders: dict[str, Build] = {
            "tool_call_requested": self._requested,
            "tool_call_started": self._started,
            "tool_call_result": self._returned,
        }

    def of_gate(self, gate: str) -> list[str]:
        return self._asked.get(gate, [])

    def opened(self, data: Data, payload: Data, row: Row) -> list[Event]:
        """Tell of a gate's own call, unless it asks about calls that were told of."""
        gate = data["gate_id"]
        if gate in self._asked:
            return []
        self._asked[gate] = [gate]
        return self._call(gate, data["kind"], payload, gate, row)

    def decided(self, data: Data, decision: str, row: Row) -> list[Event]:
        """Settle what a decision settles: a tool that was allowed still has to run."""
        names = ("decided_by", "comment", "policy")
        said = {"decision": decision} | {name: data[name] for name in names if data.get(name)}
        calls = self._asked.get(data["gate_id"], [])
        if data["kind"] == "tool" and decision not in DENIALS:
            calls = [call for call in calls if call == data["gate_id"]]
        return [event for call in calls for event in self._settle(call, said, row)]

    def forget(self, gone: set[str]) -> None:
        """Forget calls that a step has made in vain."""
        self._unsettled = {one: given for one, given in self._unsettled.items() if one not in gone}

    def _id(self, call: str) -> str:
        return f"{self._run}:{call}"

    def _call(self, call: str, name: str, arguments: Any, parent: str, row: Row) -> list[Event]:
        self._unsettled[call] = arguments
        self._conversation.call(call, name, arguments, parent, row.position)
        named = {"toolCallName": name, "parentMessageId": parent}
        return [
            {"type": "TOOL_CALL_START", "toolCallId": call, **named},
            {"type": "TOOL_CALL_ARGS", "toolCallId": call, "delta": as_json(arguments)},
            {"type": "TOOL_CALL_END", "toolCallId": call},
        ]

    def _settle(self, call: str, content: Data, row: Row) -> list[Event]:
        if call not in self._unsettled:
            return []
        del self._unsettled[call]
        text = as_json(content)
        message = self._conversation.result(call, text, row.position)
        named = {"messageId": message, "toolCallId": call, "role": "tool"}
        return [{"type": "TOOL_CALL_RESULT", **named, "content": text}]

    def _requested(self, data: Data, row: Row) -> list[Event]:
        calls = self._asked[data["gate_id"]] = [self._id(one["call_id"]) for one in data["calls"]]
        return [
            event
            for call, one in zip(calls, data["calls"], strict=True)
            for event in self._call(call, one["tool"], one["arguments"], data["reply_id"], row)
        ]

    def _started(self, data: Data, row: Row) -> list[Event]:
        call, arguments = self._id(data["call_id"]), data["arguments"]
        if call not in self._unsettled:
            return self._call(call, data["tool"], arguments, data["reply_id"], row)
        if self._unsettled[call] == arguments:
            return []
        return [custom(row, {**data, "toolCallId": call})]  # somebody has edited them

    def _returned(self, data: Data, row: Row) -> list[Event]:
        content = {name: data[name] for name in ("result", "error") if data.get(name)}
        return self._settle(self._id(data["call_id"]), content, row)
