"""The client for asyncio; it differs from the other in `await` alone."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
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


class Awaited(Generic[P, T]):
    """A call as a method whose result is awaited."""

    def __init__(self, call: Callable[P, Call[T]]) -> None:
        self._call = call

    @overload
    def __get__(self, client: None, owner: type) -> Callable[P, Call[T]]: ...
    @overload
    def __get__(self, client: "AsyncCairn", owner: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(
        self, client: "AsyncCairn | None", owner: type
    ) -> Callable[P, Call[T] | Awaitable[T]]:
        if client is None:
            return self._call

        @functools.wraps(self._call)
        async def method(*given: P.args, **named: P.kwargs) -> T:
            return await client.do(self._call(*given, **named))

        return method


class AsyncCairn:
    """A user of a Cairn server, by token. Use it in an `async with` block, or await `close`.

    `http` is an httpx client for proxies or certificates; it is closed together with this one.
    Methods raise `CairnError`.
    """

    def __init__(self, base_url: str, token: str, *, http: httpx.AsyncClient | None = None) -> None:
        self.base_url, self._headers = transport.checked(base_url, token)
        self._http = http or httpx.AsyncClient()

    start_plan = Awaited(calls.start_plan)
    start_strategy = Awaited(calls.start_strategy)
    start_session = Awaited(calls.start_session)
    branch_plan = Awaited(calls.branch_plan)
    post_message = Awaited(calls.post_message)
    upload = Awaited(calls.upload)
    plan = Awaited(calls.plan)
    plans = Awaited(calls.plans)
    strategy = Awaited(calls.strategy)
    session = Awaited(calls.session)
    sessions = Awaited(calls.sessions)
    messages = Awaited(calls.messages)
    content = Awaited(calls.content)
    entity = Awaited(calls.entity)
    entities = Awaited(calls.entities)
    run = Awaited(calls.run)
    cancel = Awaited(calls.cancel)
    pause = Awaited(calls.pause)
    resume = Awaited(calls.resume)
    gate = Awaited(calls.gate)
    gates = Awaited(calls.gates)
    answer = Awaited(calls.answer)

    def follow_run(self, run: Id, **how: Unpack[How]) -> "AsyncFollow":
        """Follow a run to its end, over any number of connections; see `How`."""
        return AsyncFollow(self, Following.run(run, **how))

    def follow_session(self, session: Id, **how: Unpack[How]) -> "AsyncFollow":
        """Follow all of a session's runs; that has no end, so leave when you have enough."""
        return AsyncFollow(self, Following.session(session, **how))

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> "AsyncCairn":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def do(self, call: Call[T]) -> T:
        """Do a call's steps and return what it comes to."""
        answer: Answer = None
        while True:
            try:
                step = call.send(answer)
            except StopIteration as end:
                found: T = end.value
                return found
            answer = await self.send(step) if isinstance(step, Request) else None
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)

    async def send(self, request: Request) -> Answer:
        try:
            sent = await self._http.request(
                **transport.arguments(request, self.base_url, self._headers)
            )
        except httpx.TransportError as error:
            return transport.failure(error)
        return Reply(sent.status_code, dict(sent.headers), sent.content)

    async def open(self, step: Open) -> httpx.Response:
        """Send a request and read nothing of its answer but the head. Raises `httpx.TransportError`."""
        patience = step.patience
        sent = transport.arguments(step.request, self.base_url, self._headers, patience=patience)
        return await self._http.send(self._http.build_request(**sent), stream=True)


class AsyncFollow:
    """What a log tells, for `async for`. After a `break`, iterating again goes on behind it."""

    def __init__(self, client: AsyncCairn, following: Following) -> None:
        self._client = client
        self._following = following
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None

    @property
    def position(self) -> int:
        """The position of the last event told."""
        return self._following.position

    async def __aiter__(self) -> AsyncIterator[Told]:
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
                    answer = await self._do(step)
        finally:
            await self._let_go()

    async def _do(self, step: Step) -> Answer:
        if isinstance(step, Request):
            return await self._client.send(step)
        try:
            if isinstance(step, Open):
                return await self._open(step)
            if isinstance(step, Read):
                assert self._chunks
                return await anext(self._chunks, b"")
        except httpx.TransportError as error:
            await self._let_go()
            return transport.failure(error)
        await self._let_go()
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
        return None

    async def _open(self, step: Open) -> Reply:
        self._response = response = await self._client.open(step)
        head = Reply(response.status_code, dict(response.headers))
        if head.is_stream:
            self._chunks = response.aiter_bytes()
            return head
        body = await response.aread()
        await self._let_go()
        return Reply(head.status, head.headers, body)

    async def _let_go(self) -> None:
        if self._response is not None:
            await self._response.aclose()
            self._response = None
