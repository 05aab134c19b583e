"""Every change of a run's state: one UPDATE with its own condition, and the event that tells of it.

Each function runs in the caller's transaction or its own, and returns whether it won.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from runs import counters, engines, handlers
from runs.clock import moment, read
from runs.engines.base import Ticket
from runs.events import LifecycleEvent, RunCancelled, RunStateChanged
from runs.models import Gate, Run
from streams import log, sql

NO_LEASE: dict[str, Any] = {"lease_owner": None, "lease_until": None}


def tell(run: Run, *events: Any) -> None:
    """Append lifecycle events of a run in the current transaction."""
    log.append(run.stream_id, events, run_id=run.pk)


def _sources(state: str) -> list[str]:
    return [source for source, targets in Run.NEXT.items() if state in targets]


@sql.joined()
def queue(
    run_id: UUID,
    condition: Q,
    *,
    reason: str = "",
    next_segment: bool = False,
    delay_seconds: float = 0,
    attempts: Any = None,
    event: LifecycleEvent | None = None,
) -> bool:
    """Queue a run again and dispatch it. Whoever held it before can write no more.

    A running run that somebody asked to cancel ends here instead of starting again.
    `attempts` sets the count of claims without progress: 0 after a decision, unchanged by default.
    """
    if obey_cancel(run_id, condition):
        return True
    changes: dict[str, Any] = {
        "state": Run.State.QUEUED,
        "fence": F("fence") + 1,
        "queued_at": Now(),
        "not_before": None,
        **NO_LEASE,
    }
    not_before: datetime | None = None
    if delay_seconds > 0:
        not_before = read(None) + timedelta(seconds=delay_seconds)
        changes["not_before"] = not_before
    if next_segment:
        changes["segment"] = F("segment") + 1
    if attempts is not None:
        changes["attempts"] = attempts
    allowed = Q(pk=run_id, state__in=_sources(Run.State.QUEUED))
    if not Run.objects.filter(allowed & condition).update(**changes):
        return False
    run = Run.objects.get(pk=run_id)
    tell(run, event or RunStateChanged(state=Run.State.QUEUED, reason=reason or None))
    engines.engine().dispatch(Ticket.of(run), not_before=not_before)
    return True


@sql.joined()
def wait(run_id: UUID, condition: Q) -> bool:
    """Let a running run wait at the gate that was just made."""
    changed = Run.objects.filter(condition, pk=run_id, state=Run.State.RUNNING).update(
        state=Run.State.WAITING, fence=F("fence") + 1, attempts=0, **NO_LEASE
    )
    return bool(changed)


@sql.joined()
def pause(run_id: UUID, condition: Q) -> bool:
    """Pause a run, or end it if somebody asked to cancel it."""
    if obey_cancel(run_id, condition):
        return True
    allowed = Q(pk=run_id, state__in=_sources(Run.State.PAUSED))
    changed = Run.objects.filter(allowed & condition).update(
        state=Run.State.PAUSED,
        fence=F("fence") + 1,
        pause_requested=False,
        not_before=None,
        attempts=0,
        **NO_LEASE,
    )
    if changed:
        tell(Run.objects.get(pk=run_id), RunStateChanged(state=Run.State.PAUSED))
    return bool(changed)


@sql.joined()
def finish(
    run_id: UUID, condition: Q, *, state: str, event: LifecycleEvent, **columns: Any
) -> bool:
    """End a run: its last event, its open gate withdrawn, its stream closed if it is its own."""
    allowed = Q(pk=run_id, state__in=_sources(state))
    changed = Run.objects.filter(allowed & condition).update(
        state=state,
        fence=F("fence") + 1,
        finished_at=Now(),
        cancel_requested=False,
        pause_requested=False,
        not_before=None,
        **NO_LEASE,
        **columns,
    )
    if not changed:
        return False
    if state == Run.State.CANCELLED:  # the other ends have no open gate
        Gate.objects.filter(run_id=run_id, state=Gate.State.PENDING).update(
            state=Gate.State.WITHDRAWN, decided_at=Now()
        )
    run = Run.objects.get(pk=run_id)
    transaction.on_commit(partial(counters.run_ended, run.kind, state, _seconds(run)), robust=True)
    kind = handlers.find(run.kind)
    last_words = [*kind.run_ended(run), event]
    log.append(run.stream_id, last_words, run_id=run.pk, close=kind.owns_stream)
    for follower in run.followers.filter(state=Run.State.QUEUED):
        engines.engine().dispatch(Ticket.of(follower), not_before=None)
    return True


def _seconds(run: Run) -> float | None:
    if run.started_at is None or run.finished_at is None:
        return None
    return (run.finished_at - run.started_at).total_seconds()


def obey_cancel(run_id: UUID, condition: Q) -> bool:
    """End a running run that somebody asked to cancel, before it can wait, pause or queue."""
    asked = condition & Q(state=Run.State.RUNNING, cancel_requested=True)
    return finish(run_id, asked, state=Run.State.CANCELLED, event=RunCancelled())


def due(now: datetime | None) -> Q:
    """Runs whose lease has run out."""
    return Q(state=Run.State.RUNNING, lease_until__lte=moment(now))
