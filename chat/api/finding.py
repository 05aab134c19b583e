"""The session that a request is about, and what may be done with it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from chat import access, branches
from chat.models import Branch, ChatSession
from chat.posting import Posted
from runs.api.views import asker


def visible_sessions(request: Request) -> QuerySet[ChatSession]:
    found = ChatSession.objects.visible_to(asker(request))
    return found.select_related("data_set", "created_by", "stream", "branch__parent")


def visible_session(request: Request, pk: UUID) -> ChatSession:
    return get_object_or_404(visible_sessions(request), pk=pk)


def own_session(request: Request, pk: UUID, view: APIView) -> ChatSession:
    """Return a session that the user may change, not only see."""
    session = visible_session(request, pk)
    if not access.may_write(asker(request), session):
        view.permission_denied(request, message="Only the chat's owner may do this.")
    return session


def named_branch(session: ChatSession, name: str | None) -> Branch:
    """Return the branch of an id or name; without one, that which is shown."""
    return session.active_branch if name is None else branches.find(session, name)


def checked(kind: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return what was sent, or raise what is wrong with it."""
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def posted(result: Posted) -> dict[str, Any]:
    message, run = result.message, result.run
    return {
        "message_id": str(message.pk),
        "run_id": str(run.pk),
        "stream_url": f"/api/v1/runs/{run.pk}/events/",
        "turn": message.turn,
        "branch": str(message.branch_id),
        "queued_behind": str(run.after_id) if run.after_id else None,
    }
