"""Driving an engine: what it says is told, its silence is told too, and it ends in one way."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from agents.base import AgentEvent, Done, Engine, Progress, StepContext
from runs.agent_steps import drive
from runs.context import RunContext
from runs.models import Run
from runs.scope import StepScope
from streams import log
from tests.factories import Noted, advance, make_run, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


class Slow:
    """An engine that is silent for a while."""

    name = "slow"
    capabilities = frozenset({"reply"})

    def __init__(self, *silences: float, ends: bool = True) -> None:
        self._silences = silences
        self._ends = ends

    async def step(
        self, kind: Any, ctx: StepContext, cancel: Any, decisions: Any = None
    ) -> AsyncIterator[AgentEvent]:
        for seconds in self._silences:
            await asyncio.sleep(seconds)
            yield Progress(percent=50, message="half")
        if self._ends:
            yield Done(result={}, usage={"tokens": 7})


def driven(kind: str, engine: Engine) -> Run:
    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> Any:
            async def tell(event: AgentEvent) -> None:
                await scope.emit(Noted(text=type(event).__name__))

            ctx = StepContext(run_id=str(context.run.pk), step=scope.name, input={})
            return (await drive(scope, engine, "reply", ctx, tell)).usage  # type: ignore[union-attr]

        return str(await context.step("only", work))

    return advance(make_run(kind=register(kind, handler), max_attempts=1))


def signs(run: Run) -> list[int]:
    rows = log.read_after(run.stream_id, 0, 1000)
    return [json.loads(row.body)["data"]["number"] for row in rows if row.type == "still_working"]


@pytest.fixture
def quick(settings: Any) -> None:
    settings.RUNS = {**settings.RUNS, "TICK_SECONDS": 0.1}


def test_a_silent_step_gives_signs_of_life_until_it_speaks(quick):
    """Rows 0-25, 1-2."""
    run = driven("silent", Slow(0.35))

    assert signs(run) in ([1, 2], [1, 2, 3])
    assert run.state == "completed"
    assert run.steps.get().usage == {"tokens": 7}


def test_a_step_that_speaks_often_gives_none(quick):
    """Row 0-25."""
    assert signs(driven("chatty", Slow(*[0.01] * 20))) == []


@pytest.fixture
def impatient(settings: Any) -> None:
    settings.RUNS = {**settings.RUNS, "NO_PROGRESS_SECONDS": 0.1}


def warnings(run: Run) -> list[float]:
    rows = log.read_after(run.stream_id, 0, 1000)
    told = [json.loads(row.body)["data"] for row in rows if row.type == "no_progress"]
    return [one["limit_seconds"] for one in told]


def test_a_step_without_progress_is_told_of_and_goes_on(impatient):
    """Rows 3-14, 3-51: a limit on silence, not on time, and nothing is lost by it."""
    run = driven("stalled", Slow(0.25))

    assert warnings(run) == [0.1, 0.1]
    assert signs(run) == []
    assert run.state == "completed"


def test_a_long_step_that_makes_progress_is_never_warned_of(impatient):
    """Rows 3-6, 3-51."""
    assert warnings(driven("busy", Slow(*[0.03] * 12))) == []


def test_a_sign_of_life_is_no_progress(settings):
    """Row 3-51; conflict C10."""
    settings.RUNS = {**settings.RUNS, "NO_PROGRESS_SECONDS": 0.2, "TICK_SECONDS": 0.05}

    run = driven("alive", Slow(0.3))

    assert warnings(run) == [0.2]
    assert len(signs(run)) >= 3


def test_an_engine_that_ends_without_an_end_fails_the_run():
    run = driven("endless", Slow(0, ends=False))

    assert (run.state, run.error_code) == ("failed", "bad_engine")
