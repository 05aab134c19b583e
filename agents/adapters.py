"""Ordinary Python as an engine: functions, generators, async generators and callbacks.

    engine = AdaptedEngine("mine", {"reply": from_function(answer)})

Sync code runs in a thread, so that the event loop stays free. Events come out in the order in
which they were made, and exactly one ending is let through: a step that ends twice, or not at
all, raises Permanent with the code `bad_engine`. The cancel flag ends the step within a tenth of
a second; a thread that runs on notices at its next event, or when it calls `Call.check`.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from agents.base import (
    NO_DECISIONS,
    AgentEvent,
    ApprovalNeeded,
    CancelFlag,
    Decision,
    Delta,
    Done,
    Engine,
    Metric,
    Part,
    Progress,
    StepContext,
    StepKind,
    ToolCall,
    ToolResult,
)
from agents.exceptions import Cancelled, Permanent

POLL_SECONDS = 0.05
# A chatty thread waits here for its reader instead of filling the memory.
QUEUED_EVENTS = 256
# How long a cancelled async generator may take to clean up before it is left alone.
GRACE_SECONDS = 0.5
EVENTS = (Progress, Delta, Part, ToolCall, ToolResult, Metric, ApprovalNeeded, Done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(StepContext):
    """The context that adapted code is given: also the kind, the decisions and the cancel flag."""

    kind: StepKind
    cancel: CancelFlag
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """What a reply is asked; other steps have none."""
        return str(self.input.get("question", ""))

    def check(self) -> None:
        """Raise Cancelled if nobody wants the result any more."""
        if self.cancel.is_set():
            raise Cancelled


Result = Mapping[str, Any] | BaseModel | Done | ApprovalNeeded
Emit = Callable[[AgentEvent], None]
Put = Callable[[AgentEvent], Awaitable[None]]
Source = Callable[[Call, Put], Awaitable[None]]


def from_function(function: Callable[[Call], Result]) -> Source:
    """Make a step of a sync function; what it returns is the result."""

    def work(call: Call, emit: Emit) -> None:
        emit(_ending(function(call)))

    return in_thread(work)


def from_generator(function: Callable[[Call], Iterator[AgentEvent]]) -> Source:
    """Make a step of a sync generator, which yields its own ending."""

    def work(call: Call, emit: Emit) -> None:
        for event in function(call):
            emit(event)

    return in_thread(work)


def from_callback(function: Callable[[Call, Emit], Result | None]) -> Source:
    """Make a step of a sync function that emits events; it may emit its ending or return it."""

    def work(call: Call, emit: Emit) -> None:
        result = function(call, emit)
        if result is not None:
            emit(_ending(result))

    return in_thread(work)


def from_async_generator(function: Callable[[Call], AsyncIterator[AgentEvent]]) -> Source:
    """Make a step of an async generator, which yields its own ending."""

    async def source(call: Call, put: Put) -> None:
        events = function(call)
        try:
            async for event in events:
                await put(event)
        finally:
            close = getattr(events, "aclose", None)
            if close is not None:
                await close()

    return source


def from_engine(make: Callable[[], Engine]) -> Source:
    """Make a step of the same step of another engine."""

    def events(call: Call) -> AsyncIterator[AgentEvent]:
        context = StepContext(
            run_id=call.run_id, step=call.step, input=call.input, state=call.state
        )
        return make().step(call.kind, context, call.cancel, call.decisions)

    return from_async_generator(events)


class AdaptedEngine:
    """An engine made of one source for each kind of step."""

    def __init__(
        self,
        name: str,
        steps: Mapping[StepKind, Source],
        capabilities: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.capabilities = frozenset(steps) | capabilities
        self._steps = dict(steps)

    async def step(
        self,
        kind: StepKind,
        ctx: StepContext,
        cancel: CancelFlag,
        decisions: Mapping[str, Decision] = NO_DECISIONS,
    ) -> AsyncIterator[AgentEvent]:
        if kind not in self._steps:
            raise Permanent(f"The engine {self.name} cannot {kind}.", code="unsupported_kind")
        call = Call(
            run_id=ctx.run_id,
            step=ctx.step,
            input=ctx.input,
            state=ctx.state,
            results=ctx.results,
            kind=kind,
            cancel=cancel,
            decisions=decisions,
        )
        async with aclosing(_events(self._steps[kind], call)) as events:
            async for event in one_ending(events, self.name):
                yield event


async def one_ending(events: AsyncIterator[object], name: str) -> AsyncIterator[AgentEvent]:
    """Pass events on; raise Permanent (`bad_engine`) unless exactly one ending comes last."""
    ending: AgentEvent | None = None
    async for event in events:
        if ending is not None:
            told = type(event).__name__
            raise Permanent(f"The engine {name} gave {told} after its end.", code="bad_engine")
        if not isinstance(event, EVENTS):
            told = type(event).__name__
            raise Permanent(f"The engine {name} gave {told}, no event.", code="bad_engine")
        if isinstance(event, Done | ApprovalNeeded):
            ending = event
        else:
            yield event
    if ending is None:
        raise Permanent(f"The engine {name} stopped without an end.", code="bad_engine")
    yield ending


def _ending(result: object) -> Done | ApprovalNeeded:
    if isinstance(result, Done | ApprovalNeeded):
        return result
    if isinstance(result, BaseModel):
        return Done(result=result.model_dump(mode="json"))
    if isinstance(result, Mapping):
        return Done(result=result)
    message = f"A step returned {type(result).__name__}; it has to return a mapping or a shape."
    raise Permanent(message, code="bad_engine")


def in_thread(work: Callable[[Call, Emit], None]) -> Source:
    async def source(call: Call, put: Put) -> None:
        loop = asyncio.get_running_loop()

        def emit(event: AgentEvent) -> None:
            call.check()
            asyncio.run_coroutine_threadsafe(_awaited(put(event)), loop).result()

        await asyncio.to_thread(work, call, emit)

    return source


async def _awaited(awaitable: Awaitable[None]) -> None:
    await awaitable


async def _events(source: Source, call: Call) -> AsyncGenerator[AgentEvent, None]:
    """Run the source beside its reader, so that the reader can see the cancel flag meanwhile."""
    queue: asyncio.Queue[AgentEvent | None] = asyncio.Queue(QUEUED_EVENTS)
    open_ = True

    async def put(event: AgentEvent) -> None:
        if not open_:
            raise Cancelled
        await queue.put(event)
        if isinstance(event, ToolResult):
            await queue.join()  # what a tool did is on record before the engine goes on

    async def produce() -> None:
        try:
            await source(call, put)
        finally:
            if open_:
                await queue.put(None)

    producer = asyncio.create_task(produce())
    try:
        while (event := await _next(queue, call)) is not None:
            try:
                yield event
            finally:
                queue.task_done()
        await producer
    finally:
        open_ = False
        await _stop(producer, queue)


async def _next(queue: asyncio.Queue[AgentEvent | None], call: Call) -> AgentEvent | None:
    while True:
        call.check()
        with suppress(asyncio.QueueEmpty):
            return queue.get_nowait()
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                return await queue.get()


async def _stop(producer: asyncio.Task[None], queue: asyncio.Queue[AgentEvent | None]) -> None:
    producer.cancel()
    # A producer that waits for room has to get it, or its thread would wait for ever.
    while not queue.empty():
        queue.get_nowait()
        queue.task_done()
    await asyncio.wait({producer}, timeout=GRACE_SECONDS)
    if producer.done() and not producer.cancelled():
        producer.exception()  # looked at, so that asyncio does not log it as forgotten
