"""The client for ordinary code."""

import functools
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Generic, ParamSpec, TypeVar, Unpack, overload

import httpx

from cairn_client import calls, transport
from cairn_client.calls import Id
from cairn_client.events import Event, Gap, Snapshot, Told
from cairn_client.following import Following, How
from cairn_client.steps import Answer, Call, Open, Read, Reply, Request, Step, Wait

P = ParamSpec("P")
T = TypeVar("T")


class Blocking(Generic[P, T]):
    """A call as a method that returns what it comes to."""

    def __init__(self, call: Callable[P, Call[T]]) -> None:
        self._call = call

    @overload
    def __get__(self, client: None, owner: type) -> Callable[P, Call[T]]: ...
    @overload
    def __get__(self, client: "Cairn", owner: type) -> Callable[P, T]: ...
    def __get__(self, client: "Cairn | None", owner: type) -> Callable[P, Call[T] | T]:
        if client is None:
            return self._call

        @functools.wraps(self._call)
        def method(*given: P.args, **named: P.kwargs) -> T:
            return client.do(self._call(*given, **named))

        return method


class Cairn:
    """A user of a Cairn server, by token. Use it in a `with` block, or call `close`.

    Threads may share one. `http` is an httpx client for proxies or certificates; it is closed
    together with this one.
    Methods raise `CairnError`.
    """

    def __init__(self, base_url: str, token: str, *, http: httpx.Client | None = None) -> None:
        self.base_url, self._headers = transport.checked(base_url, token)
        self._http = http or httpx.Client()

    start_plan = Blocking(calls.start_plan)
    start_strategy = Blocking(calls.start_strategy)
    start_session = Blocking(calls.start_session)
    branch_plan = Blocking(calls.branch_plan)
    post_message = Blocking(calls.post_message)
    upload = Blocking(calls.upload)
    plan = Blocking(calls.plan)
    plans = Blocking(calls.plans)
    strategy = Blocking(calls.strategy)
    session = Blocking(calls.session)
    sessions = Blocking(calls.sessions)
    messages = Blocking(calls.messages)
    content = Blocking(calls.content)
    entity = Blocking(calls.entity)
    entities = Blocking(calls.entities)
    run = Blocking(calls.run)
    cancel = Blocking(calls.cancel)
    pause = Blocking(calls.pause)
    resume = Blocking(calls.resume)
    gate = Blocking(calls.gate)
    gates = Blocking(calls.gates)
    answer = Blocking(calls.answer)

    def follow_run(self, run: Id, **how: Unpack[How]) -> "Follow":
        """Follow a run to its end, over any number of connections; see `How`."""
        return Follow(self, Following.run(run, **how))

    def follow_session(self, session: Id, **how: Unpack[How]) -> "Follow":
        """Follow all of a session's runs; that has no end, so leave when you have enough."""
        return Follow(self, Following.session(session, **how))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> "Cairn":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def do(self, call: Call[T]) -> T:
        """Do a call's steps and return what it comes to."""
        answer: Answer = None
        while True:
            try:
                step = call.send(answer)
            except StopIteration as end:
                found: T = end.value
                return found
            answer = self.send(step) if isinstance(step, Request) else None
            if isinstance(step, Wait):
                time.sleep(step.seconds)

    def send(self, request: Request) -> Answer:
        try:
            sent = self._http.request(**transport.arguments(request, self.base_url, self._headers))
        except httpx.TransportError as error:
            return transport.failure(error)
        return Reply(sent.status_code, dict(sent.headers), sent.content)

    def open(self, step: Open) -> httpx.Response:
        """Send a request and read nothing of its answer but the head. Raises `httpx.TransportError`."""
        patience = step.patience
        sent = transport.arguments(step.request, self.base_url, self._headers, patience=patience)
        return self._http.send(self._http.build_request(**sent), stream=True)


class Follow:
    """What a log tells, as an iterable. After a `break`, iterating again goes on behind it."""

    def __init__(self, client: Cairn, following: Following) -> None:
        self._client = client
        self._following = following
        self._response: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())

    @property
    def position(self) -> int:
        """The position of the last event told."""
        return self._following.position

    def __iter__(self) -> Iterator[Told]:
        steps = self._following.steps()
        answer: Answer = None
        try:
            while True:
                try:
                    step = steps.send(answer)
                except StopIteration:
                    return
                if isinstance(step, Event | Gap | Snapshot):
                    yield step
                    answer = None
                else:
                    answer = self._do(step)
        finally:
            self._let_go()

    def _do(self, step: Step) -> Answer:
        if isinstance(step, Request):
            return self._client.send(step)
        try:
            if isinstance(step, Open):
                return self._open(step)
            if isinstance(step, Read):
                return next(self._chunks, b"")
        except httpx.TransportError as error:
            self._let_go()
            return transport.failure(error)
        self._let_go()
        if isinstance(step, Wait):
            time.sleep(step.seconds)
        return None

    def _open(self, step: Open) -> Reply:
        self._response = response = self._client.open(step)
        head = Reply(response.status_code, dict(response.headers))
        if head.is_stream:
            self._chunks = response.iter_bytes()
            return head
        body = response.read()
        self._let_go()
        return Reply(head.status, head.headers, body)

    def _let_go(self) -> None:
        if self._response is not None:
            self._response.close()
            self._response = None
