"""Follow a log over any number of connections, to its end; no network here, and no clock.

Each event is told once and in order. A stream ends with its run's last event; the end of a
connection alone is a fault, and is read on from. What streams cannot do here, because something
on the way keeps them back, is done by asking for pages of the same log.
"""

import json
import logging
from collections.abc import Generator
from math import inf
from typing import Any, Literal, TypedDict, TypeVar, Unpack
from uuid import UUID

from cairn_client import errors
from cairn_client.calls import Id
from cairn_client.errors import StreamClosed, Unreachable
from cairn_client.events import Event, Gap, Snapshot, Told
from cairn_client.steps import (
    Answer,
    Backoff,
    Close,
    Failure,
    Open,
    Read,
    Reply,
    Request,
    Step,
    Wait,
    fetched,
)
from cairn_client.wire import Frame, Parser

HEARTBEAT = 15.0  # seconds, until the server says what it is
HEARTBEATS = 2  # without a byte for so many of them the connection is dead
FAILURES_BEFORE_POLLING = 3
STREAM_RETRY = 30.0  # seconds of polling before streaming is tried again
SILENCE_RETRY = 300.0  # where streams are held back: finding out costs a silence each time
POLL = 0.5  # seconds between pages, unless the server says
ENDED = frozenset({"completed", "failed", "rejected", "expired", "cancelled"})
PASSING = frozenset({408, 425, 429})  # of all 4xx, those that are worth another try

logger = logging.getLogger("cairn_client")
R = TypeVar("R")
Steps = Generator[Step | Told, Answer, R]


class How(TypedDict, total=False):
    """`after`: the last position you have handled. `mode`: `signal` leaves text out, to be pulled
    with `content`; `inline` brings it along. `give_up_seconds`: without it there is no giving up.
    """

    after: int
    mode: Literal["inline", "signal", ""]
    give_up_seconds: float


