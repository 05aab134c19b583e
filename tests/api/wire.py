"""Streams over sockets: a reader like a browser's, and a proxy that can cut its line."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from tests.sse_client import Message, Parser


class Stream:
    """An open answer, read message by message."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.parser = Parser()
        self.raw = b""
        self._chunks = response.iter_raw()
        self._messages: list[Message] = []

    def __iter__(self) -> Iterator[Message]:
        while True:
            while self._messages:
                yield self._messages.pop(0)
            chunk = next(self._chunks, None)
            if chunk is None:
                return
            self.raw += chunk
            self._messages += self.parser.feed(chunk)

    def until(self, type_: str) -> list[Message]:
        """Return the messages up to the first of a type, which must come."""
        found = []
        for message in self:
            found.append(message)
            if message.type == type_:
                return found
        raise AssertionError(f"no {type_} in {[message.type for message in found]}")

    def rest(self) -> list[Message]:
        return list(self)


@contextmanager
def stream(
    client: httpx.Client,
    path: str,
    last_id: str = "",
    headers: dict[str, str] | None = None,
    **query: Any,
) -> Iterator[Stream]:
    sent = {"Accept": "text/event-stream", **(headers or {})}
    if last_id:
        sent["Last-Event-ID"] = last_id
    with client.stream("GET", path, params=query or None, headers=sent) as response:
        if response.status_code != 200:
            response.read()
        yield Stream(response)


class Proxy:
    """Passes bytes on to a server, until `cut`; then new connections are passed on again."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    pump = threading.Thread(target=self._pump, args=(source, sink))
                    self._threads.append(pump)
                    pump.start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        source.close()

    def cut(self) -> None:
        """Break all connections, as a network does."""
        while self._open:
            one = self._open.pop()
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in list(self._threads):
            thread.join(timeout=5)


@contextmanager
def proxy(port: int) -> Iterator[Proxy]:
    one = Proxy(port)
    try:
        yield one
    finally:
        one.close()
