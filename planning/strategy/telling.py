"""Turn what happens in a step into a strategy's events.

The same step told again says the same, so nothing here looks at a clock.
"""

from collections.abc import Sequence

from agents.base import Card, Metric, Progress
from agents.strategies import StrategyStepResult
from agents.strategy_guides import STEPS, Guide, number_of
from planning.strategy.events import (
    StrategyCard,
    StrategyProgress,
    StrategyStepCompleted,
    StrategyStepFailed,
    StrategyStepStarted,
)
from runs.events import Failure
from streams.events import Event

EACH = 10.0  # percent of a strategy when its first step starts, and from each start to the next
WITHIN = 9.0  # a step's own share: the next one's start is still ahead
WITHIN_LAST = 19.0  # only the end of the run is 100


def overall(guide: Guide, percent: float) -> float:
    """Return a strategy's percentage while a step is at `percent`."""
    number = number_of(guide.name)
    share = WITHIN_LAST if number == len(STEPS) else WITHIN
    return round(EACH * number + share * percent / 100, 1)


def started(guide: Guide, seconds: float) -> Sequence[Event]:
    number = number_of(guide.name)
    return [
        StrategyStepStarted(
            step=guide.name,
            number=number,
            progress=overall(guide, 0),
            title=guide.title,
            message=f"Step {number} of {len(STEPS)}: {guide.title}...",
            estimated_seconds=seconds,
        ),
        StrategyCard(
            step=guide.name,
            number=number,
            phase="start",
            title=guide.title,
            description=guide.description,
            details=guide.details,
            insight=guide.insight,
            estimated_seconds=seconds,
        ),
    ]


def working(guide: Guide, event: Progress | Metric) -> Sequence[Event]:
    if isinstance(event, Metric):
        return []
    progress = StrategyProgress(
        step=guide.name,
        number=number_of(guide.name),
        progress=overall(guide, event.percent),
        message=event.message,
        agent=event.agent,
    )
    return [progress, *([_card(guide, event.card)] if event.card else [])]


def _card(guide: Guide, card: Card) -> StrategyCard:
    return StrategyCard(
        step=guide.name,
        number=number_of(guide.name),
        phase="working",
        title=card.title,
        description=card.description,
        details=card.details,
        insight=card.insight,
        prompt_preview=card.prompt_preview,
        estimated_seconds=card.estimated_seconds,
        next_step=card.next_step,
    )


def completed(guide: Guide, result: StrategyStepResult, milliseconds: int) -> Sequence[Event]:
    number = number_of(guide.name)
    counts = {
        "findings": len(result.findings),
        "data_points": len(result.data_points),
        "gaps": len(result.gaps),
    }
    return [
        StrategyStepCompleted(
            step=guide.name,
            number=number,
            duration_ms=milliseconds,
            achievement=result.achievement,
            frameworks=result.frameworks,
            **counts,
        ),
        StrategyCard(
            step=guide.name,
            number=number,
            phase="end",
            title=f"{guide.title}: done",
            description=result.achievement,
            details=tuple(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()),
            insight=guide.insight,
            achievement=result.achievement,
            next_step=next_step(guide),
        ),
    ]


def failed(guide: Guide, failure: Failure, milliseconds: int) -> Sequence[Event]:
    number = number_of(guide.name)
    message = f"{guide.title} could not be done; the others go on."
    return [
        StrategyStepFailed(
            step=guide.name,
            number=number,
            duration_ms=milliseconds,
            message=message,
            error=failure,
        ),
        StrategyCard(
            step=guide.name,
            number=number,
            phase="fallback",
            title=f"{guide.title}: left out",
            description=message,
            details=(failure.message,),
            insight="A part that is named as missing can be added later; a guess cannot be told.",
            fallback=instead(guide),
            next_step=next_step(guide),
        ),
    ]


def instead(guide: Guide) -> str:
    """Say what stands in the place of a step that could not be done."""
    if guide is STEPS[-1]:
        return "The strategy is a plain list of what the steps before found."
    about = f" {' and '.join(guide.frameworks)} were not applied." if guide.frameworks else ""
    return f"The strategy says that this part is missing.{about}"


def next_step(guide: Guide) -> str:
    number = number_of(guide.name)
    return STEPS[number].title if number < len(STEPS) else "Read the strategy."
