"""How long a strategy takes: what its steps took before, or what their guides expect."""

from collections import defaultdict
from statistics import median

from agents.strategy_guides import STEPS
from planning.models import Strategy, StrategyStep
from runs.models import Run

PAST = 20  # strategies that are looked at, the newest first


def of_steps(engine: str) -> dict[str, float]:
    """Return the seconds that each step is expected to take with an engine.

    The median of what it took lately; the guide's own figure for a step that nobody has measured.
    """
    past = Strategy.objects.filter(engine=engine, run__state=Run.State.COMPLETED)
    newest = list(past.order_by("-created_at").values_list("pk", flat=True)[:PAST])
    done = StrategyStep.objects.filter(
        strategy__in=newest, state=StrategyStep.State.COMPLETED, duration_ms__isnull=False
    )
    taken: dict[str, list[int]] = defaultdict(list)
    for name, milliseconds in done.values_list("name", "duration_ms"):
        taken[name].append(milliseconds or 0)
    measured = {name: round(median(each) / 1000, 2) for name, each in taken.items()}
    return {guide.name: measured.get(guide.name, guide.seconds) for guide in STEPS}


def total(strategy: Strategy) -> float:
    """Return the seconds that the whole strategy was expected to take when it started."""
    seconds: dict[str, float] = strategy.estimates
    return round(sum(seconds.values()), 1)
