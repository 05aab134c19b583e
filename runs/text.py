"""The text of a message while it is being written: pieces gather while others are committed."""

import asyncio
from uuid import UUID

from runs.scope import StepScope
from streams.events import ContentDelta, storable

LARGEST = 1024  # characters that gather before whoever adds more has to wait


class MessageText:
    """Writes a message's text as chunks 1, 2, 3 ... of a step, without a timer.

    A piece is written at once if none is being committed; otherwise it joins those that wait,
    and all of them become one chunk. So a quick engine costs few commits, and a slow one no delay.
    """

    def __init__(self, scope: StepScope, message_id: UUID) -> None:
        self.message_id = message_id
        self.sequence = scope.sequence_of(message_id)
        self._scope = scope
        self._gathered: list[str] = []
        self._size = 0
        self._writing: asyncio.Future[None] | None = None

    async def add(self, text: str) -> None:
        """Take a piece. Raises what went wrong with an earlier one: `Fenced`, for instance."""
        fresh = self._scope.untold(self.message_id, storable(text))
        if not fresh:
            return
        self._gathered.append(fresh)
        self._size += len(fresh)
        if self._writing is not None and self._writing.done():
            self._settle(self._writing)
        if self._writing is None:
            self._write()
        elif self._size >= LARGEST:
            await self.flush()

    async def flush(self) -> int:
        """Wait until all that was added is committed, and return the last chunk's number."""
        while self._writing is not None or self._gathered:
            if self._writing is None:
                self._write()
            writing = self._writing
            assert writing is not None
            await asyncio.wait({writing})
            self._settle(writing)
        return self.sequence

    def _write(self) -> None:
        text = "".join(self._gathered)
        self._gathered.clear()
        self._size = 0
        self.sequence += 1
        delta = ContentDelta(message_id=self.message_id, sequence=self.sequence, content=text)
        self._writing = self._scope.context.submit_delta(delta)
        self._writing.add_done_callback(self._written)

    def _written(self, writing: "asyncio.Future[None]") -> None:
        """Go on with what has gathered meanwhile; a failure waits for the next call."""
        if writing.cancelled() or writing.exception() or self._writing is not writing:
            return
        self._writing = None
        if self._gathered:
            self._write()

    def _settle(self, writing: "asyncio.Future[None]") -> None:
        if self._writing is writing:
            self._writing = None
        writing.result()
