"""The AI SDK dialect: one run as an assistant's message of the UI message stream, version 1.

    {"type": "start", "messageId": "<run>", "messageMetadata": {...}}
    {"type": "start-step"}
    {"type": "text-start", "id": "..."}  {"type": "text-delta", ...}  {"type": "text-end", ...}
    {"type": "tool-input-available", "toolCallId": "...", "toolName": "save_file", ...}
    {"type": "tool-approval-request", "approvalId": "<gate>", "toolCallId": "..."}
    {"type": "finish-step"}
    {"type": "finish", "finishReason": "tool-calls"}

What a run says before a gate and after it is the same message: it has the run's id. A gate is
the approval of a tool call; one that is no tool's, such as a checkpoint, is a call of its own.
The end is `finish`, `error` or `abort`, and then the literal `[DONE]`, which is no JSON.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from streams.dialects.aisdk_parts import PARTS
from streams.dialects.base import Frame
from streams.dialects.base import Row as AnyRow

Data = dict[str, Any]
Chunk = dict[str, Any]
Void = tuple[int, int]

DONE = "[DONE]"
HEADER = ("x-vercel-ai-ui-message-stream", "v1")
EXPIRED = "Nobody answered in time."
UNSETTLED = "This did not run."
# Texts that come whole, in one event.
WHOLE = frozenset({"proposal_ready", "checkpoint_reached", "final_plan"})


class Row(AnyRow, Protocol):
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is known of a gate besides the event that opened it."""

    payload: Mapping[str, Any]
    is_open: bool = True  # nobody has decided yet
    is_denied: bool = False


def approval_ids(gate_id: str, calls: int) -> list[str]:
    """Return the id of each call's approval: the gate's, numbered where it asks about several."""
    return [gate_id] if calls == 1 else [f"{gate_id}.{number}" for number in range(1, calls + 1)]


def frames(chunks: Iterable[Chunk]) -> list[Frame]:
    return [Frame(json.dumps(one, separators=(",", ":"), ensure_ascii=False)) for one in chunks]


def fault(text: str) -> list[Frame]:
    """Return what a stream says that has nothing else to tell."""
    return [*frames([{"type": "error", "errorText": text}]), Frame(DONE)]


