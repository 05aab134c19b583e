"""Let an engine do a step: what it says becomes events, its silence a sign of life."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import suppress

from agents.base import (
    NO_DECISIONS,
    AgentEvent,
    ApprovalNeeded,
    Decision,
    Done,
    Engine,
    StepContext,
    StepKind,
)
from agents.exceptions import Permanent
from runs.conf import run_settings
from runs.context import RunContext
from runs.events import StillWorking
from runs.scope import StepScope

Tell = Callable[[AgentEvent], Awaitable[None]]


async def drive(
    scope: StepScope,
    engine: Engine,
    kind: StepKind,
    ctx: StepContext,
    tell: Tell,
    *,
    decisions: Mapping[str, Decision] = NO_DECISIONS,
) -> Done | ApprovalNeeded:
    """Return how the engine ended the step; `tell` is given all it says before that.

    While it says nothing, `still_working` is told every `tick_seconds`. Raises what the engine
    raises, and `Permanent` if it ends without an end.
    """
    events = engine.step(kind, ctx, scope.context.cancel, decisions)
    signs = SignsOfLife(scope.context)
    try:
        async for event in events:
            signs.heard()
            if isinstance(event, Done):
                scope.usage = dict(event.usage)
                return event
            if isinstance(event, ApprovalNeeded):
                return event
            await tell(event)
    finally:
        await signs.stop()
        if isinstance(events, AsyncGenerator):
            await events.aclose()
    raise Permanent(f"{engine.name} ended a step without a result.", code="bad_engine")


class SignsOfLife:
    """Says every so often that a run is still at work, while nothing else is told of it.

    In the log, so that somebody who reconnects sees how long it has been silent.
    """

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._since = self._last = time.monotonic()
        self._number = 0
        self._task = asyncio.get_running_loop().create_task(self._watch())

    def heard(self) -> None:
        self._last = time.monotonic()

    async def stop(self) -> None:
        self._task.cancel()
        # What ended it, a lost lease for instance, meets the step itself at its next write.
        with suppress(asyncio.CancelledError, Exception):
            await self._task

    async def _watch(self) -> None:
        patience = run_settings().tick_seconds
        while True:
            left = self._last + patience - time.monotonic()
            if left > 0:
                await asyncio.sleep(left)
                continue
            self._number += 1
            self._last = time.monotonic()
            seconds = round(self._last - self._since)
            await self._context.emit(StillWorking(number=self._number, seconds=seconds))
