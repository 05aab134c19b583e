"""The runs of a session, as the run engine knows them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.urls import reverse

from chat import asking, posting, shapes, texts
from chat.actions import profile_again
from chat.events import MessageEnded, StateChanged
from chat.initialising import initialise
from chat.models import ChatSession, Message
from chat.replying import reply
from chat.states import State
from chat.working import workflow
from runs import handlers
from runs.models import Run
from streams.events import Event


def run_ended(run: Run) -> Sequence[Event]:
    """Settle messages that a stopped or failed run left open; their text so far is kept."""
    status = Message.Status.FAILED if run.state == Run.State.FAILED else Message.Status.CANCELLED
    unsettled = (Message.Status.STREAMING, Message.Status.WAITING)
    open_ = list(Message.objects.filter(run=run, status__in=unsettled))
    written = texts.of([one.pk for one in open_])
    events: list[Event] = []
    for message in open_:
        Message.objects.filter(pk=message.pk).update(status=status)
        events.append(
            MessageEnded(
                message_id=message.pk,
                final_sequence=written[message.pk].sequence,
                status=status,
            )
        )
    if run.started_at is None:  # it never had its turn; the state is that of another run
        return events
    return [*events, StateChanged(new_state=State.IDLE)]


def snapshot(run: Run) -> dict[str, Any] | None:
    session = ChatSession.objects.filter(stream=run.stream_id).first()
    return shapes.snapshot(session) if session else None


def about(runs: Sequence[Run]) -> Mapping[UUID, handlers.About]:
    """Name runs by the titles of their sessions."""
    streams = {one.stream_id for one in runs}
    sessions = ChatSession.objects.filter(stream__in=streams).only("pk", "title", "stream_id")
    known = {
        one.stream_id: handlers.About(title=one.title, url=reverse("chat", args=[one.pk]))
        for one in sessions
    }
    return {one.pk: known[one.stream_id] for one in runs if one.stream_id in known}


def again(run: Run, by: User, idempotency_key: str | None) -> Run | None:
    """Ask what a failed run was to answer once more, on a branch; or profile the data again."""
    asked = Message.objects.filter(run=run, role=Message.Role.USER).select_related("branch").first()
    session = ChatSession.objects.select_related("data_set", "branch").get(stream=run.stream_id)
    if asked is None:
        return profile_again(session, by=by, idempotency_key=idempotency_key)
    return posting.edit_message(session, asked, None, by=by, idempotency_key=idempotency_key).run


def connect() -> None:
    for name, handler in (("initialise", initialise), ("reply", reply), ("workflow", workflow)):
        handlers.register(
            handlers.Kind(
                name=name,
                handler=handler,
                gate_closed=asking.gate_closed,
                run_ended=run_ended,
                snapshot=snapshot,
                about=about,
                again=again,
                owns_stream=False,
            )
        )
