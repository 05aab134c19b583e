"""Connections of dialects that fold the log as they go: what an event looks like depends on those
before it, so nothing is shared between readers, and every connection is for one run.

A connection ends at a gate, which may wait for days: who answers it opens another one.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import aclosing

from django.http import HttpResponseBase

from runs.models import Run
from streams import sse
from streams.access import Viewer
from streams.conf import stream_settings
from streams.dialects.base import Frame
from streams.limits import slots
from streams.pool import pooled
from streams.reader import Missing, Quiet, follow
from streams.rows import Row
from streams.traffic import Traffic, Watched
from streams.views import streamed


class Connection(ABC):
    """One client's connection, while it lasts: from the first frames to an ending, always."""

    dialect = ""

    def __init__(self, run: Run, viewer: Viewer, user_id: int, *, after: int) -> None:
        """Read the run's stream from `after` on. Raises `TooManyStreams`."""
        self.run = run
        self.position = self._after = after
        self.counted_after = 0  # the position from which on what is sent counts as this client's
        self.slot = slots.take(user_id, limit=stream_settings().max_connections_per_user)
        self._viewer = viewer
        self._sent = 0
        self._limits = stream_settings()
        self._since = self._checked = time.monotonic()
        watched = Watched(
            stream_id=run.stream_id, run=run.pk.hex, user_id=user_id, dialect=self.dialect
        )
        self._traffic = Traffic(watched, lambda: self.position)

    # What a dialect says.

    @abstractmethod
    def is_over(self) -> bool:
        """Whether an ending was told."""

    @abstractmethod
    async def begin(self) -> list[Frame]: ...

    @abstractmethod
    async def row(self, row: Row) -> list[Frame]: ...

    @abstractmethod
    def give_up(self, why: str) -> list[Frame]:
        """Return an ending because of `gap`, `reconnect` or a reason to read no longer."""

    # What all have in common.

    def response(self) -> HttpResponseBase:
        """Return the stream as a response."""
        return streamed(self.frames(), self.slot)

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield the stream's bytes."""
        traffic = self._traffic
        with self.slot, traffic:
            yield traffic.sent(self._join(await self.begin()))
            if self.is_over():
                return
            async with aclosing(follow(self.run.stream_id, after=self._after)) as batches:
                async for batch in batches:
                    if chunk := await self._encode(batch):
                        first = batch[0] if isinstance(batch, list) else None
                        yield traffic.sent(chunk, first)
                    if not self.is_over() and (why := await self._why_ended()):
                        yield traffic.sent(self._give_up(why))
                    if self.is_over():
                        return
            yield traffic.sent(self._give_up("gap"))

    async def _encode(self, batch: list[Row] | Missing | Quiet) -> bytes:
        if isinstance(batch, Quiet):
            return sse.HEARTBEAT
        if isinstance(batch, Missing):
            return self._give_up("gap")
        encoded = []
        for row in batch:
            self.position = row.position
            encoded.append(self._join(await self.row(row)))
            if self.is_over():
                break
        told = b"".join(encoded)
        if self.position > self.counted_after:  # or a long replay would be cut, and begin again
            self._sent += len(told)
        return told

    def _give_up(self, why: str) -> bytes:
        self._traffic.why = why
        return self._join(self.give_up(why))

    async def _why_ended(self) -> str:
        now = time.monotonic()
        if now - self._checked >= self._limits.heartbeat_seconds:
            self._checked = now
            if reason := await pooled(self._viewer.may_still_read)(self.run.stream_id):
                return reason
        is_much = self._sent >= self._limits.rotate_bytes
        is_long = now - self._since >= self._limits.max_age_seconds
        return "reconnect" if is_much or is_long else ""

    def is_mine(self, row: Row, type_: str) -> bool:
        """Whether an event is of this run, and of a type."""
        return row.type == type_ and row.run == self.run.pk.hex

    def _join(self, frames: list[Frame]) -> bytes:
        return b"".join(sse.frame(one.data, id=self.position) for one in frames)
