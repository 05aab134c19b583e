"""The run of a strategy: eight steps, one after the other."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from agents.plans import Document
from agents.strategy_guides import STEPS
from planning import reading
from planning.conf import planning_settings
from planning.models import Strategy
from planning.strategy import shapes
from planning.strategy.actions import KIND, again
from planning.strategy.work import StrategyWork
from runs import handlers
from runs.context import RunContext
from runs.models import Run


async def execute_strategy(context: RunContext) -> str:
    """Do what is left of a strategy."""

    def load() -> tuple[Strategy, tuple[Document, ...]]:
        strategy = Strategy.objects.select_related("run", "created_by").get(run=context.run)
        return strategy, reading.as_given(strategy.documents.all())

    work = StrategyWork(context, *await context.read(load))
    for guide in STEPS:
        await context.pause_point()
        await work.do(guide)
    if work.missing:
        return f"Strategy ready, without {len(work.missing)} of {len(STEPS)} steps."
    return "Strategy ready!"


def snapshot(run: Run) -> dict[str, Any] | None:
    strategy = Strategy.objects.filter(run=run).first()
    return shapes.strategy(strategy) if strategy else None


def about(runs: Sequence[Run]) -> Mapping[UUID, handlers.About]:
    """Name runs by the goals of their strategies."""
    found = Strategy.objects.filter(run__in=[one.pk for one in runs]).only("pk", "goal", "run_id")
    return {
        one.run_id: handlers.About(title=one.goal, url=reverse("strategy", args=[one.pk]))
        for one in found
    }


def poll_milliseconds() -> int:
    return round(planning_settings().strategy_poll_seconds * 1000)


def connect() -> None:
    handlers.register(
        handlers.Kind(
            name=KIND,
            handler=execute_strategy,
            snapshot=snapshot,
            about=about,
            again=again,
            poll_milliseconds=poll_milliseconds,
        )
    )
