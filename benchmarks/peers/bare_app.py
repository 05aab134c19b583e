"""The limit: an asyncio protocol that writes the same bytes, made beforehand, to its clients."""

import asyncio
import json
import sys
import time
from collections import defaultdict

clients: dict[str, set[asyncio.Transport]] = defaultdict(set)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def _chunk(text: str) -> bytes:
    data = f"data: {text}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(data), data)


class Peer(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.name = ""
        self.given = b""

    def data_received(self, data: bytes) -> None:
        self.given += data
        head, found, body = self.given.partition(b"\r\n\r\n")
        if not found:
            return
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/events/"):
            self.name = path.rsplit("/", 1)[1]
            clients[self.name].add(self.transport)
            self.transport.write(HEAD + _chunk('{"type":"stream_opened"}'))
        elif body.endswith(b"}"):
            _start(json.loads(body))
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    def connection_lost(self, error: Exception | None) -> None:
        clients[self.name].discard(self.transport)


def _start(given: dict[str, float]) -> None:
    begin, channels = time.monotonic() + given["wait"], int(given["channels"])
    for number in range(channels):
        start = begin + number * given["every"] / channels
        _tell(str(number), start, given["every"], int(given["count"]))


def _tell(name: str, due: float, every: float, left: int) -> None:
    loop = asyncio.get_running_loop()

    def tell(due: float, left: int) -> None:
        frame = _chunk(f'{{"type":"bench_ticked","data":{{"sent":{time.monotonic()}}}}}')
        for transport in clients[name]:
            transport.write(frame)
        if left > 1:
            loop.call_at(due + every, tell, due + every, left - 1)

    loop.call_at(due, tell, due, left)


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
