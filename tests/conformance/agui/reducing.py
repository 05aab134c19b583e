"""What a client makes of the events of AG-UI: its messages and its state."""

from typing import Any

from tests.conformance.agui.frames import Frame

Json = dict[str, Any]


class Client:
    """Applies events as the protocol says; knows nothing of how the server makes them."""

    def __init__(self) -> None:
        self.messages: list[Json] = []
        self.state: Json = {}
        self.ending: Json = {}

    def take(self, frames: list[Frame]) -> "Client":
        for frame in frames:
            apply = getattr(self, f"_{frame.type.lower()}", None)
            if apply is not None:
                apply(frame.event)
        return self

    def _message(self, id_: str, role: str = "assistant") -> Json:
        for one in self.messages:
            if one["id"] == id_:
                return one
        self.messages.append({"id": id_, "role": role})
        return self.messages[-1]

    def _messages_snapshot(self, event: Json) -> None:
        self.messages = [dict(one) for one in event["messages"]]

    def _state_snapshot(self, event: Json) -> None:
        self.state = event["snapshot"]

    def _state_delta(self, event: Json) -> None:
        for operation in event["delta"]:
            *path, name = operation["path"].strip("/").split("/")
            place = self.state
            for one in path:
                place = place[one]
            assert operation["op"] == "add"
            place[name] = operation["value"]

    def _text_message_start(self, event: Json) -> None:
        self._message(event["messageId"]).setdefault("content", "")

    def _text_message_content(self, event: Json) -> None:
        self._message(event["messageId"])["content"] += event["delta"]

    def _tool_call_start(self, event: Json) -> None:
        calls = self._message(event["parentMessageId"]).setdefault("toolCalls", [])
        function = {"name": event["toolCallName"], "arguments": ""}
        calls.append({"id": event["toolCallId"], "type": "function", "function": function})

    def _tool_call_args(self, event: Json) -> None:
        for one in self.messages:
            for call in one.get("toolCalls", ()):
                if call["id"] == event["toolCallId"]:
                    call["function"]["arguments"] += event["delta"]

    def _tool_call_result(self, event: Json) -> None:
        owner = next(
            index
            for index, one in enumerate(self.messages)
            if any(call["id"] == event["toolCallId"] for call in one.get("toolCalls", ()))
        )
        result = {"id": event["messageId"], "role": "tool", "toolCallId": event["toolCallId"]}
        self.messages.insert(owner + 1, {**result, "content": event["content"]})

    def _run_finished(self, event: Json) -> None:
        self.ending = event
