import asyncio
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import cast

import pytest

from agents.adapters import (
    AdaptedEngine,
    Call,
    Emit,
    Source,
    from_async_generator,
    from_callback,
    from_function,
    from_generator,
)
from agents.base import AgentEvent, Delta, Done, StepContext, ToolResult
from agents.contract import Flag, record
from agents.exceptions import Cancelled, Permanent, Retryable

END = Done(result={"n": 1})


def engine_of(source: Source) -> AdaptedEngine:
    return AdaptedEngine("mine", {"reply": source})


async def test_no_event_of_a_thread_is_lost_or_reordered() -> None:
    def count(call: Call) -> Iterator[AgentEvent]:
        yield from (Delta(text=str(number)) for number in range(2000))
        yield END

    recording = await record(engine_of(from_generator(count)), "reply", {})

    told = [event.text for event in recording.events if isinstance(event, Delta)]
    assert told == [str(number) for number in range(2000)]


async def test_sync_work_leaves_the_event_loop_free() -> None:
    def work(call: Call) -> dict[str, int]:
        time.sleep(0.2)
        return {"thread": threading.get_ident()}

    ticks = 0
    step = asyncio.create_task(record(engine_of(from_function(work)), "reply", {}))
    while not step.done():
        await asyncio.sleep(0.01)
        ticks += 1

    assert ticks > 5
    assert step.result().result["thread"] != threading.get_ident()


@pytest.mark.parametrize("endings", [0, 2])
async def test_a_missing_or_a_second_ending_is_refused(endings: int) -> None:
    async def wrong(call: Call) -> AsyncIterator[AgentEvent]:
        yield Delta(text="x")
        for _ in range(endings):
            yield END

    with pytest.raises(Permanent) as raised:
        await record(engine_of(from_async_generator(wrong)), "reply", {})

    assert raised.value.code == "bad_engine"


async def test_a_second_ending_is_not_told_as_well() -> None:
    seen: list[AgentEvent] = []

    def wrong(call: Call, emit: Emit) -> dict[str, int]:
        emit(END)
        return {"n": 2}

    async def read() -> None:
        async for event in engine_of(from_callback(wrong)).step("reply", context(), Flag()):
            seen.append(event)

    with pytest.raises(Permanent, match="after its end"):
        await read()

    assert seen == []


async def test_something_that_is_no_event_is_refused() -> None:
    with pytest.raises(Permanent) as raised:
        await record(
            engine_of(from_generator(lambda call: iter([cast("Done", "text")]))), "reply", {}
        )

    assert raised.value.code == "bad_engine"


async def test_a_function_has_to_return_a_mapping() -> None:
    with pytest.raises(Permanent, match="returned str"):
        await record(engine_of(from_function(lambda call: cast("Done", "text"))), "reply", {})


async def test_an_error_of_a_thread_comes_out_as_it_is() -> None:
    def busy(call: Call) -> dict[str, int]:
        raise Retryable("Busy.", retry_after=3)

    with pytest.raises(Retryable) as raised:
        await record(engine_of(from_function(busy)), "reply", {})

    assert raised.value.retry_after == 3


async def test_a_thread_that_hears_nothing_does_not_hold_up_a_cancelled_step() -> None:
    release = threading.Event()
    flag = Flag()
    slow = engine_of(from_function(lambda call: {"waited": release.wait(5)}))
    step = asyncio.create_task(record(slow, "reply", {}, flag=flag))
    await asyncio.sleep(0.05)

    flag.on, start = True, time.monotonic()
    with pytest.raises(Cancelled):
        await step
    taken = time.monotonic() - start
    release.set()

    assert taken < 0.5


async def test_a_callback_is_stopped_at_its_next_event_after_the_cancel_flag() -> None:
    flag, stopped = Flag(), threading.Event()

    def talk(call: Call, emit: Emit) -> None:
        try:
            while True:
                emit(Delta(text="x"))
                time.sleep(0.001)
        finally:
            stopped.set()

    step = asyncio.create_task(record(engine_of(from_callback(talk)), "reply", {}, flag=flag))
    await asyncio.sleep(0.05)
    flag.on = True

    with pytest.raises(Cancelled):
        await step
    assert await asyncio.to_thread(stopped.wait, 2)


async def test_an_async_generator_cleans_up_when_its_reader_leaves() -> None:
    closed = asyncio.Event()

    async def talk(call: Call) -> AsyncIterator[AgentEvent]:
        try:
            while True:
                yield Delta(text="x")
        finally:
            closed.set()

    events = engine_of(from_async_generator(talk)).step("reply", context(), Flag())
    await anext(events)
    assert isinstance(events, AsyncGenerator)
    await events.aclose()

    await asyncio.wait_for(closed.wait(), 1)


async def test_a_kind_without_a_source_is_refused() -> None:
    with pytest.raises(Permanent) as raised:
        await record(engine_of(from_function(lambda call: {})), "propose", {})

    assert raised.value.code == "unsupported_kind"


def context() -> StepContext:
    return StepContext(run_id="r", step="s", input={})


async def test_an_engine_goes_on_when_what_a_tool_did_was_taken() -> None:
    went_on = False

    async def tool(call: Call) -> AsyncIterator[AgentEvent]:
        nonlocal went_on
        yield ToolResult(call_id="c", result=1)
        went_on = True
        yield END

    context = StepContext(run_id="r", step="reply", input={})
    events = engine_of(from_async_generator(tool)).step("reply", context, Flag())
    await anext(events)
    for _ in range(5):
        await asyncio.sleep(0)  # whatever can go on goes on

    assert not went_on
    await anext(events)
    assert went_on


async def test_a_thread_whose_result_nobody_takes_ends_with_its_step() -> None:
    ended = threading.Event()

    def work(call: Call, emit: Emit) -> None:
        try:
            emit(ToolResult(call_id="c", result=1))
            emit(Delta(text="never"))
        finally:
            ended.set()

    context = StepContext(run_id="r", step="reply", input={})
    events = engine_of(from_callback(work)).step("reply", context, Flag())
    await anext(events)
    await cast("AsyncGenerator[AgentEvent, None]", events).aclose()

    assert await asyncio.to_thread(ended.wait, 5)
