"""Wake-ups: "this stream grew". They carry no content, so none can overflow or be out of order.

A lost wake-up costs a heartbeat's delay, never an event: readers always read the log.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

Wake = Callable[[UUID], None]


class Hub(Protocol):
    """Tells the loops that watch a stream that it grew; `notify` may be called on any thread."""

    def notify(self, stream_id: UUID) -> None: ...

    def listen(self, wake: Wake) -> "Listening": ...

    def forget(self, listening: "Listening") -> None: ...


class Listening:
    """One loop's subscription. `wake(stream)` runs on that loop, once for many notifications."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wake: Wake) -> None:
        self._loop = loop
        self._wake = wake
        self._lock = threading.Lock()
        self._grown: set[UUID] = set()
        self._watched: set[UUID] = set()

    @property
    def is_over(self) -> bool:
        return self._loop.is_closed()

    def watch(self, stream_id: UUID) -> None:
        self._watched.add(stream_id)

    def unwatch(self, stream_id: UUID) -> None:
        self._watched.discard(stream_id)

    def push(self, stream_id: UUID) -> None:
        """Note growth from any thread; crossing into the loop is paid once for a burst."""
        if stream_id not in self._watched:
            return
        with self._lock:
            was_idle = not self._grown
            self._grown.add(stream_id)
        if was_idle:
            try:
                self._loop.call_soon_threadsafe(self._flush)
            except RuntimeError:  # the loop has closed; its readers are gone
                self._grown.clear()

    def _flush(self) -> None:
        with self._lock:
            grown, self._grown = self._grown, set()
        for stream_id in grown:
            self._wake(stream_id)


class InProcessHub:
    """The hub of a single process: writer and readers share it."""

    def __init__(self) -> None:
        self._listeners: tuple[Listening, ...] = ()
        self._lock = threading.Lock()

    def notify(self, stream_id: UUID) -> None:
        for listening in self._listeners:
            listening.push(stream_id)

    def listen(self, wake: Wake) -> Listening:
        listening = Listening(asyncio.get_running_loop(), wake)
        with self._lock:
            alive = [one for one in self._listeners if not one.is_over]
            self._listeners = (*alive, listening)
        return listening

    def forget(self, listening: Listening) -> None:
        with self._lock:
            self._listeners = tuple(one for one in self._listeners if one is not listening)


local: Hub = InProcessHub()


def notify(stream_id: UUID) -> None:
    """Wake whoever watches the stream. Called after commit."""
    local.notify(stream_id)
