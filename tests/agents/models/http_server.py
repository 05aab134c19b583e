"""A server with OpenAI's address for chats, which does what a test tells it to."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Exchange:
    """One request, and the connection to answer it on."""

    headers: Mapping[str, str]
    body: Mapping[str, Any]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def status(self, code: int, body: Mapping[str, Any], **headers: str) -> None:
        text = json.dumps(body)
        lines = [f"HTTP/1.1 {code} Status", "Content-Type: application/json"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(text.encode())}", "Connection: close", "", text]
        self.writer.write("\r\n".join(lines).encode())
        await self.writer.drain()

    async def begin(self) -> None:
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked"
        self.writer.write(f"{head}\r\n\r\n".encode())
        await self.writer.drain()

    async def _chunk(self, data: bytes) -> None:
        self.writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await self.writer.drain()

    async def say(self, text: str = "", **choice: Any) -> None:
        delta = {"role": "assistant", "content": text}
        whole = {"index": 0, "delta": delta, "finish_reason": None, **choice}
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [whole],
        }
        await self._chunk(f"data: {json.dumps(chunk)}\n\n".encode())

    async def end(self, reason: str = "stop") -> None:
        await self.say(finish_reason=reason)
        await self._chunk(b"data: [DONE]\n\n")
        await self._chunk(b"")


Answer = Callable[[Exchange], Awaitable[None]]


@dataclass
class Server:
    answer: Answer
    asked: list[Exchange] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)  # a client hung up
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
        pairs = (line.partition(":") for line in head if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = json.loads(await reader.readexactly(int(headers["content-length"])))
        exchange = Exchange(headers, body, reader, writer)
        self.asked.append(exchange)
        self.arrived.set()
        answering = asyncio.ensure_future(self.answer(exchange))
        leaving = asyncio.ensure_future(reader.read())
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done():
            self.left.set()
        for task in (answering, leaving):
            task.cancel()
        writer.close()


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[Server]:
    server = Server(answer)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    server.url = f"http://127.0.0.1:{port}/v1"
    async with listening:
        yield server


class Provider:
    """A provider in a thread of its own; `answer` may be changed at any time."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.url = ""
        self.asked: list[Exchange] = []
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        self._over = asyncio.Event()

        async def answered(exchange: Exchange) -> None:
            await self.answer(exchange)

        async with serving(answered) as server:
            self.url, self.asked = server.url, server.asked
            self._ready.set()
            await self._over.wait()
