"""A worker's right to a run: taken by one UPDATE, proved with each write, renewed or lost."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from runs.clock import moment, read
from runs.conf import run_settings
from runs.events import RunStateChanged
from runs.models import Run
from runs.transitions import tell
from streams.exceptions import Fenced


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
        mine = Run.objects.filter(self.condition, pk=self.run_id)
        held = (
            mine.update(**columns)
            if columns
            else mine.select_for_update().values_list("pk", flat=True).first()
        )
        if not held:
            raise Fenced(f"Run {self.run_id} is no longer held with fence {self.fence}.")


@transaction.atomic
def claim(run_id: UUID, segment: int, *, now: datetime | None = None) -> Lease | None:
    """Take a queued run, or return None: it was claimed before, or its time has not come."""
    owner = uuid.uuid4()
    start = moment(now)
    claimed = Run.objects.claimable(now=start).filter(pk=run_id, segment=segment)
    changed = claimed.order_by().update(
        state=Run.State.RUNNING,
        fence=F("fence") + 1,
        lease_owner=owner,
        lease_until=read(now) + timedelta(seconds=run_settings().lease_seconds),
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", start),
    )
    if not changed:
        return None
    run = Run.objects.get(pk=run_id)
    tell(run, RunStateChanged(state=Run.State.RUNNING))
    return Lease(run_id=run.pk, stream_id=run.stream_id, owner=owner, fence=run.fence)


@dataclass(frozen=True, slots=True)
class Renewal:
    """Which leases still hold, and which of their runs somebody wants to stop."""

    held: frozenset[UUID]
    cancelled: frozenset[UUID]


@transaction.atomic
def renew(owners: Collection[UUID], *, now: datetime | None = None) -> Renewal:
    """Renew all leases of a process with one UPDATE."""
    mine = Run.objects.filter(lease_owner__in=owners, state=Run.State.RUNNING)
    mine.update(lease_until=read(now) + timedelta(seconds=run_settings().lease_seconds))
    rows = mine.values_list("lease_owner", "cancel_requested")
    return Renewal(
        held=frozenset(owner for owner, _ in rows if owner),
        cancelled=frozenset(owner for owner, cancel in rows if owner and cancel),
    )
