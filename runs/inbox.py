"""Questions that wait: every pending gate a user may see, whichever app its run belongs to."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User

from runs import gates, handlers
from runs.handlers import About
from runs.models import Gate, Run

MOST = 200  # more than a person can answer; the rest shows as these are decided


@dataclass(frozen=True, slots=True)
class Row:
    gate: Gate
    may_answer: bool
    about: About


def waiting(user: User) -> list[Row]:
    """Return the gates that wait in runs the user may see, the most urgent first."""
    found = Gate.objects.filter(
        state=Gate.State.PENDING, run__in=Run.objects.visible_to(user).values("pk")
    )
    rows = list(found.select_related("run__created_by", "group").order_by("deadline")[:MOST])
    known = _about([one.run for one in rows])
    return [
        Row(one, gates.may_answer(user, one), known.get(one.run_id, About(title=one.run.kind)))
        for one in rows
    ]


def count(user: User) -> int:
    """Return how many gates wait for the user's own decision."""
    return sum(row.may_answer for row in waiting(user))


def _about(runs: list[Run]) -> dict[UUID, About]:
    """Ask each kind once for what its runs are about."""
    by_kind: dict[str, list[Run]] = {}
    for run in runs:
        by_kind.setdefault(run.kind, []).append(run)
    known: dict[UUID, About] = {}
    for kind, some in by_kind.items():
        known |= handlers.find(kind).about(some)
    return known
