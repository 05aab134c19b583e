"""A TCP proxy whose connections a test can cut, in the middle of a frame if need be."""

import asyncio
import threading
from types import TracebackType


class Proxy:
    """Listens on a port of its own and passes everything on, until it is told not to."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._started = threading.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._cut_after: int | None = None
        self.refusing = False
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Drop all connections now."""
        self._loop.call_soon_threadsafe(self._abort)

    def cut_inside_next_frame(self, size: int = 25) -> None:
        """Pass on this many bytes of the next event frame, then drop the connection."""
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
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=128)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        self._abort()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        self._writers.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, back, down=False))
                group.create_task(self._pass(there, writer, down=True))
        except (OSError, ExceptionGroup):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, down: bool
    ) -> None:
        while data := await reader.read(65536):
            if down and self._cut_after is not None and b"data: {" in data:
                start = data.index(b"data: {")
                writer.write(data[: start + self._cut_after])
                await writer.drain()
                await asyncio.sleep(0.05)  # what was written has to leave before the abort
                self._cut_after = None
                writer.transport.abort()
                raise ConnectionAbortedError
            writer.write(data)
            await writer.drain()
        writer.write_eof()
