"""A TCP proxy whose connections a test can cut, in the middle of a frame if need be."""

import asyncio
import contextlib
import threading
from types import TracebackType

FRAME = b"data: {"


class Proxy:
    """Listens on a port of its own and passes everything on, until it is told not to."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), daemon=True)
        self._started = threading.Event()
        self._links: set[asyncio.Task[None]] = set()
        self._cut_after: int | None = None
        self.refusing = False
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Drop all connections now."""
        self._loop.call_soon_threadsafe(self._drop)

    def cut_inside_next_frame(self, size: int = 25) -> None:
        """Pass on this many bytes of the next event frame, then drop its connection."""
        self._cut_after = size

    @property
    def has_cut(self) -> bool:
        return self._cut_after is None

    def __enter__(self) -> "Proxy":
        self._thread.start()
        assert self._started.wait(5)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(5)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=128)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stopped.wait()
        server.close()
        self._drop()
        await asyncio.gather(*self._links, return_exceptions=True)

    def _drop(self) -> None:
        for link in self._links:
            link.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link
        self._links.add(link)
        back: asyncio.StreamWriter | None = None
        try:
            if not self.refusing:
                there, back = await asyncio.open_connection("127.0.0.1", self._target)
                await asyncio.gather(self._up(reader, back), self._down(there, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for one in filter(None, (writer, back)):
                one.transport.abort()
                with contextlib.suppress(OSError):
                    await one.wait_closed()
            self._links.discard(link)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError  # a browser that has gone wants nothing any more

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            cut, at = self._cut_after, data.find(FRAME)
            if cut is not None and at >= 0:
                writer.write(data[: at + cut])
                await writer.drain()
                await asyncio.sleep(0.05)  # what was written has to leave first
                self._cut_after = None
                raise ConnectionAbortedError
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError
