"""Clients of a real server: one that commands, and two that watch, each in its own way."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from httpx_sse import aconnect_sse

from cairn_client import AsyncCairn
from tests.e2e import house
from tests.e2e.servers import PATIENCE
from tests.sse_client import Parser

Event = dict[str, Any]
LOOK = 0.02  # seconds between two looks at what only the machine knows
BACKOFF = 0.05  # seconds before a client tries again; a browser waits longer


def cairn(port: int, token: str = house.TOKEN) -> AsyncCairn:
    """Return the client that others get, for tests of anything but requests and streams."""
    http = httpx.AsyncClient(timeout=PATIENCE, trust_env=False)
    return AsyncCairn(f"http://127.0.0.1:{port}", token, http=http)


class Client(httpx.AsyncClient):
    """A user of the REST API; ada unless another token is given."""

    def __init__(self, port: int, token: str = house.TOKEN) -> None:
        super().__init__(
            base_url=f"http://127.0.0.1:{port}/api/v1/",
            headers={"Authorization": f"Token {token}"},
            timeout=PATIENCE,
            trust_env=False,
        )

    async def new_plan(self, goal: str = "Open a second bakery", **more: Any) -> Event:
        answer = await self.post("plans/", json={"goal": goal, **more})
        assert answer.status_code == 201, answer.text
        plan: Event = answer.json()
        return plan

    async def answer(self, gate: Event, decision: str = "approve", **more: Any) -> httpx.Response:
        """Answer a gate as its `gate_opened` event, or the API, describes it."""
        pk = gate.get("gate_id") or gate["id"]
        body = {"decision": decision, "digest": gate["digest"], **more}
        return await self.post(f"gates/{pk}/answer/", json=body)

    async def run(self, run_id: str) -> Event:
        run: Event = (await self.get(f"runs/{run_id}/")).json()
        return run


class Watcher:
    """Follows a run over any number of connections and servers, by its cursor alone."""

    def __init__(self, port: int, run_id: object, *, raw: bool = False) -> None:
        self.port = port  # may be changed: the next connection goes there
        self.run_id = run_id
        self.events: list[Event] = []
        self.resumes: list[str] = []  # how each connection began
        self._connect = self._raw if raw else self._sse
        self._grown = asyncio.Condition()
        self._task = asyncio.create_task(self._follow())

    async def __aenter__(self) -> "Watcher":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @property
    def cursor(self) -> int:
        return int(self.events[-1]["position"]) if self.events else 0

    @property
    def positions(self) -> list[int]:
        return [event["position"] for event in self.events]

    @property
    def is_over(self) -> bool:
        return bool(self.events) and bool(self.events[-1].get("final"))

    def of(self, type_: str) -> list[Event]:
        return [event for event in self.events if event["type"] == type_]

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._grown:
            await self._grown.wait_for(wanted)

    async def position(self, position: int) -> None:
        await self.until(lambda: self.cursor >= position)

    async def type(self, type_: str, count: int = 1) -> Event:
        """Wait for the n-th event of a type and return its data."""
        await self.until(lambda: len(self.of(type_)) >= count)
        data: Event = self.of(type_)[count - 1]["data"]
        return data

    async def end(self) -> Event:
        await self.until(lambda: self.is_over)
        return self.events[-1]

    async def _follow(self) -> None:
        while not self.is_over:
            try:
                async for text in self._connect():
                    await self._note(json.loads(text))
            except (OSError, httpx.HTTPError, asyncio.IncompleteReadError):
                pass  # the server is gone, or not there yet
            if not self.is_over:
                await asyncio.sleep(BACKOFF)

    async def _note(self, event: Event) -> None:
        async with self._grown:
            if "position" in event:
                self.events.append(event)
            elif event["type"] == "stream_opened":
                self.resumes.append(event["data"]["resume"])
            self._grown.notify_all()

    @property
    def _path(self) -> str:
        return f"/api/v1/runs/{self.run_id}/events/"

    @property
    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "text/event-stream", "Authorization": f"Token {house.TOKEN}"}
        return {**headers, "Last-Event-ID": str(self.cursor)} if self.events else headers

    async def _sse(self) -> AsyncIterator[str]:
        """Read as a stranger's library does."""
        url = f"http://127.0.0.1:{self.port}{self._path}"
        async with (
            httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client,
            aconnect_sse(client, "GET", url, headers=self._headers) as source,
        ):
            async for message in source.aiter_sse():
                if message.data:  # httpx-sse, unlike a browser, makes a message of each comment
                    yield message.data

    async def _raw(self) -> AsyncIterator[str]:
        """Read from a bare socket, in HTTP/1.0: what comes is the stream, without chunks."""
        async for message in raw_messages(self.port, self._path, self._headers):
            yield message


async def raw_messages(port: int, path: str, headers: dict[str, str]) -> AsyncIterator[str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        lines = [f"GET {path} HTTP/1.0", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.splitlines()[0], head
        parser = Parser()
        while chunk := await reader.read(65536):
            for message in parser.feed(chunk):
                yield message.data
    finally:
        writer.close()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that another process does and tells nobody."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - there is nothing to await
            await asyncio.sleep(LOOK)


async def approve_all(client: Client, watcher: Watcher) -> Event:
    """Approve each gate as soon as the watcher is told of it; return the run's last event."""
    answered: list[Event] = []
    while True:
        await watcher.until(
            lambda: watcher.is_over or len(watcher.of("gate_opened")) > len(answered)
        )
        if watcher.is_over:
            return watcher.events[-1]
        answered.append(watcher.of("gate_opened")[len(answered)]["data"])
        await approve(client, answered[-1])


async def approve(client: Client, gate: Event) -> None:
    """Approve a gate; ask again when the server dies over it, which may have heard it or not."""
    asked = 0
    async with asyncio.timeout(PATIENCE):
        while True:
            asked += 1
            try:
                response = await client.answer(gate)
            except httpx.TransportError:
                await asyncio.sleep(BACKOFF)
                continue
            assert response.status_code == 200 or (asked > 1 and _was_ours(response)), response.text
            return


def _was_ours(response: httpx.Response) -> bool:
    error = response.json()["error"]
    return bool(error["code"] == "already_decided" and error["decided_by"] == "ada")
