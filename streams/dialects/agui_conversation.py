"""The messages of an AG-UI thread, as one run adds to them: what a snapshot of them holds."""

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


@dataclass(slots=True)
class _Said:
    """One message. `begun` is the position of the event that began it."""

    id: str
    role: str
    begun: int
    text: list[str] = field(default_factory=list)
    calls: dict[str, Message] = field(default_factory=dict)
    call: str = ""  # whose result it is

    def shape(self) -> Message:
        found: Message = {"id": self.id, "role": self.role}
        if self.call:
            return {**found, "toolCallId": self.call, "content": "".join(self.text)}
        if self.text or not self.calls:
            found["content"] = "".join(self.text)
        if self.calls:
            found["toolCalls"] = list(self.calls.values())
        return found


class Conversation:
    """What a run has said, and what it was told."""

    def __init__(self) -> None:
        self._said: dict[str, _Said] = {}
        self.open: dict[str, None] = {}  # messages whose text can still grow, in order

    def _message(self, id_: str, role: str, position: int) -> _Said:
        return self._said.setdefault(id_, _Said(id_, role, position))

    def add(self, id_: str, text: str, position: int, *, role: str = "assistant") -> None:
        self._message(id_, role, position).text.append(text)

    def call(self, call: str, name: str, arguments: Any, parent: str, position: int) -> None:
        """Note a tool call in the message it belongs to; the same once more changes it."""
        function = {"name": name, "arguments": as_json(arguments)}
        said = self._message(parent, "assistant", position)
        said.calls[call] = {"id": call, "type": "function", "function": function}

    def result(self, call: str, content: str, position: int) -> str:
        """Note what a call came to, and return the id of the message that says so."""
        id_ = f"{call}:result"
        self._said[id_] = _Said(id_, "tool", position, [content], call=call)
        return id_

    def forget_after(self, position: int) -> set[str]:
        """Forget what was said later, and return the calls in that: a step starts again."""
        gone = [one for one in self._said.values() if one.begun > position]
        for one in gone:
            del self._said[one.id]
        self.open.clear()
        return {call for one in gone for call in one.calls}

    def snapshot(self, before: Iterable[Message], names: "Names") -> list[Message]:
        """Return the thread's messages: those before the run, and the run's own."""
        own = (one.shape() for one in self._in_order())
        return names.given([*before, *own])

    def _in_order(self) -> Iterable[_Said]:
        """Yield the messages, each result behind the message with its call."""
        results: dict[str, _Said] = {one.call: one for one in self._said.values() if one.call}
        for one in self._said.values():
            if not one.call:
                yield one
                yield from (results[call] for call in one.calls if call in results)


class Names:
    """The ids under which a client sent its user's messages; it gets them back under these.

    A message is recognised by its text. What a client says of others' messages counts nothing.
    """

    def __init__(self, sent: Iterable[tuple[str, str]] = ()) -> None:
        self._sent = list(sent)  # id and text, in order

    def given(self, messages: Iterable[Message]) -> list[Message]:
        known: Mapping[str, deque[str]] = defaultdict(deque)
        for id_, text in self._sent:
            known[text].append(id_)
        return [
            {**one, "id": known[one["content"]].popleft()}
            if one["role"] == "user" and known[one["content"]]
            else one
            for one in messages
        ]


def as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
