"""The AG-UI dialect, protocol version 1.0: one run, as clients of that protocol follow it.

    {"type": "RUN_STARTED", "threadId": "t", "runId": "r", "protocolVersion": "1.0"}
    {"type": "STATE_SNAPSHOT", "snapshot": {"run_id": "...", "state": "queued", ...}}
    {"type": "STEP_STARTED", "stepName": "insight"}
    {"type": "TEXT_MESSAGE_START", ...}  {"type": "TEXT_MESSAGE_CONTENT", ...}  ...
    {"type": "STATE_DELTA", "delta": [{"op": "add", "path": "/progress", "value": 40}]}
    {"type": "RUN_FINISHED", ..., "outcome": {"type": "success"}, "result": {...}}

A gate is an interrupt: the connection ends there, and the run waits. Whoever comes back gets
the state and the messages so far, and what is open is opened again. What this dialect has no
event for comes as CUSTOM, under its own name, so nothing of the log is lost.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from streams.dialects.agui_asking import interrupt
from streams.dialects.agui_calls import Calls
from streams.dialects.agui_conversation import Conversation, Message, Names
from streams.dialects.agui_events import (
    Data,
    Event,
    changes,
    custom,
    error,
    frame,
    text_end,
    text_start,
)
from streams.dialects.base import Frame
from streams.dialects.base import Row as AnyRow

VERSION = "1.0"
EXPIRED = "Nobody answered in time."
# Texts that come whole, in one event, whose other members go into the state.
WHOLE = {"proposal_ready": "proposal", "checkpoint_reached": "checkpoint", "final_plan": "final"}
PARTS = frozenset({"query_executed", "insight_generated", "data_summary", "reference_read"})
PROGRESS = frozenset({"progress", "proposal_progress", "iteration_progress"})
SILENT = frozenset({"message_started", "state_changed", "tool_call_decided"})


class Row(AnyRow, Protocol):
    run: str


class Projection:
    """What one client has been told of a run, and what the next event adds to that.

    `run` is the run's hexadecimal id, `thread` and `name` are the client's own ids. With
    `is_released` the client gives up an interrupt that can be answered no more.
    """

    def __init__(
        self,
        run: str,
        *,
        thread: str,
        name: str,
        about: Mapping[str, Any],
        names: Names,
        is_released: bool = False,
    ) -> None:
        self.is_over = False
        self.gate: Data | None = None  # the one the run waits at
        self._run = run
        self._ids = {"threadId": thread, "runId": name}
        self._names = names
        self._is_released = is_released
        self._has_begun = False  # the run, not the connection
        self._conversation = Conversation()
        self._steps: list[str] = []
        self._calls = Calls(run, self._conversation)
        self._result: Data = {}
        self._last: list[Event] = []  # how the run ended, for who comes later
        empty = {name: dict[str, Any]() for name in ("parts", "metrics", "iterations")}
        start = {"state": "queued", "progress": 0, "step": "", "message": "", "gate": None}
        self._state: Data = {**about, **start, **empty}
        self._builders: dict[str, Callable[[Data, Row], list[Event]]] = {
            "run_state": lambda data, row: self._set(state=data["state"]),
            "message_added": self._added,
            "content_delta": self._delta,
            "message_completed": self._completed,
            "message_ended": self._completed,
            "intent_parsed": lambda data, row: self._put("parts", row.type, data),
            "result": self._resulted,
            **self._calls.builders,
            "gate_answered": lambda data, row: self._decided(data, data["decision"], row),
            "gate_expired": lambda data, row: self._decided(data, data["policy"], row),
            "planning_started": lambda data, row: self._set(**data),
            "iteration_started": self._iterates,
            "iteration_completed": self._iterated,
            "plan_metrics": lambda data, row: self._put("metrics", data["name"], data),
            "plan_saved": self._saved,
            "step_restarted": self._restarted,
            "run_completed": self._succeeded,
            "run_failed": lambda data, row: self._end("failed", error(**data["error"])),
            "run_expired": lambda data, row: self._end("expired", self._expiry()),
            "run_rejected": lambda data, row: self._stopped("rejected", data, row),
            "run_cancelled": lambda data, row: self._stopped("cancelled", data, row),
            **dict.fromkeys(PARTS, self._part),
            **dict.fromkeys(PROGRESS, self._progress),
            **dict.fromkeys(SILENT, lambda data, row: []),
        }

    def begin(self, before: Iterable[Message] | None = None, *, waits: bool = False) -> list[Frame]:
        """Return the first frames; with the messages `before` it, of a thread that goes on.

        If it still `waits` at the gate that was seen last, its interrupt is the end already.
        """
        started = {"type": "RUN_STARTED", **self._ids, "protocolVersion": VERSION}
        events = [started, self._state_snapshot()]
        if before is not None:
            events.append(self._messages_snapshot(before))
            events += [{"type": "STEP_STARTED", "stepName": name} for name in self._steps]
            events += [text_start(id_) for id_ in self._conversation.open]
        events += self._last
        if self.gate is not None and waits:
            events.append(self._interrupted())
        return [frame(one) for one in events]

    def seen(self, row: Row, payload: Data | None = None) -> None:
        """Take in an event that a client is not told of again."""
        self._events(row, payload)

    def row(self, row: Row, payload: Data | None = None) -> list[Frame]:
        """Return the frames of an event; `payload` is what the gate shows that it opens."""
        return [frame(one) for one in self._events(row, payload)]

    def interrupt(self, history: Iterable[Message]) -> list[Frame]:
        """Return the end of a connection whose run waits: state, messages, and what is asked."""
        events = [self._state_snapshot(), self._messages_snapshot(history), self._interrupted()]
        return [frame(one) for one in events]

    def messages(self, history: Iterable[Message]) -> list[Frame]:
        """Return what the thread says by now, for a client that was told more."""
        return [frame(self._messages_snapshot(history))]

    def give_up(self, code: str, message: str) -> list[Frame]:
        """Return the end of a connection that is ended by us; the run goes on."""
        self.is_over = True
        return [frame(error(code, message))]

    def _events(self, row: Row, payload: Data | None) -> list[Event]:
        data: Data = json.loads(row.body)["data"]
        if row.run != self._run:
            return self._before(data, row)
        self._has_begun = True
        if row.type == "gate_opened":
            return self._opened(data, payload or {}, row)
        if build := self._builders.get(row.type):
            return build(data, row)
        if row.type in WHOLE:
            return self._whole(data, row)
        return [custom(row, data)]

    def _before(self, data: Data, row: Row) -> list[Event]:
        """Tell how far the run is that has to end first, such as the profiling of new data."""
        is_told = row.type == "progress" and not self._has_begun
        return [custom(row, data)] if is_told else []

    def _state_snapshot(self) -> Event:
        return {"type": "STATE_SNAPSHOT", "snapshot": self._state}

    def _messages_snapshot(self, history: Iterable[Message]) -> Event:
        messages = self._conversation.snapshot(history, self._names)
        return {"type": "MESSAGES_SNAPSHOT", "messages": messages}

    def _set(self, **values: Any) -> list[Event]:
        changed = {name: one for name, one in values.items() if self._state.get(name) != one}
        self._state |= changed
        return [changes(*((f"/{name}", one) for name, one in changed.items()))] if changed else []

    def _put(self, where: str, name: str, value: Any) -> list[Event]:
        self._state[where][name] = value
        escaped = name.replace("~", "~0").replace("/", "~1")
        return [changes((f"/{where}/{escaped}", value))]

    def _enter(self, step: str) -> list[Event]:
        if self._steps == [step]:
            return []
        left = self._leave()
        self._steps = [step]
        return [*left, {"type": "STEP_STARTED", "stepName": step}]

    def _leave(self) -> list[Event]:
        left, self._steps = self._steps, []
        return [{"type": "STEP_FINISHED", "stepName": name} for name in reversed(left)]

    def _close(self) -> list[Event]:
        """End what is open: texts, and the step."""
        texts = list(self._conversation.open)
        self._conversation.open.clear()
        return [*map(text_end, texts), *self._leave()]

    def _end(self, state: str, last: Event) -> list[Event]:
        events = [*self._close(), *self._set(state=state, gate=None), last]
        self.is_over, self._last = True, [last]
        return events

    def _finish(self, outcome: str, **more: Any) -> Event:
        return {"type": "RUN_FINISHED", **self._ids, "outcome": {"type": outcome}, **more}

    def _succeeded(self, data: Data, row: Row) -> list[Event]:
        told = self._set(progress=data["progress"], message=data["message"])
        return [*told, *self._end("completed", self._finish("success", result=self._result))]

    def _stopped(self, state: str, data: Data, row: Row) -> list[Event]:
        return [custom(row, data), *self._end(state, self._finish("cancelled"))]

    def _expiry(self) -> Event:
        return self._finish("cancelled") if self._is_released else error("expired", EXPIRED)

    def _progress(self, data: Data, row: Row) -> list[Event]:
        step = "proposal" if row.type == "proposal_progress" else data["step"]
        entered = [] if row.type == "iteration_progress" else self._enter(step)
        return [*entered, *self._set(**data)]

    def _iterates(self, data: Data, row: Row) -> list[Event]:
        return [*self._enter(f"iteration-{data['iteration']}"), *self._set(**data)]

    def _iterated(self, data: Data, row: Row) -> list[Event]:
        return [*self._put("iterations", str(data["iteration"]), data), *self._leave()]

    def _added(self, data: Data, row: Row) -> list[Event]:
        """Keep what the user said; the client has it already."""
        id_ = data["message_id"]
        self._conversation.add(id_, row.content or "", row.position, role=data["role"])
        return []

    def _delta(self, data: Data, row: Row) -> list[Event]:
        id_, text = data["message_id"], row.content
        if not text:
            return []
        self._conversation.add(id_, text, row.position)
        opened = [] if id_ in self._conversation.open else [text_start(id_)]
        self._conversation.open[id_] = None
        return [*opened, {"type": "TEXT_MESSAGE_CONTENT", "messageId": id_, "delta": text}]

    def _text_end(self, id_: str) -> list[Event]:
        if id_ not in self._conversation.open:
            return []
        del self._conversation.open[id_]
        return [text_end(id_)]

    def _completed(self, data: Data, row: Row) -> list[Event]:
        suggestions = data.get("suggestions")
        more = self._set(suggestions=suggestions) if suggestions else []
        return [*self._text_end(data["message_id"]), *more]

    def _whole(self, data: Data, row: Row) -> list[Event]:
        told = [*self._delta(data, row), *self._text_end(data["message_id"])]
        if row.type == "final_plan":
            self._result |= data
        return [*told, *self._set(**{WHOLE[row.type]: data})]

    def _part(self, data: Data, row: Row) -> list[Event]:
        # A reply may rest on several files, each with an id of its own.
        name = data["message_id"] if row.type == "reference_read" else row.type
        return self._put("parts", name, {**data, "content": json.loads(row.content or "null")})

    def _resulted(self, data: Data, row: Row) -> list[Event]:
        """Keep how it ended; all else of a reply's result was told in parts."""
        self._result = {"status": data["status"], "operation": data["operation"]}
        if data["operation"] != "reply":
            self._result["content"] = json.loads(row.content or "null")
        return []

    def _saved(self, data: Data, row: Row) -> list[Event]:
        self._result["entity"] = data
        return self._set(entity=data)

    def _opened(self, data: Data, payload: Data, row: Row) -> list[Event]:
        self.gate = data
        events = [*self._close(), *self._calls.opened(data, payload, row)]
        return [*events, *self._set(state="waiting", gate=data)]

    def _interrupted(self) -> Event:
        assert self.gate is not None
        self.is_over = True
        asked = interrupt(self.gate, self._calls.of_gate(self.gate["gate_id"]))
        outcome = {"type": "interrupt", "interrupts": [asked]}
        return {"type": "RUN_FINISHED", **self._ids, "outcome": outcome}

    def _decided(self, data: Data, decision: str, row: Row) -> list[Event]:
        self.gate = None
        return [*self._set(gate=None), *self._calls.decided(data, decision, row)]

    def _restarted(self, data: Data, row: Row) -> list[Event]:
        """Take back what the step has told; `messages` says what is left."""
        events = self._close()
        self._calls.forget(self._conversation.forget_after(data["from_position"]))
        return [*events, custom(row, data)]
