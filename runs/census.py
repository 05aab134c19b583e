"""How many runs and gates there are, and how long they have waited: the same in each process."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Coalesce

from runs.clock import moment, read
from runs.models import Gate, Run
from streams import sql

_ENDED = ", ".join(
    f"'{state}'" for state in ("completed", "failed", "rejected", "expired", "cancelled")
)
# As the index of unfinished runs says it: the history does not make this slower.
_UNFINISHED = (
    f"SELECT kind, state, COUNT(*) FROM {Run._meta.db_table} "  # noqa: S608 - own names
    f"WHERE NOT (state IN ({_ENDED})) GROUP BY kind, state"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Some of a kind that wait: how many, and for how many seconds the first of them has."""

    kind: str
    count: int
    seconds: float
    overdue: int = 0  # gates past their deadline that no sweep has closed yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    runs: list[tuple[str, str, int]]  # kind, state, count: those that have not ended
    queued: list[Waiting]  # runs that a worker could take now
    gates: list[Waiting]  # that wait for a person


def take(*, now: datetime | None = None) -> Census:
    present = read(now)
    found = sql.rows(_UNFINISHED, [])
    return Census(
        runs=[(kind, state, int(count)) for kind, state, count in found],
        queued=_waiting(_queued(now), present),
        gates=_waiting(_pending(now), present),
    )


_Rows = Iterable[tuple[str, int, datetime, int]]


def _queued(now: datetime | None) -> _Rows:
    # A run waits for a worker only since its time came, or since the one before it ended.
    since = Coalesce("not_before", "after__finished_at", "queued_at")
    claimable = Run.objects.claimable(now=now).order_by("kind")
    rows = claimable.values("kind").annotate(count=Count("pk"), since=Min(since))
    return (
        (kind, count, first, 0) for kind, count, first in rows.values_list("kind", "count", "since")
    )


def _pending(now: datetime | None) -> _Rows:
    overdue = Count("pk", filter=Q(deadline__lte=moment(now)))
    pending = Gate.objects.filter(state=Gate.State.PENDING).order_by("kind").values("kind")
    rows = pending.annotate(count=Count("pk"), since=Min(F("created_at")), overdue=overdue)
    return rows.values_list("kind", "count", "since", "overdue")


def _waiting(rows: _Rows, present: datetime) -> list[Waiting]:
    return [
        Waiting(
            kind=kind,
            count=count,
            seconds=max(0.0, (present - first).total_seconds()),
            overdue=overdue,
        )
        for kind, count, first, overdue in rows
    ]
