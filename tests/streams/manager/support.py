"""A client of a manager, as a browser would be one."""

import asyncio
import json
from contextlib import aclosing
from typing import Any

from streams.manager import SSEConnection
from tests.sse_client import Message, Parser


class Client:
    """Reads a connection in a task of its own."""

    def __init__(self, connection: SSEConnection) -> None:
        self.connection = connection
        self.messages: list[Message] = []
        self._changed = asyncio.Event()
        self.task = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        parser = Parser()
        async with aclosing(self.connection.frames()) as frames:
            async for frame in frames:
                self.messages += parser.feed(frame)
                self._changed.set()

    async def until(self, count: int) -> list[dict[str, Any]]:
        """Return the messages after the first frame, once there are so many."""
        async with asyncio.timeout(10):
            while len(self.told) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.told

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(one.data) for one in self.messages if not one.is_control]

    async def opened(self) -> "Client":
        async with asyncio.timeout(10):
            while not self.messages:
                self._changed.clear()
                await self._changed.wait()
        return self

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def ended(self) -> None:
        await asyncio.wait_for(self.task, 10)
