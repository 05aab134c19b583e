"""Strategies that tests start from, and engines that fail them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.contrib.auth.models import User

from agents import registry
from agents.scripted import Failure, Script, ScriptedEngine
from planning.models import Strategy
from planning.strategy.actions import StrategyWish, start
from runs.models import Run
from streams import log
from tests.factories import advance

GOAL = "Open a second bakery"
Error = Literal["retryable", "permanent", "crash"]


def strategy(by: User, goal: str = GOAL, **wish: Any) -> Strategy:
    return start(StrategyWish(goal=goal, **{"engine": "scripted", **wish}), by=by)


def worked_out(by: User, **wish: Any) -> Strategy:
    """Return a strategy after its run has ended, however it did."""
    made = strategy(by, **wish)
    advance(made.run)
    made.refresh_from_db()
    return made


def told(made: Strategy, *types: str) -> list[dict[str, Any]]:
    """Return the events of a strategy's log, of some types or of all."""
    rows = log.read_after(made.run.stream_id, 0, 10_000)
    return [json.loads(row.body) for row in rows if not types or row.type in types]


@contextmanager
def failing(*steps: str, error: Error = "permanent", times: int = 99) -> Iterator[str]:
    """Register an engine whose steps of these names fail; gives its name."""
    fail = {step: Failure(times=times, error=error) for step in steps}
    engine = ScriptedEngine(Script(fail=fail, events_per_iteration=2))
    registry.register("failing", lambda: engine)
    try:
        yield "failing"
    finally:
        registry.unregister("failing")


def again(made: Strategy) -> Run:
    """Work on a run that was queued for another try, without waiting for its time."""
    Run.objects.filter(pk=made.run_id).update(not_before=None)
    return advance(made.run)
