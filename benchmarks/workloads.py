"""Kinds of runs that do nothing but what is to be measured."""

import asyncio
import time
from typing import Any, ClassVar

from runs import handlers
from runs.context import RunContext
from runs.scope import StepScope
from streams.events import Event


class Ticked(Event):
    """An event that says when it was about to be written, on the machine's monotonic clock."""

    type: ClassVar[str] = "bench_ticked"

    sent: float


async def tick(context: RunContext) -> str:
    """Emit an event each `every` seconds from the moment `begin` on."""
    given = context.run.arguments
    for number in range(given["count"]):
        due = given["begin"] + number * given["every"]
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await context.emit(Ticked(sent=time.monotonic()))
    return "ticked"


async def steps(context: RunContext) -> str:
    """Do three steps that each wait a second, as a call to a model would."""

    async def work(scope: StepScope) -> dict[str, Any]:
        await asyncio.sleep(1)
        return {"step": scope.name}

    for number in range(3):
        await context.step(f"step-{number}", work)
    return "stepped"


def connect() -> None:
    handlers.register(handlers.Kind(name="tick", handler=tick))
    handlers.register(handlers.Kind(name="steps", handler=steps))