class Reply:
    """What one client has been told of a run so far, and what the next event adds to that.

    With `after_gate` the client has the message up to that gate and is told the rest.
    """

    def __init__(
        self,
        run: str,
        metadata: Mapping[str, Any],
        *,
        after_gate: str = "",
    ) -> None:
        self.is_over = False
        self._run = run
        self._metadata = metadata
        self._voids: Sequence[Void] = ()
        self._after_gate = after_gate
        self._has_begun = False  # the run, not the message
        self._is_in_step = False
        self._texts: dict[str, None] = {}  # open parts, in order
        self._calls: dict[str, Data] = {}  # arguments of calls whose end was not told
        self._gates: dict[str, list[str]] = {}  # the calls that a gate asks about
        self._builders: dict[str, Callable[[Data, Row], list[Chunk]]] = {
            "content_delta": self._delta,
            "message_completed": self._completed,
            "message_ended": self._completed,
            "tool_call_requested": self._requested,
            "tool_call_started": self._started,
            "tool_call_result": self._returned,
            "gate_answered": lambda data, row: self._decided(data, data["decision"]),
            "gate_expired": lambda data, row: self._decided(data, data["policy"]),
            "step_restarted": self._restarted,
            "run_completed": self._all_done,
            "run_rejected": lambda data, row: self._end(_finish("other")),
            "run_failed": lambda data, row: self._end(_error(data["error"]["message"])),
            "run_expired": lambda data, row: self._end(_error(EXPIRED)),
            "run_cancelled": lambda data, row: self._end(
                {"type": "abort", "reason": data.get("reason") or "The run was cancelled."}
            ),
        }

    def skip(self, voids: Sequence[Void]) -> None:
        """Leave out what was told for nothing, because a step began anew: after the first of
        these positions, up to the second.
        """
        self._voids = voids

    def begin(self) -> list[Frame]:
        start = {"type": "start", "messageId": self._metadata["run_id"]}
        return frames([{**start, "messageMetadata": self._metadata}])

    def row(self, row: Row, asked: Asked | None = None) -> list[Frame]:
        """Return the frames of an event; `asked` tells of the gate that it opens."""
        if row.run != self._run:
            return frames(self._before(row))
        self._has_begun = True
        if any(first < row.position <= last for first, last in self._voids):
            return []
        data = json.loads(row.body)["data"]
        if row.type == "gate_opened":
            chunks = self._opened(data, asked or Asked(payload={}))
        else:
            chunks = self._told(row, data)
        if self._after_gate:
            if row.type == "gate_opened" and data["gate_id"] == self._after_gate:
                self._after_gate = ""
            return []
        return [*frames(chunks), *([Frame(DONE)] if self.is_over else [])]

    def give_up(self, why: str) -> list[Frame]:
        """Return the end of a stream that is ended by us; the run goes on."""
        self.is_over = True
        return [*frames([*self._close(), _error(why)]), Frame(DONE)]

    def _before(self, row: Row) -> list[Chunk]:
        """Tell how far the run is that has to end first, such as the profiling of new data."""
        if self._has_begun or self._after_gate or row.type != "progress":
            return []
        return [{**one, "transient": True} for one in PARTS["progress"](_data(row), row)]

    def _told(self, row: Row, data: Data) -> list[Chunk]:
        if build := self._builders.get(row.type):
            return build(data, row)
        chunks = self._whole(data, row) if row.type in WHOLE else []
        if part := PARTS.get(row.type):
            chunks += part(data, row)
        return chunks

    def _step(self) -> list[Chunk]:
        """Open a step, unless one is open: text and tool calls are in steps."""
        opened = [] if self._is_in_step else [{"type": "start-step"}]
        self._is_in_step = True
        return opened

    def _close(self, *, unsettled: bool = False) -> list[Chunk]:
        """End what is open: texts, with `unsettled` the calls, and the step."""
        chunks: list[Chunk] = [{"type": "text-end", "id": one} for one in self._texts]
        self._texts.clear()
        if unsettled:
            for call in list(self._calls):
                chunks += self._settle(call, "tool-output-error", errorText=UNSETTLED)
        if self._is_in_step:
            chunks.append({"type": "finish-step"})
        self._is_in_step = False
        return chunks

    def _end(self, last: Chunk) -> list[Chunk]:
        self.is_over = True
        return [*self._close(unsettled=True), last]

    def _all_done(self, data: Data, row: Row) -> list[Chunk]:
        return [*PARTS["progress"](data, row), *self._end(_finish("stop"))]

    def _delta(self, data: Data, row: Row) -> list[Chunk]:
        text = data["message_id"]
        chunks = self._step()
        if text not in self._texts:
            self._texts[text] = None
            chunks.append({"type": "text-start", "id": text})
        return [*chunks, {"type": "text-delta", "id": text, "delta": row.content or ""}]

    def _whole(self, data: Data, row: Row) -> list[Chunk]:
        return [*self._delta(data, row), *self._text_end(data["message_id"])]

    def _text_end(self, text: str) -> list[Chunk]:
        if text not in self._texts:
            return []
        del self._texts[text]
        return [{"type": "text-end", "id": text}]

    def _completed(self, data: Data, row: Row) -> list[Chunk]:
        chunks = self._text_end(data["message_id"])
        if suggestions := data.get("suggestions"):
            metadata = {"suggestions": suggestions}
            chunks.append({"type": "message-metadata", "messageMetadata": metadata})
        return chunks

    def _call(self, call: str, tool: str, arguments: Data, title: str = "") -> Chunk:
        self._calls[call] = arguments
        chunk = {
            "type": "tool-input-available",
            "toolCallId": call,
            "toolName": tool,
            "input": arguments,
            "dynamic": True,
            "providerExecuted": True,  # by the server: no client is to run it
        }
        return {**chunk, "title": title} if title else chunk

    def _settle(self, call: str, type_: str, **more: Any) -> list[Chunk]:
        if self._calls.pop(call, None) is None:
            return []
        return [{"type": type_, "toolCallId": call, **more}]

    def _requested(self, data: Data, row: Row) -> list[Chunk]:
        chunks = self._step()
        self._gates[data["gate_id"]] = [one["call_id"] for one in data["calls"]]
        for one in data["calls"]:
            title = one.get("description", "")
            chunks.append(self._call(one["call_id"], one["tool"], one["arguments"], title))
        return chunks

    def _started(self, data: Data, row: Row) -> list[Chunk]:
        call, arguments = data["call_id"], data["arguments"]
        if self._calls.get(call) == arguments:
            return []
        if call in self._calls and self._is_in_step:  # in another step it would be another part
            return []
        opened = [] if call in self._calls else self._step()
        return [*opened, self._call(call, data["tool"], arguments)]

    def _returned(self, data: Data, row: Row) -> list[Chunk]:
        if error := data.get("error"):
            return self._settle(data["call_id"], "tool-output-error", errorText=error)
        return self._settle(data["call_id"], "tool-output-available", output=data.get("result"))

    def _opened(self, data: Data, asked: Asked) -> list[Chunk]:
        gate, chunks = data["gate_id"], []
        if gate not in self._gates:
            self._gates[gate] = [gate]
            given = dict(asked.payload) or {"question": data["question"]}
            chunks = [*self._step(), self._call(gate, data["kind"], given, data["question"])]
        if asked.is_open or asked.is_denied:
            chunks += self._approvals(gate, data)
        chunks += self._close()
        if asked.is_open and not self._after_gate:
            self.is_over = True
            chunks.append(_finish("tool-calls"))
        return chunks

    def _approvals(self, gate: str, data: Data) -> list[Chunk]:
        calls = self._gates[gate]
        names = ("kind", "name", "question", "decisions", "deadline")
        about = {name: data[name] for name in names}
        return [
            {
                "type": "tool-approval-request",
                "approvalId": approval,
                "toolCallId": call,
                "approvalDescriptor": about,
                "signature": data["digest"],
            }
            for approval, call in zip(approval_ids(gate, len(calls)), calls, strict=True)
        ]

    def _decided(self, data: Data, decision: str) -> list[Chunk]:
        chunks: list[Chunk] = []
        for call in self._gates.get(data["gate_id"], ()):
            if decision == "reject":
                chunks += self._settle(call, "tool-output-denied")
            elif decision == "expire":
                chunks += self._settle(call, "tool-output-error", errorText=EXPIRED)
            elif data["kind"] != "tool":  # a tool still has to run
                names = ("decision", "decided_by", "comment")
                output = {"decision": decision} | {n: data[n] for n in names if data.get(n)}
                chunks += self._settle(call, "tool-output-available", output=output)
        return chunks

    def _restarted(self, data: Data, row: Row) -> list[Chunk]:
        """Close what the step had begun; whoever reads from the start is not told of it at all."""
        chunks = self._close()
        return [*chunks, *PARTS["step_restarted"](data, row)]


def _data(row: Row) -> Data:
    data: Data = json.loads(row.body)["data"]
    return data


def _finish(reason: str) -> Chunk:
    return {"type": "finish", "finishReason": reason}


def _error(text: str) -> Chunk:
    return {"type": "error", "errorText": text}
