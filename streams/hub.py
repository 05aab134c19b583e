"""Wake-ups: "this stream grew". A lost one costs a heartbeat's delay, never an event.

Readers read the log. A wake-up from the process that wrote brings the rows it committed, which
saves reading them; where they do not follow what a reader has, it reads. So none can overflow,
and their order does not matter.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol
from uuid import UUID

from streams import counters
from streams.rows import Row

# What was committed of each stream; nothing where a reader has to look for itself.
Grown = Mapping[UUID, Sequence[Row]]
Wake = Callable[[Grown], None]

MOST = 500  # rows of one stream that are kept for a loop that is busy


class Hub(Protocol):
    """Tells the loops that watch a stream that it grew; `notify` may be called on any thread.

    `announce` is called before that, in the transaction that writes: a hub that reaches other
    processes sends its notification there. What is announced in a block of `together`, which ends
    with the transaction, may be sent at once.
    """

    def announce(self, grown: Grown) -> None: ...

    def together(self) -> AbstractContextManager[None]: ...

    def notify(self, grown: Grown) -> None: ...

    def listen(self, wake: Wake) -> "Listening": ...

    def forget(self, listening: "Listening") -> None: ...


class Listening:
    """One loop's subscription. `wake(grown)` runs on that loop, once for many notifications."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wake: Wake) -> None:
        self._loop = loop
        self._wake = wake
        self._lock = threading.Lock()
        self._grown: dict[UUID, list[Row]] = {}
        self.watched: set[UUID] = set()

    @property
    def is_over(self) -> bool:
        return self._loop.is_closed()

    def watch(self, stream_id: UUID) -> None:
        self.watched.add(stream_id)

    def unwatch(self, stream_id: UUID) -> None:
        self.watched.discard(stream_id)

    def push(self, grown: Grown) -> None:
        """Note growth from any thread; crossing into the loop is paid once for a burst."""
        watched = [stream_id for stream_id in grown if stream_id in self.watched]
        if not watched:
            return
        with self._lock:
            was_idle = not self._grown
            for stream_id in watched:
                self._note(stream_id, grown[stream_id])
        if was_idle:
            try:
                self._loop.call_soon_threadsafe(self._flush)
            except RuntimeError:  # the loop has closed; its readers are gone
                self._grown.clear()

    def _note(self, stream_id: UUID, rows: Sequence[Row]) -> None:
        noted = self._grown.get(stream_id)
        if noted is None:
            self._grown[stream_id] = list(rows)
        elif not rows or not noted or len(noted) >= MOST:
            noted.clear()  # something is missing here: it is read
        else:
            noted.extend(rows)

    def _flush(self) -> None:
        with self._lock:
            grown, self._grown = self._grown, {}
        self._wake(grown)


class InProcessHub:
    """The hub of a single process: writer and readers share it."""

    def __init__(self) -> None:
        self._listeners: tuple[Listening, ...] = ()
        self._lock = threading.Lock()

    def announce(self, grown: Grown) -> None:
        """Nobody else is there to be told."""

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def notify(self, grown: Grown) -> None:
        for listening in self._listeners:
            listening.push(grown)

    def listen(self, wake: Wake) -> Listening:
        listening = Listening(asyncio.get_running_loop(), wake)
        with self._lock:
            alive = [one for one in self._listeners if not one.is_over]
            self._listeners = (*alive, listening)
        return listening

    @property
    def watched(self) -> set[UUID]:
        """The streams that somebody watches in this process."""
        return set().union(*(listening.watched for listening in self._listeners))

    def is_watched(self, stream_id: UUID) -> bool:
        return any(stream_id in listening.watched for listening in self._listeners)

    def forget(self, listening: Listening) -> None:
        with self._lock:
            self._listeners = tuple(one for one in self._listeners if one is not listening)


local: Hub = InProcessHub()


def together() -> AbstractContextManager[None]:
    """Return a block for all writes of one transaction, which ends with it."""
    return local.together()


def announce(grown: Grown) -> None:
    """Tell other processes, once the caller's transaction commits."""
    local.announce(grown)


def notify(grown: Grown) -> None:
    """Wake whoever watches the streams. Called after commit."""
    counters.events.add(grown.values())
    local.notify(grown)
