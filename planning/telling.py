"""Turn what an engine says during a step into a plan's events.

The same step told again says the same, so nothing here looks at a clock or at how far the run
had come before.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from agents.base import Card, Metric, Progress
from agents.plans import CheckpointSummary
from planning.events import (
    CheckpointReached,
    EducationalCard,
    IterationProgress,
    PlanMetrics,
    ProposalProgress,
)
from runs.models import Gate, Run
from streams.events import Event, iso

PROPOSED = 5.0  # percent of a plan when its proposal is ready
ITERATED = 90.0  # when all iterations that were planned are done
EXTRA = 0.4  # for each iteration that a revision at the last checkpoint added


def overall(iteration: int, percent: float, planned: int) -> float:
    """Return a plan's percentage while an iteration is at `percent`.

    Iterations beyond the planned ones move it only a little: it never falls, and it is 100 at
    the end alone.
    """
    done = iteration - 1 + percent / 100
    if iteration <= planned:
        value = PROPOSED + (ITERATED - PROPOSED) * done / planned
    else:
        value = ITERATED + EXTRA * (done - planned)
    return round(value, 1)


def about_proposal(event: Progress | Metric, attempt: int) -> Sequence[Event]:
    if isinstance(event, Metric):
        return []
    percent = PROPOSED * event.percent / 100 if attempt == 1 else PROPOSED
    return [
        ProposalProgress(
            step=f"proposal-{attempt}",
            progress=round(percent, 1),
            message=event.message,
            agent=event.agent,
        )
    ]


class IterationTeller:
    """Events of one iteration; counts frameworks and data points on from those before it."""

    def __init__(self, number: int, planned: int, frameworks: Sequence[str], points: int) -> None:
        self._number = number
        self._planned = planned
        self._frameworks_before = len(frameworks)
        self._points_before = points
        self._new: dict[str, int] = {}

    def about(self, event: Progress | Metric) -> Sequence[Event]:
        if isinstance(event, Metric):
            self._new[event.name] = int(event.value)
            return [
                PlanMetrics(
                    iteration=self._number,
                    name=event.name,
                    value=event.value,
                    unit=event.unit,
                    detail=event.detail[:200],
                )
            ]
        progress = IterationProgress(
            iteration=self._number,
            agent=event.agent,
            step=f"iteration-{self._number}",
            progress=overall(self._number, event.percent, self._planned),
            message=event.message,
            frameworks=self._frameworks_before + self._new.get("frameworks", 0),
            data_points=self._points_before + self._new.get("data_points", 0),
        )
        return [progress, *([_card(event.card, self._number)] if event.card else [])]


def _card(card: Card, iteration: int) -> EducationalCard:
    return EducationalCard(
        iteration=iteration,
        title=card.title,
        description=card.description,
        details=card.details,
        insight=card.insight,
        next_step=card.next_step,
        estimated_seconds=card.estimated_seconds,
    )


def message_id(run: Run, label: str) -> UUID:
    """Return the id of a text that belongs to a run, outside of its steps."""
    return uuid5(run.pk, label)


def reached(
    run: Run, number: int, iteration: int, summary: CheckpointSummary, gate: Gate | None
) -> CheckpointReached:
    return CheckpointReached(
        iteration=iteration,
        checkpoint_number=number,
        frameworks_so_far=summary.frameworks,
        data_points_so_far=summary.data_points,
        gate_id=gate.pk if gate else None,
        digest=gate.digest if gate else None,
        deadline=iso(gate.deadline) if gate else None,
        decisions=tuple(gate.decisions) if gate else (),
        message_id=message_id(run, f"checkpoint-{number}"),
        content=summary.summary,
    )
