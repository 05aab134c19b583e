"""Write a stream as Server-Sent Events: bounded, encoded once, ended only by a frame that says so."""

import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from streams import sse
from streams.conf import stream_settings
from streams.dialects.base import Dialect, Frame
from streams.events import KNOWN, iso
from streams.profiles import Mode
from streams.reader import Missing, Quiet, follow
from streams.rows import Row
from streams.traffic import Traffic, Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a connection starts: from where, in which form, and what its reader is told first.

    With `run`, the hexadecimal id of one, only that run's events are told, up to its end.
    """

    stream_id: UUID
    after: int
    dialect: Dialect
    mode: Mode = "inline"
    run: str = ""
    user_id: int | None = None  # who reads, for those who look after the server
    resume: dict[str, Any] = field(default_factory=lambda: {"resume": "exact"})

    @property
    def key(self) -> str:
        return f"{self.dialect.name} {self.mode}"


def encode(row: Row, opening: Opening) -> bytes:
    """Return an event's frames; all watchers of a process share what was encoded once."""
    found = row.frames.get(opening.key)
    if found is None:
        found = b"".join(
            sse.frame(frame.data, id=row.position, event=frame.event)
            for frame in opening.dialect.row(row, opening.mode)
        )
        row.frames[opening.key] = found
    return found


def is_final(row: Row) -> bool:
    """Whether the event ends its run."""
    event = KNOWN.get(row.type)
    return event is not None and event.is_final


class Connection:
    """One reader's connection while it lasts. `held` is what it holds for so long."""

    def __init__(
        self,
        opening: Opening,
        refusal: Callable[[], Awaitable[str]],
        held: AbstractContextManager[object] = nullcontext(),  # noqa: B008 - it has no state
    ) -> None:
        self._opening = opening
        self._refusal = refusal
        self._held = held
        self._position = opening.after
        watched = Watched(
            stream_id=opening.stream_id,
            dialect=opening.dialect.name,
            mode=opening.mode,
            run=opening.run,
            user_id=opening.user_id,
        )
        self._traffic = Traffic(watched, lambda: self._position)
        self._sent = 0
        self._is_over = False
        self._limits = stream_settings()
        self._since = self._spoke = time.monotonic()
        # When it was last looked up whether the reader may still read: once in a heartbeat's
        # time, busy or not. Connections that were opened together do not look together.
        self._checked = self._since - random.random() * self._limits.heartbeat_seconds  # noqa: S311

    @property
    def position(self) -> int:
        """The position of the last event that was written."""
        return self._position

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield the stream's bytes.

        Ends after the stream's last event, or with a `reconnect` frame after a bounded number
        of bytes or time, or with a `closed` frame when the reader may read no longer.
        """
        traffic = self._traffic
        with self._held, traffic:
            yield traffic.sent(self._first())
            async with aclosing(
                follow(self._opening.stream_id, after=self._opening.after)
            ) as batches:
                async for batch in batches:
                    now = time.monotonic()
                    if chunk := self._encode(batch) or self._overdue(now):
                        self._spoke = now
                        yield traffic.sent(chunk, batch[0] if isinstance(batch, list) else None)
                    if self._is_over:
                        return
                    if now - self._checked >= self._limits.heartbeat_seconds:
                        self._checked = now
                        if reason := await self._refusal():
                            traffic.why = reason
                            yield traffic.sent(self._control("closed", {"reason": reason}))
                            return
                    if reason := self._why_renewed(now):
                        data = {"reason": reason, "position": self._position}
                        traffic.why = reason
                        yield traffic.sent(self._control("reconnect", data))
                        return

    def _first(self) -> bytes:
        data = {
            **self._opening.resume,
            "position": self._opening.after,
            "heartbeat_seconds": self._limits.heartbeat_seconds,
            "mode": self._opening.mode,
        }
        frames = self._opening.dialect.control("stream_opened", data, iso(timezone.now()))
        return self._join(frames, retry=self._limits.retry_milliseconds)

    def _encode(self, batch: list[Row] | Missing | Quiet) -> bytes:
        if isinstance(batch, Quiet):
            return self._heartbeat()
        if isinstance(batch, Missing):
            self._position = batch.last
            return self._control("gap", {"from": batch.first, "to": batch.last})
        return b"".join(self._encode_rows(batch))

    def _heartbeat(self) -> bytes:
        return self._join(self._opening.dialect.heartbeat(iso(timezone.now()))) or sse.HEARTBEAT

    def _overdue(self, now: float) -> bytes:
        """Give a sign of life where the log grows by events that are nothing for this reader."""
        if now - self._spoke < self._limits.heartbeat_seconds:
            return b""
        return self._heartbeat()

    def _encode_rows(self, rows: list[Row]) -> Iterator[bytes]:
        """Encode rows until the connection has had its share of bytes, or all it is about."""
        for row in rows:
            self._position = row.position
            if self._opening.run and row.run != self._opening.run:
                continue
            self._is_over = row.is_last or bool(self._opening.run and is_final(row))
            frames = encode(row, self._opening)
            if self._is_over and not frames:  # or a browser would come back for it for ever
                frames = sse.seen(row.position)
            self._sent += len(frames)
            yield frames
            if self._is_over or self._sent >= self._limits.rotate_bytes:
                return

    def _control(self, type_: str, data: dict[str, Any]) -> bytes:
        return self._join(self._opening.dialect.control(type_, data, iso(timezone.now())))

    def _join(self, frames: list[Frame], retry: int | None = None) -> bytes:
        if not frames and retry is not None:
            return f"retry: {retry}\n\n".encode()
        return b"".join(
            sse.frame(
                frame.data,
                id=self._position,
                event=frame.event,
                retry=retry if index == 0 else None,
            )
            for index, frame in enumerate(frames)
        )

    def _why_renewed(self, now: float) -> str:
        if self._sent >= self._limits.rotate_bytes:
            return "rotated"
        if now - self._since >= self._limits.max_age_seconds:
            return "max_age"
        return ""
