"""Reads a stream the way a browser does, and a page the way a polling client does."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from asgiref.testing import ApplicationCommunicator

PATIENCE = 10.0  # seconds; a test that waits so long has failed


@dataclass(frozen=True, slots=True)
class Message:
    """One dispatched SSE message. `id` is the last id seen, as in a browser."""

    data: str
    event: str = ""
    id: str = ""

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.data)
        return value

    @property
    def type(self) -> str:
        return str(self.json["type"])

    @property
    def is_control(self) -> bool:
        return "position" not in self.json


@dataclass(slots=True)
class Parser:
    """The parser of the HTML standard; what is unfinished when the stream ends is dropped."""

    last_id: str = ""
    retries: list[str] = field(default_factory=list)
    comments: int = 0
    _rest: bytes = b""
    _data: list[str] = field(default_factory=list)
    _event: str = ""
    _id: str = ""

    def feed(self, chunk: bytes) -> list[Message]:
        self._rest += chunk
        *lines, self._rest = self._rest.split(b"\n")
        found = []
        for line in lines:
            assert not line.endswith(b"\r"), "line ends must be LF only"
            if line:
                self._field(line.decode())
            elif message := self._dispatch():
                found.append(message)
        return found

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id":
            self._id = value
        elif name == "retry":
            self.retries.append(value)
        elif not name:
            self.comments += 1
        else:
            raise AssertionError(f"unknown field {name!r}")

    def _dispatch(self) -> Message | None:
        self.last_id = self._id or self.last_id
        data, event = self._data, self._event
        self._data, self._event = [], ""
        return Message("\n".join(data), event, self.last_id) if data else None


class AsgiStream:
    """An ASGI request in process, whose answer is read piece by piece."""

    def __init__(
        self,
        app: Any,
        path: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
    ) -> None:
        target, _, query = path.partition("?")
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": target,
            "raw_path": target.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.lower().encode(), value.encode("utf-8"))
                for name, value in {"Host": "localhost", **(headers or {})}.items()
            ],
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }
        self._wire = ApplicationCommunicator(app, scope)
        self.parser = Parser()
        self.status = 0
        self.headers: dict[str, str] = {}
        self.is_over = False
        self._messages: list[Message] = []

    async def __aenter__(self) -> "AsgiStream":
        await self._wire.send_input({"type": "http.request"})
        start = await self._wire.receive_output(PATIENCE)
        self.status = start["status"]
        self.headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._wire.send_input({"type": "http.disconnect"})
        begun = time.monotonic()
        await self._wire.wait(PATIENCE)
        # A time-out there cancels the application, which then seems to have ended by itself.
        assert time.monotonic() - begun < PATIENCE, "the stream went on without its client"

    async def chunk(self) -> bytes:
        """Return the next bytes, empty at the end."""
        if self.is_over:
            return b""
        message = await self._wire.receive_output(PATIENCE)
        self.is_over = not message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body if body or self.is_over else await self.chunk()

    async def body(self) -> bytes:
        """Return everything until the end."""
        whole = b""
        while not self.is_over:
            whole += await self.chunk()
        return whole

    async def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(await self.body())
        return value

    async def next(self) -> Message | None:
        """Return the next message, or None at the end of the stream."""
        while not self._messages:
            if self.is_over:
                return None
            self._messages += self.parser.feed(await self.chunk())
        return self._messages.pop(0)

    async def until(self, type_: str) -> list[Message]:
        """Return the messages up to the first of a type, which must come."""
        found = []
        while (message := await self.next()) is not None:
            found.append(message)
            if message.type == type_:
                return found
        raise AssertionError(f"no {type_} in {[message.type for message in found]}")

    async def rest(self) -> list[Message]:
        """Return all messages until the end of the stream."""
        found = []
        while (message := await self.next()) is not None:
            found.append(message)
        return found
