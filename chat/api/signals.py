"""The context dialect's stream: /contexts/{id}/stream, and /contexts/{id}/events for the same."""

from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from chat import states
from chat.api.context_actions import DEFAULT_MODE
from chat.models import ChatSession
from runs.api.problems import hinted
from runs.models import Run
from streams import preferences
from streams.dialects.context import CONTEXT, CONTEXT_NAMED
from streams.profiles import Mode
from streams.views import Place, serve


def _locate(pk: UUID, is_new: bool, user: User) -> Place | None:
    session = ChatSession.objects.visible_to(user).filter(pk=pk).first()
    if session is None:
        return None
    mode: Mode = preferences.chosen(user) or DEFAULT_MODE
    return Place(
        stream_id=session.stream_id,
        state=states.current(session).value,
        begins_after=_recent(session) if is_new else 0,
        mode=mode,
        extra={"context_id": str(pk)},
    )


def _recent(session: ChatSession) -> int:
    """Return from where a client is told that names no cursor: what goes on, or went on last.

    Clients of this dialect send first and subscribe then. So they must be told of what they have
    sent, however fast it was, and not of answers that they have had long since.
    """
    runs = Run.objects.filter(stream=session.stream_id)
    unfinished = runs.filter(finished_at=None).order_by("begins_after")
    run = unfinished.first() or runs.order_by("-begins_after").first()
    return run.begins_after if run else 0


@csrf_exempt  # only reads; other methods get a 405 that says so
async def signals(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What happens in a session, as signals; `?mode=inline` brings the text as well."""
    named = request.GET.get("named") in ("1", "true")
    dialect = CONTEXT_NAMED if named else CONTEXT
    is_new = not request.headers.get("Last-Event-ID", "").strip() and "after" not in request.GET
    locate = partial(_locate, pk, is_new)
    return hinted(await serve(request, locate, dialect=dialect), allow="GET, HEAD")
