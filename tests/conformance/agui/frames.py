"""Frames of AG-UI, each checked with the models of PyPI `ag-ui-protocol`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from ag_ui.core import Event
from pydantic import BaseModel, TypeAdapter

from tests.sse_client import Parser

Json = dict[str, Any]
EVENTS: TypeAdapter[Any] = TypeAdapter(Event)


@dataclass(frozen=True, slots=True)
class Frame:
    id: str
    event: Json

    @property
    def type(self) -> str:
        return str(self.event["type"])


def validated(id_: str | None, event: Json) -> Frame:
    """Return a frame that the protocol's models take, without a member that they do not know."""
    model = EVENTS.validate_python(event)
    assert list(_unknown(model)) == [], event
    assert EVENTS.dump_python(model, mode="json", by_alias=True) == event
    assert id_ or event["type"] == "RUN_ERROR", event
    return Frame(id_ or "", event)


def _unknown(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from value.model_extra or ()
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name))
    if isinstance(value, list):
        for one in value:
            yield from _unknown(one)


def asked(thread: str, run: str, text: str | None = None, **more: Any) -> Json:
    """Return a `RunAgentInput`."""
    said = [] if text is None else [{"id": f"said-{run}", "role": "user", "content": text}]
    given = {"threadId": thread, "runId": run, "protocolVersion": "1.0", "messages": said}
    return {**given, "tools": [], "context": [], "state": {}, "forwardedProps": {}, **more}


def answered(response: httpx.Response) -> list[Frame]:
    """Return the frames of a whole answer."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    parser = Parser()
    found = [validated(one.id, one.json) for one in parser.feed(response.content)]
    assert found[-1].type in ("RUN_FINISHED", "RUN_ERROR")
    return found


def post(client: httpx.Client, body: Json, *, door: str = "chat", **headers: str) -> list[Frame]:
    """Post as a program would, and return the frames of the answer."""
    kinds = {"Accept": "text/event-stream", "Content-Type": "application/json"}
    text = json.dumps(body)  # which escapes what is no UTF-8
    return answered(client.post(f"/ag-ui/{door}", content=text, headers={**kinds, **headers}))


def join(client: httpx.Client, thread: str, run: str = "", *, door: str = "chat", **more: str):
    named = {"threadId": thread, **({"runId": run} if run else {})}
    return client.get(f"/ag-ui/{door}", params=named, headers=more)


def error(frames: list[Frame]) -> tuple[str, str]:
    """Return code and message of an answer that only says what is wrong."""
    (frame,) = frames
    assert frame.type == "RUN_ERROR"
    return frame.event["code"], frame.event["message"]
