"""Let an engine do a step: what it says becomes events, its silence a sign of life."""

import asyncio
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
from runs.events import NoProgress, StillWorking
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

    While it says nothing, `still_working` is told every `tick_seconds`, and `no_progress` every
    `no_progress_seconds`. Raises what the engine raises, and `Permanent` if it ends without an end.
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

    In the log, so that somebody who reconnects sees how long it has been silent. That it still
    works is no progress: without any for long enough, that is told as well.
    """

    def __init__(self, context: RunContext) -> None:
        self._context = context
        loop = asyncio.get_running_loop()
        self._now = loop.time  # the clock that `sleep` goes by
        self._since = self._heard = self._spoke = self._now()
        self._number = self._warnings = 0
        self._task = loop.create_task(self._watch())

    def heard(self) -> None:
        self._heard = self._spoke = self._now()
        self._warnings = 0

    async def stop(self) -> None:
        self._task.cancel()
        # What ended it, a lost lease for instance, meets the step itself at its next write.
        with suppress(asyncio.CancelledError, Exception):
            await self._task

    async def _watch(self) -> None:
        limits = run_settings()
        while True:
            tick = self._spoke + limits.tick_seconds
            limit = self._heard + limits.no_progress_seconds * (self._warnings + 1)
            now = self._now()
            if now < min(tick, limit):
                await asyncio.sleep(min(tick, limit) - now)
            elif now >= limit:
                self._warnings += 1
                silence = round(now - self._heard)
                limit_seconds = limits.no_progress_seconds
                await self._context.emit(NoProgress(seconds=silence, limit_seconds=limit_seconds))
            else:
                self._number += 1
                self._spoke = now
                seconds = round(now - self._since)
                await self._context.emit(StillWorking(number=self._number, seconds=seconds))
