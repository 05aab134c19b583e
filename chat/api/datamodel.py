"""The endpoints of the first data-model chat, below /datamodel/."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import actions
from chat.actions import Wish
from chat.api.finding import checked
from chat.api.turns import stream_turn
from chat.conf import MOST_FILES
from chat.exceptions import InvalidMessage
from chat.models import ChatSession
from runs import access as run_access
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.problems import hinted
from runs.api.serializers import answers
from runs.api.views import asker
from runs.models import Run
from streams.dialects.datamodel import CHAT, INITIALISATION
from streams.views import Place, Refusal, serve

LONGEST_ID = 100
GONE = "This is gone. Open GET /datamodel/chat/stream/{session_id}?message=... instead."


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
            {"type": "array", "items": {"type": "string"}, "maxItems": MOST_FILES},
        ]
    }
)
class Connection(serializers.Field[Any, Any, Any, Any]):
    """The id of an upload, several of them, or the name of demonstration data."""

    def to_internal_value(self, data: Any) -> list[str]:
        given = data if isinstance(data, list) else [data]
        if not all(isinstance(one, str) and 0 < len(one) <= LONGEST_ID for one in given):
            raise serializers.ValidationError(
                "Must be the id of an upload, a list of such ids, or the name of a demonstration."
            )
        if not 1 <= len(given) <= MOST_FILES:
            raise serializers.ValidationError(f"Must name from 1 to {MOST_FILES} files.")
        return given


class StartIn(serializers.Serializer[Any]):
    connection_id = Connection()


class StartedOut(serializers.Serializer[Any]):
    session_id = serializers.UUIDField()
    connection_name = serializers.CharField()
    initialization_message = serializers.CharField()
    progress_url = serializers.CharField()
    chat_url = serializers.CharField()


def _wish(given: Sequence[str]) -> Wish:
    """Return what names mean: ids of uploads, or else one demonstration."""
    try:
        return Wish(files=tuple(UUID(one) for one in given))
    except ValueError:
        if len(given) != 1:
            raise _refused("A list may hold ids of uploads only.") from None
        return Wish(demo=given[0])


def _refused(why: str) -> InvalidMessage:
    return InvalidMessage({"connection_id": why})


class Start(APIView):
    post_limit = "runs"

    @extend_schema(
        request=StartIn, responses=answers(201, StartedOut, 400, 403, 413, 415), parameters=[KEY]
    )
    def post(self, request: Request) -> Response:
        """Start a session about data; its profiling is followed at `progress_url`."""
        wish = _wish(checked(StartIn, request)["connection_id"])
        once = key(request, "datamodel")
        try:
            session = actions.start_session(wish, by=asker(request), idempotency_key=once)
        except InvalidMessage as error:
            raise _refused(str(error)) from error
        return Response(_started(session), 201)


def _started(session: ChatSession) -> dict[str, Any]:
    return {
        "session_id": str(session.pk),
        "connection_name": session.data_set.name,
        "initialization_message": f"Initializing the data model of {session.data_set.name}...",
        "progress_url": f"/datamodel/progress/{session.pk}",
        "chat_url": f"/datamodel/chat/stream/{session.pk}",
    }


def _session(session_id: UUID, user: User) -> ChatSession | None:
    return ChatSession.objects.visible_to(user).filter(pk=session_id).first()


def _initialisation(session_id: UUID, user: User) -> Place | None:
    session = _session(session_id, user)
    if session is None:
        return None
    runs = Run.objects.filter(stream=session.stream_id, kind="initialise")
    run = runs.order_by("begins_after").first()
    return replace(run_access.place(run), mode="inline") if run else None


@csrf_exempt  # only reads
async def progress(request: HttpRequest, session_id: UUID) -> HttpResponseBase:
    """How a session's data is profiled, from the first event to the last, also afterwards."""
    locate = partial(_initialisation, session_id)
    return hinted(await serve(request, locate, dialect=INITIALISATION), allow="GET, HEAD")


@csrf_exempt  # takes GET alone, and refuses those of other sites itself
async def chat_stream(request: HttpRequest, session_id: UUID) -> HttpResponseBase:
    """Ask something, or attach to the reply: a reconnecting EventSource asks nothing twice."""
    find = partial(_session, session_id)
    return await stream_turn(request, find, dialect=CHAT, scope=session_id.hex)


@csrf_exempt  # changes nothing
def gone(request: HttpRequest, job_id: str = "") -> HttpResponse:
    """The jobs that were polled: there are none any more, and no other way to ask in their stead."""
    return Refusal(410, "gone", GONE).response()
