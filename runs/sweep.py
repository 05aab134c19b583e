"""What any worker repairs every few seconds; harmless when several do it at once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Q

from runs import counters, engines, gates, transitions
from runs.clock import read
from runs.conf import run_settings
from runs.engines.base import Ticket
from runs.events import Failure, RunCancelled, RunFailed, RunReassigned
from runs.models import Run

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Repairs:
    """What one sweep did."""

    reassigned: int = 0
    dispatched: int = 0
    expired: int = 0


def sweep(*, now: datetime | None = None, stuck_seconds: float | None = None) -> Repairs:
    """Queue runs of lost workers, dispatch what nobody claimed, close overdue gates."""
    repairs = Repairs()
    lost = Run.objects.filter(transitions.due(now)).order_by("lease_until")
    for run_id in list(lost.values_list("pk", flat=True)):
        repairs.reassigned += _one(reassign, run_id, now)
    for gate_id in gates.overdue(now):
        repairs.expired += _one(gates.expire, gate_id, now)
    repairs.dispatched = _dispatch_again(now, stuck_seconds)
    return repairs


def _one(repair: Callable[..., bool], pk: UUID, now: datetime | None) -> bool:
    """Repair one; a row that cannot be mended must not keep the others from it."""
    try:
        with transaction.atomic():
            return repair(pk, now=now)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("Could not repair %s %s", repair.__name__, pk)
        return False


@transaction.atomic
def reassign(run_id: UUID, *, now: datetime | None = None) -> bool:
    """Take a run from a worker whose lease ran out; its fence makes it a stranger."""
    run = Run.objects.select_for_update().get(pk=run_id)
    condition = transitions.due(now)
    if run.cancel_requested:
        moved = transitions.finish(
            run_id, condition, state=Run.State.CANCELLED, event=RunCancelled()
        )
    elif run.attempts >= run.max_attempts:
        told = Failure(
            code="worker_lost",
            message=f"The worker was lost {run.attempts} times at {run.step or 'the same step'}.",
        )
        moved = transitions.finish(
            run_id,
            condition,
            state=Run.State.FAILED,
            event=RunFailed(error=told, step=run.step),
            error_code=told.code,
            error_message=told.message,
        )
    else:
        moved = transitions.queue(run_id, condition, event=RunReassigned(reason="worker_lost"))
    if moved:
        counters.leases_expired.add()
        logger.warning("Lease ran out run=%s attempts=%s", run_id, run.attempts)
    return moved


def _dispatch_again(now: datetime | None, stuck_seconds: float | None) -> int:
    patience = run_settings().stuck_seconds if stuck_seconds is None else stuck_seconds
    moment = read(now)
    stuck = Run.objects.claimable(now=moment).filter(
        Q(queued_at__lte=moment - timedelta(seconds=patience))
    )
    rows = stuck.values_list("pk", "segment", "kind")[:5000]
    tickets = [Ticket(run_id=pk, segment=segment, kind=kind) for pk, segment, kind in rows]
    with transaction.atomic():
        return engines.engine().repair(tickets)
