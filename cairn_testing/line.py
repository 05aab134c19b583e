"""A line to a server that breaks, for real, where a test says."""

import asyncio
import threading
from contextlib import suppress
from types import TracebackType


class Line:
    """A TCP proxy on a port of its own."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), daemon=True)
        self._ready = threading.Event()
        self._links: set[asyncio.Task[None]] = set()
        self._marks: list[bytes] = []
        self.port = 0

    def break_at(self, position: int) -> None:
        """Break the next stream that tells of this position, in the middle of that event."""
        self._marks.append(_mark(position))

    def has_broken_at(self, position: int) -> bool:
        return _mark(position) not in self._marks

    def __enter__(self) -> "Line":
        self._thread.start()
        assert self._ready.wait(5), "The line to the server did not come up."
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(5)

    async def _main(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        for link in self._links:
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link
        self._links.add(link)
        ends = [writer]
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            ends.append(back)
            await asyncio.gather(_pass_on(reader, back), self._pass_down(there, writer))
        except (OSError, asyncio.CancelledError):
            pass  # one of both is gone, or the test is over
        finally:
            for end in ends:
                end.transport.abort()
                with suppress(OSError):
                    await end.wait_closed()
            self._links.discard(link)

    async def _pass_down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        before = b""
        while data := await reader.read(65536):
            seen = before + data  # a mark may come in two parts
            for mark in self._marks:
                if (found := seen.find(mark)) >= 0:
                    self._marks.remove(mark)
                    writer.write(data[: found + len(mark) - len(before)])
                    await writer.drain()
                    await asyncio.sleep(0.05)  # what was written has to leave first
                    raise ConnectionAbortedError
            before = seen[-32:]
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError


def _mark(position: int) -> bytes:
    return f"\nid: {position}\n".encode()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    raise ConnectionResetError
