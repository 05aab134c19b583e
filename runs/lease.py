"""A worker's right to a run: taken by one UPDATE, proved with each write, renewed or lost."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from runs.clock import after_sql, read
from runs.conf import run_settings
from runs.events import RunStateChanged
from runs.models import Run
from streams import log, sql
from streams.exceptions import Fenced

AT_ONCE = 300  # leases looked at by one statement
_RUNS = Run._meta.db_table
_FREE = (
    f"(after_id IS NULL OR EXISTS (SELECT 1 FROM {_RUNS} b "  # noqa: S608 - own table names
    f"WHERE b.id = {_RUNS}.after_id AND b.finished_at IS NOT NULL))"
)
_MINE = "id = %s AND fence = %s AND state = 'running'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Proof of a claim. `fence` is the run's number at that moment; it only ever grows."""

    run_id: UUID
    stream_id: UUID
    owner: UUID
    fence: int

    @property
    def condition(self) -> Q:
        return Q(state=Run.State.RUNNING, fence=self.fence)

    def hold(self, **columns: Any) -> None:
        """Set columns of the run, and lock it until commit. Raises `Fenced` if it is lost.

        Called first in each transaction of a worker, so nothing of a worker that slept through
        its lease can slip in: not a step, not a chunk, not an event.
        """
        mine = [sql.key(self.run_id), self.fence]
        if columns:
            changes = ", ".join(f"{name} = %s" for name in columns)
            held = sql.run(
                f"UPDATE {_RUNS} SET {changes} WHERE {_MINE}",  # noqa: S608 - own column names
                [*columns.values(), *mine],
            )
        else:
            lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
            held = sql.row(f"SELECT 1 FROM {_RUNS} WHERE {_MINE}{lock}", mine) is not None  # noqa: S608
        if not held:
            raise Fenced(f"Run {self.run_id} is no longer held with fence {self.fence}.")


def held(leases: Sequence[Lease]) -> set[tuple[UUID, int]]:
    """Return runs and fences that hold, and lock them until commit: `hold` for many at once.

    Runs are looked up by their ids alone, and in order: PostgreSQL makes of pairs a loop in a
    loop, and of two processes with the same runs a deadlock.
    """
    found: set[tuple[UUID, int]] = set()
    ids = sorted({lease.run_id for lease in leases})
    key = sql.keys()
    lock = " ORDER BY id FOR UPDATE" if connection.features.has_select_for_update else ""
    for start in range(0, len(ids), AT_ONCE):
        some = list(map(key, ids[start : start + AT_ONCE]))
        marks = ", ".join(["%s"] * len(some))
        rows = sql.rows_at_once(
            f"FROM {_RUNS} WHERE state = 'running' AND id IN ({marks}){lock}", ["id", "fence"], some
        )
        found.update((sql.uuid(run_id), int(fence)) for run_id, fence in rows)
    return found


@sql.joined()
def claim(run_id: UUID, segment: int, *, now: datetime | None = None) -> Lease | None:
    """Take a queued run, or return None: it was claimed before, or its time has not come."""
    owner = uuid.uuid4()
    present, at_present = after_sql(now, 0)
    until, at_end = after_sql(now, run_settings().lease_seconds)
    claimed = sql.row(
        f"UPDATE {_RUNS} SET state = 'running', fence = fence + 1, attempts = attempts + 1, "  # noqa: S608
        f"lease_owner = %s, lease_until = {until}, started_at = COALESCE(started_at, {present}) "
        f"WHERE id = %s AND segment = %s AND state = 'queued' "
        f"AND (not_before IS NULL OR not_before <= {present}) AND {_FREE} RETURNING stream_id, fence",
        [sql.key(owner), *at_end, *at_present, sql.key(run_id), segment, *at_present],
    )
    if claimed is None:
        return None
    stream_id = sql.uuid(claimed[0])
    log.append(stream_id, [RunStateChanged(state=Run.State.RUNNING)], run_id=run_id)
    return Lease(run_id=run_id, stream_id=stream_id, owner=owner, fence=int(claimed[1]))


@dataclass(frozen=True, slots=True)
class Renewal:
    """Which leases still hold, and which of their runs somebody wants to stop."""

    held: frozenset[UUID]
    cancelled: frozenset[UUID]


@sql.joined()
def renew(owners: Collection[UUID], *, now: datetime | None = None) -> Renewal:
    """Renew all leases of a process with one UPDATE."""
    mine = Run.objects.filter(lease_owner__in=owners, state=Run.State.RUNNING)
    mine.update(lease_until=read(now) + timedelta(seconds=run_settings().lease_seconds))
    rows = mine.values_list("lease_owner", "cancel_requested")
    return Renewal(
        held=frozenset(owner for owner, _ in rows if owner),
        cancelled=frozenset(owner for owner, cancel in rows if owner and cancel),
    )
