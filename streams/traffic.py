"""The connections of this process: what each was sent, how long after it was written, why it ended."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from streams.counters import LONG, Counter, Histogram

logger = logging.getLogger(__name__)

_TIME = '"timestamp":"'
CUT = "cut"  # the client went away, or the server ends


class Row(Protocol):
    """What is needed of an event to see how late it is."""

    body: str
    written: float


def written_at(row: Row) -> float:
    """Return when an event was written, just before its commit, in seconds since 1970."""
    if not row.written:  # another process wrote it
        start = row.body.index(_TIME) + len(_TIME)
        row.written = datetime.fromisoformat(row.body[start : start + 24]).timestamp()
    return row.written


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a connection is about."""

    stream_id: UUID
    dialect: str
    mode: str = "inline"
    run: str = ""  # the hexadecimal id of a run, where several share the stream
    user_id: int | None = None


class Traffic:
    """One connection while it lasts, as a context. `why` is set by who ends it."""

    def __init__(self, watched: Watched, position: Callable[[], int]) -> None:
        self.watched = watched
        self.why = "over"
        self.frames = 0
        self.bytes = 0
        self.since = self.spoke = 0.0
        self._position = position

    @property
    def position(self) -> int:
        return self._position()

    @property
    def seconds(self) -> float:
        return time.time() - self.since

    @property
    def silent_seconds(self) -> float:
        """How long ago it was last sent something: at most a heartbeat's time if it is well."""
        return time.time() - self.spoke

    def sent(self, chunk: bytes, first: Row | None = None) -> bytes:
        """Count bytes that go to the server now. `first` is the oldest event in them."""
        now = self.spoke = time.time()
        self.bytes += len(chunk)
        self.frames += chunk.count(b"\n\n")
        # What was there before the connection is replayed; that says nothing of delays.
        if first is not None and (written := first.written or written_at(first)) >= self.since:
            lag.add(now - written)
        return chunk

    def __enter__(self) -> "Traffic":
        self.since = self.spoke = time.time()
        connections.begin(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            left = issubclass(kind, asyncio.CancelledError | GeneratorExit)
            self.why = CUT if left else "error"
        connections.end(self)
        watched = self.watched
        logger.info(
            "Stream ended stream=%s run=%s user=%s dialect=%s mode=%s reason=%s "
            "frames=%s bytes=%s seconds=%s position=%s",
            *(watched.stream_id, watched.run, watched.user_id, watched.dialect, watched.mode),
            *(self.why, self.frames, self.bytes, round(self.seconds, 3), self.position),
        )


@dataclass(slots=True)
class Total:
    """All connections of a dialect so far, the open ones included."""

    open: int = 0
    opened: int = 0
    frames: int = 0
    bytes: int = 0


class Connections:
    """The open connections, and what those that have ended were sent."""

    def __init__(self) -> None:
        self._open: set[Traffic] = set()
        self._ended: dict[str, Total] = {}
        self._lock = threading.Lock()

    def begin(self, traffic: Traffic) -> None:
        with self._lock:
            self._open.add(traffic)
            self._of(self._ended, traffic).opened += 1

    def end(self, traffic: Traffic) -> None:
        with self._lock:
            self._open.discard(traffic)
            total = self._of(self._ended, traffic)
            total.frames += traffic.frames
            total.bytes += traffic.bytes
        ended.add(traffic.watched.dialect, traffic.why)
        lasted.add(traffic.seconds)

    def open(self) -> list[Traffic]:
        """Return those that are open, the longest first."""
        with self._lock:
            return sorted(self._open, key=lambda one: one.since)

    def totals(self) -> dict[str, Total]:
        """Return the totals of each dialect."""
        with self._lock:
            totals = {
                name: Total(0, one.opened, one.frames, one.bytes)
                for name, one in self._ended.items()
            }
            for traffic in self._open:
                total = self._of(totals, traffic)
                total.open += 1
                total.frames += traffic.frames
                total.bytes += traffic.bytes
        return totals

    def _of(self, totals: dict[str, Total], traffic: Traffic) -> Total:
        return totals.setdefault(traffic.watched.dialect, Total())


connections = Connections()
lag = Histogram()  # seconds from writing an event to handing its frame to the server
lasted = Histogram(LONG)
ended = Counter()  # by dialect and reason
