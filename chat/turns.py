"""Turns: what begins with a user's message and is answered by a run. Used by the actions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from chat.events import MessageAdded
from chat.exceptions import InvalidMessage
from chat.models import Branch, ChatSession, Message
from files.models import Upload
from runs import actions as run_actions
from runs.models import Run
from streams.events import Event


def uploads_of(by: User, ids: Sequence[UUID]) -> list[Upload]:
    found = {one.pk: one for one in Upload.objects.filter(created_by=by, pk__in=ids)}
    for pk in ids:
        if pk not in found:
            raise InvalidMessage({"files": f"There is no file {pk}; upload it first."})
    return [found[pk] for pk in dict.fromkeys(ids)]


def queue(
    session: ChatSession,
    kind: str,
    arguments: dict[str, Any],
    *,
    by: User,
    events: Sequence[Event] = (),
    idempotency_key: str | None = None,
) -> Run:
    """Queue a run behind those of the session that have not ended; the session is locked."""
    unfinished = Run.objects.filter(stream=session.stream_id, finished_at=None)
    return run_actions.start(
        kind,
        by=by,
        arguments={"session": str(session.pk), **arguments},
        idempotency_key=idempotency_key,
        stream=session.stream,
        after=unfinished.order_by("-begins_after", "-created_at").first(),
        events=tuple(events),
    )


def say(
    session: ChatSession,
    branch: Branch,
    role: str,
    by: User,
    *,
    parts: dict[str, Any] | None = None,
) -> Message:
    """Write the row of a message that begins a turn; the session is locked."""
    session.turns += 1
    session.updated_at = timezone.now()
    session.save(update_fields=["turns", "updated_at"])
    return Message.objects.create(
        session=session,
        branch=branch,
        turn=session.turns,
        role=role,
        parts=parts or {},
        created_by=by,
    )


def added(message: Message, text: str, by: User, **more: Any) -> MessageAdded:
    return MessageAdded(
        message_id=message.pk,
        role=message.role,
        turn=message.turn,
        branch=str(message.branch_id),
        by=by.get_username(),
        content=text,
        **more,
    )
