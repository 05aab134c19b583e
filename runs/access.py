"""Who may see a run, and what its stream amounts to, as the streams package asks it."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from runs import handlers
from runs.conf import run_settings
from runs.models import Run
from streams import log, sources
from streams.views import Place


def may_read(user: User, stream_id: UUID) -> bool:
    # The owner first: that is nearly always who watches, and it is asked again and again.
    own = Run.objects.filter(stream_id=stream_id, created_by=user)
    return own.exists() or Run.objects.visible_to(user).filter(stream_id=stream_id).exists()


def may_steer(user: User, run: Run) -> bool:
    """Whether the user may cancel, pause or resume: the run's owner, or with the permission."""
    return run.created_by_id == user.pk or user.has_perm("runs.change_run")


def place(run: Run, **extra: Any) -> Place:
    """Return where a run's events are: a stream of its own, or its part of a session's.

    The first frame tells `extra`, and the limits that a client may rely on.
    """
    kind = handlers.find(run.kind)
    poll = kind.poll_milliseconds()
    told = {"no_progress_seconds": run_settings().no_progress_seconds, **extra}
    if kind.owns_stream:
        return Place(stream_id=run.stream_id, state=run.state, poll_milliseconds=poll, extra=told)
    return Place(
        stream_id=run.stream_id,
        state=run.state,
        poll_milliseconds=poll,
        extra=told,
        run_id=run.pk,
        begins_after=run.begins_after,
        ends_at=log.last_of_run(run.stream_id, run.pk) if run.is_terminal else None,
    )


def snapshot(stream_id: UUID) -> dict[str, Any] | None:
    run = Run.objects.filter(stream_id=stream_id).order_by("-created_at").first()
    return handlers.find(run.kind).snapshot(run) if run else None


def connect() -> None:
    sources.connect(may_read=may_read, snapshot=snapshot)
