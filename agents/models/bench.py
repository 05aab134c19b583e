"""What the steps of one engine share: the model, and the offline engine that works beside it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agents.adapters import Call, Put
from agents.base import AgentEvent, Done, Engine, Progress, StepContext
from agents.exceptions import Permanent
from agents.models.settings import ModelSettings

if TYPE_CHECKING:
    from pydantic_ai.models import Model  # named only: importing it takes a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """`client` makes the client of the model, or raises Permanent (`engine_not_configured`)."""

    engine: str
    model: str
    settings: ModelSettings
    client: "Callable[[str, ModelSettings], Model]"
    offline: Callable[[], Engine]


async def delegate(bench: Bench, call: Call, put: Put) -> None:
    """Let the offline engine do the whole step."""
    async with aclosing(_events(bench, call)) as events:
        async for event in events:
            await put(event)


async def worked_out(bench: Bench, call: Call, put: Put, *, upto: float) -> Mapping[str, Any]:
    """Return what the offline engine makes of the step; its progress counts up to a percentage."""
    async with aclosing(_events(bench, call)) as events:
        async for event in events:
            if isinstance(event, Progress):
                await put(replace(event, percent=round(event.percent * upto / 100, 2)))
            elif isinstance(event, Done):
                return event.result
    raise Permanent("The offline engine ended a step without a result.", code="bad_engine")


async def _events(bench: Bench, call: Call) -> AsyncGenerator[AgentEvent, None]:
    context = StepContext(run_id=call.run_id, step=call.step, input=call.input, state=call.state)
    events: AsyncIterator[AgentEvent] = bench.offline().step(
        call.kind, context, call.cancel, call.decisions
    )
    assert isinstance(events, AsyncGenerator)
    async with aclosing(events):
        async for event in events:
            yield event
