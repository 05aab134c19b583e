"""What people do with runs: start, cancel, pause, resume. Each is one transaction."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from runs import engines, handlers, transitions
from runs.conf import run_settings
from runs.engines.base import Ticket
from runs.events import RunCancelled, RunStateChanged
from runs.exceptions import InvalidTransition
from runs.models import Run
from streams import log
from streams.events import Event
from streams.models import Stream

CANCELLABLE_AT_ONCE = (Run.State.QUEUED, Run.State.WAITING, Run.State.PAUSED)


@transaction.atomic
def start(
    kind: str,
    *,
    by: User,
    arguments: dict[str, Any] | None = None,
    idempotency_key: str | None = None,
    stream: Stream | None = None,
    after: Run | None = None,
    run_id: UUID | None = None,
    events: tuple[Event, ...] = (),
) -> Run:
    """Queue a new run with its own stream, unless one is given.

    With `after`, it waits until that run has ended. Raises `IntegrityError` when the user has a run with this key; see `started_before`.
    """
    handlers.kind(kind)
    stream = stream or Stream.objects.create()
    run = Run.objects.create(
        id=run_id or uuid4(),
        kind=kind,
        stream=stream,
        after=after,
        begins_after=log.last_position(stream.pk),
        created_by=by,
        arguments=arguments or {},
        idempotency_key=idempotency_key or None,
        max_attempts=run_settings().max_attempts,
    )
    transitions.tell(run, *events, RunStateChanged(state=Run.State.QUEUED))
    engines.engine().dispatch(Ticket.of(run), not_before=None)
    return run


def started_before(user: User, idempotency_key: str | None) -> Run | None:
    """Return the run that the user's earlier request with this key started."""
    if not idempotency_key:
        return None
    return Run.objects.filter(created_by=user, idempotency_key=idempotency_key).first()


def retry(run_id: UUID, *, by: User, idempotency_key: str | None = None) -> Run:
    """Do what a failed run was for once more; return the run that does.

    The failed run stays as it is. What it had finished is kept where its kind can go on from it.
    Raises `InvalidTransition` when the run has not failed, or cannot be done again.
    """
    run = Run.objects.select_related("created_by").get(pk=run_id)
    if run.state != Run.State.FAILED:
        message = f"The run is {run.state}; only a failed run can be tried again."
        raise InvalidTransition(message, state=run.state)
    again = handlers.find(run.kind).again(run, by, idempotency_key)
    if again is None:
        message = f"A run of kind {run.kind} cannot be tried again by itself."
        raise InvalidTransition(message, state=run.state)
    return again


def cancel(run_id: UUID, *, reason: str = "") -> Run:
    """Stop a run: at once when nobody works on it, else as soon as its worker can.

    Asking twice changes nothing. Raises `InvalidTransition` when the run has ended otherwise.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state in CANCELLABLE_AT_ONCE:
            transitions.finish(
                run_id,
                Q(),
                state=Run.State.CANCELLED,
                event=RunCancelled(reason=reason),
            )
        elif run.state == Run.State.RUNNING:
            asked = Run.objects.filter(
                pk=run_id, state=Run.State.RUNNING, cancel_requested=False
            ).update(cancel_requested=True)
            if asked:
                transitions.tell(run, RunStateChanged(state=run.state, reason="cancelling"))
                engines.engine().interrupt(run_id)
        elif run.state != Run.State.CANCELLED:
            raise InvalidTransition(
                f"The run is {run.state}; it cannot be cancelled.", state=run.state
            )
    return Run.objects.get(pk=run_id)


def pause(run_id: UUID) -> Run:
    """Pause a run: at once while it is queued, else where its handler next can."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state == Run.State.QUEUED:
            transitions.pause(run_id, Q())
        elif run.state == Run.State.RUNNING:
            asked = Run.objects.filter(pk=run_id, pause_requested=False, state=run.state)
            if asked.update(pause_requested=True):
                transitions.tell(run, RunStateChanged(state=run.state, reason="pausing"))
        elif run.state != Run.State.PAUSED:
            hint = " Decide at its gate instead." if run.state == Run.State.WAITING else ""
            raise InvalidTransition(
                f"The run is {run.state}; it cannot pause.{hint}", state=run.state
            )
    return Run.objects.get(pk=run_id)


def resume(run_id: UUID) -> Run:
    """Go on with a paused run, or take back a pause that was only asked for."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state == Run.State.PAUSED:
            transitions.queue(run_id, Q(), reason="resumed", next_segment=True, attempts=0)
        elif run.pause_requested:
            Run.objects.filter(pk=run_id).update(pause_requested=False)
            transitions.tell(run, RunStateChanged(state=run.state, reason="resumed"))
        else:
            raise InvalidTransition(
                f"The run is {run.state}; only a paused run can be resumed.", state=run.state
            )
    return Run.objects.get(pk=run_id)
