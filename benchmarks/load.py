"""The load: one asyncio client over bare sockets, lean enough to hold a thousand streams."""

import asyncio
import json
import resource
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.sites import TOKEN

PATIENCE = 60.0
OnData = Callable[[bytes, float], None]  # one data line, and when it came


def allow_many_files(count: int = 8192) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


class Stream(asyncio.Protocol):
    """One SSE connection. Looks at lines only, which chunked encoding never cuts here."""

    def __init__(self, path: str, on_data: OnData) -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._path = path
        self._on_data = on_data
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(request("GET", self._path, accept="text/event-stream"))

    def data_received(self, data: bytes) -> None:
        came = time.monotonic()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                if not self.opened.done():
                    self.opened.set_result(None)
                self._on_data(line[5:], came)
                if b'"final":true' in line:
                    self.close()  # the server would keep the connection for another request

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"No stream: {self._rest[:200]!r}"))
        if not self.closed.done():
            self.closed.set_result(None)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def request(
    method: str, path: str, *, body: bytes = b"", accept: str = "application/json"
) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Token {TOKEN}",
        f"Accept: {accept}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _ignore(line: bytes, came: float) -> None:
    return None


async def open_streams(
    port: int, paths: Sequence[str], on_data: OnData = _ignore, *, at_once: int = 32
) -> list[Stream]:
    """Open a stream for each path; returns when each has had its first frame."""
    loop = asyncio.get_running_loop()
    limit = asyncio.Semaphore(at_once)

    async def open_one(path: str) -> Stream:
        async with limit:
            _, stream = await loop.create_connection(
                lambda: Stream(path, on_data), "127.0.0.1", port
            )
            await asyncio.wait_for(stream.opened, PATIENCE)
            return stream

    return await asyncio.gather(*(open_one(path) for path in paths))


async def close_streams(streams: Sequence[Stream]) -> None:
    for stream in streams:
        stream.close()
    await asyncio.gather(*(stream.closed for stream in streams))


class Caller:
    """A keep-alive connection for requests, one after the other."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, given: dict[str, Any]) -> Any:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(request("POST", path, body=json.dumps(given).encode()))
        head = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), PATIENCE)
        status = int(head.split(b" ", 2)[1])
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        )
        body = await self._reader.readexactly(length)
        if status >= 400:
            raise RuntimeError(f"{path}: {status} {body[:500]!r}")
        return json.loads(body)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