class Following:
    """One log that is followed. `position` is that of the last event told.

    With `run_id` it ends with that run; without, it goes on for ever, as a session does.
    """

    def __init__(
        self,
        path: str,
        *,
        run_id: str = "",
        after: int = 0,
        mode: str = "",
        give_up_seconds: float = inf,
    ) -> None:
        self.position = after
        self.is_over = False
        self._path = path
        self._run_id = run_id
        self._mode = mode
        self._give_up_seconds = give_up_seconds
        self._backoff = Backoff()
        self._waited = 0.0  # since something worked
        self._failures = 0  # of streams, since one worked
        self._polls_for = 0.0
        self._patience = HEARTBEATS * HEARTBEAT
        self._is_sparse = False
        self._hole: int | None = None  # where a hole was seen that is looked at again
        self._is_renewed = False  # the server asked to connect again

    @classmethod
    def run(cls, run: Id, **how: Unpack[How]) -> "Following":
        """Follow a run to its end."""
        run_id = str(UUID(str(run)))
        return cls(f"runs/{run_id}/events/", run_id=run_id, **how)

    @classmethod
    def session(cls, session: Id, **how: Unpack[How]) -> "Following":
        return cls(f"sessions/{UUID(str(session))}/events/", **how)

    def steps(self) -> Steps[None]:
        """Yield what to do, and what there is to tell, until the end.

        Raises `CairnError` when there is no use in trying on.
        """
        while not self.is_over:
            if self._polls_for > 0:
                yield from self._poll()
            else:
                yield from self._stream()

    def _request(self, kind: str) -> Request:
        params = {"after": str(self.position)}
        if self._mode:
            params["mode"] = self._mode
        return Request(path=self._path, params=params, headers={"Accept": kind})

    # Streaming

    def _stream(self) -> Steps[None]:
        reply = yield from fetched(Open(self._request("text/event-stream"), self._patience))
        if isinstance(reply, Failure):
            yield from self._no_stream(reply)
        elif reply.is_stream:
            yield from self._read()
        elif reply.status == 204:
            self.is_over = True
        elif reply.status in (200, 406):
            self._polls("no event stream comes from there")
        else:
            yield from self._refused(reply)
            if errors.of(reply).code == "too_many_streams":
                self._polls("there are too many streams")

    def _no_stream(self, failure: Failure) -> Steps[None]:
        """Go on after a stream of which nothing came."""
        if failure.kind == "silent":
            self._polls("a stream stays silent", SILENCE_RETRY)
            return
        if failure.kind == "broken":
            self._failures += 1
            if self._failures >= FAILURES_BEFORE_POLLING:
                self._polls("streams break before they begin")
        yield from self._later(failure.reason)

    def _read(self) -> Steps[None]:
        parser, before = Parser(), self.position
        has_begun = False
        self._is_renewed = False
        failure = Failure("broken", "the connection ended too early")
        while not self._has_enough():
            chunk = yield Read()
            if isinstance(chunk, Failure):
                failure = chunk
            if not isinstance(chunk, bytes) or not chunk:
                break
            for frame in parser.feed(chunk):
                has_begun = has_begun or bool(frame.data)
                yield from self._frame(frame)
                if self._has_enough():
                    break
        yield Close()
        if not has_begun:
            yield from self._no_stream(failure)
        elif not (self.is_over or (self._is_renewed and self.position > before)):
            yield from self._later(failure.reason)

    def _has_enough(self) -> bool:
        return self.is_over or self._is_renewed

    def _frame(self, frame: Frame) -> Steps[None]:
        if not frame.data:
            return
        told = _decoded(frame.data)
        if told is None:
            self._is_renewed = True  # nobody knows what was meant: read it again
        elif "position" in told:
            yield from self._event(told)
        else:
            yield from self._control(told.get("type", ""), told.get("data") or {})

    def _control(self, kind: str, data: dict[str, Any]) -> Steps[None]:
        if kind == "stream_opened":
            self._patience = HEARTBEATS * float(data.get("heartbeat_seconds") or HEARTBEAT)
            self._worked()
            self._failures = 0
            yield from self._resumed(data, data["position"])
        elif kind == "gap":
            self.position = max(self.position, data["to"])
            yield Gap(data["from"], data["to"])
        elif kind == "reconnect":
            self.position = max(self.position, data["position"])
            self._is_renewed = True
        elif kind == "closed":
            reason = str(data.get("reason", ""))
            raise StreamClosed(f"The server closed the stream: {reason}.", code=reason)

    # Polling

    def _polls(self, why: str, seconds: float = STREAM_RETRY) -> None:
        logger.info("%s: %s; asking for pages instead", self._path, why)
        self._polls_for = seconds

    def _poll(self) -> Steps[None]:
        self._is_renewed = False
        reply = yield from fetched(self._request("application/json"))
        if isinstance(reply, Failure):
            self._polls_for = 0.0  # the server is away; that says nothing of its streams
            yield from self._later(reply.reason)
            return
        page = _decoded(reply.body) if reply.status == 200 else None
        if page is None:
            yield from self._refused(reply)
            return
        self._worked()
        yield from self._page(page)
        if self.is_over or self._is_renewed or page["has_more"]:
            return
        if self._run_id and page["state"] in ENDED:
            self.is_over = True
            return
        wait = page.get("poll_after_ms", POLL * 1000) / 1000
        self._polls_for -= wait
        yield Wait(wait)

    def _page(self, page: dict[str, Any]) -> Steps[None]:
        events = page["events"]
        if page["resume"] == "gap":
            begin = 0 if page.get("reset") else page["to"]
        else:
            begin = events[0]["position"] - 1 if events else page["position"]
        yield from self._resumed(page, begin)
        for told in events:
            yield from self._event(told)
            if self.is_over:
                return
        if not self._is_renewed:
            self.position = max(self.position, page["position"])

    # Both

    def _resumed(self, told: dict[str, Any], position: int) -> Steps[None]:
        """Tell how the way to `position` was, and go on from there."""
        self._is_sparse = bool(told.get("sparse"))
        if told["resume"] == "gap":
            self.position = position
            yield Gap(told["from"], told["to"], bool(told.get("reset")))
        elif told["resume"] == "snapshot":
            self.position = position
            yield Snapshot(told["from"], told["to"], told["snapshot"])
        elif self._is_sparse:
            self.position = max(self.position, position)

    def _event(self, told: dict[str, Any]) -> Steps[None]:
        event = Event.of(told)
        if event.position <= self.position or self._is_renewed:
            return
        if event.position > self.position + 1 and not self._is_sparse:
            if self._hole != self.position:
                self._hole, self._is_renewed = self.position, True  # read that again
                return
            yield Gap(self.position + 1, event.position - 1)
        self._hole = None
        self.position = event.position
        self.is_over = event.is_final and event.run_id == self._run_id != ""
        yield event

    def _worked(self) -> None:
        self._backoff.reset()
        self._waited = 0.0

    def _refused(self, reply: Reply) -> Steps[None]:
        """Wait as long as the server asks, or raise what it refused for good."""
        error = errors.of(reply)
        if reply.status < 500 and reply.status not in PASSING:
            raise error
        yield from self._later(error.message, reply.retry_after)

    def _later(self, reason: str, retry_after: float | None = None) -> Steps[None]:
        seconds = retry_after or self._backoff.next()
        if self._waited + seconds > self._give_up_seconds:
            raise Unreachable(f"Gave up after {self._waited:.0f} seconds: {reason}")
        level = logging.WARNING if self._waited else logging.INFO  # one lost line is no news
        self._waited += seconds
        self._polls_for = max(0.0, self._polls_for - seconds)
        logger.log(level, "%s: %s; trying again in %.1f s", self._path, reason, seconds)
        yield Wait(seconds)


def _decoded(text: str | bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
