"""The endpoints of the first insight chat, below /api/chat: a reply as a task."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import access, actions, posting, tasks
from chat.actions import Wish
from chat.api.finding import checked
from chat.api.serializers import LONGEST_DEMO, file_ids
from chat.api.turns import place, stream_turn
from chat.attaching import ANY
from chat.conf import LONGEST_MESSAGE
from chat.exceptions import InvalidMessage
from chat.models import ChatSession
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.problems import hinted
from runs.api.serializers import GateOut, Id, Text, answers
from runs.api.views import POSITION, asker, is_known
from runs.models import Run
from streams.dialects.insight import INSIGHT
from streams.views import LARGEST_CURSOR, Place, Refusal, serve

ACTIONS = ("continue_conversation",)
NOT_FOUND = {"error": "Task not found"}  # the very words that clients look for


class ContextIn(serializers.Serializer[Any]):
    """What a conversation is about; `session_id` beside the message counts more."""

    session_id = Id(required=False)
    files = file_ids(required=False)
    demo = Text(required=False, max_length=LONGEST_DEMO)


class ChatIn(serializers.Serializer[Any]):
    action = Text(help_text=f"One of: {', '.join(ACTIONS)}.")
    message = Text(max_length=LONGEST_MESSAGE, trim_whitespace=False)
    session_id = Id(required=False, help_text="Without one, the session that you used last.")
    context = ContextIn(required=False)  # type: ignore[assignment]


class TaskOut(serializers.Serializer[Any]):
    type = serializers.ChoiceField(["task_started"])
    task_id = serializers.UUIDField()
    status = serializers.ChoiceField(["processing"])
    session_id = serializers.UUIDField()
    stream_url = serializers.CharField()
    status_url = serializers.CharField()


class StatusOut(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    session_id = serializers.UUIDField()
    status = serializers.ChoiceField([tasks.PROCESSING, tasks.COMPLETED, tasks.ERROR])
    messages = serializers.ListField(
        child=serializers.DictField(), help_text="In order; the `id` of each is its position."
    )
    result = serializers.DictField(allow_null=True, help_text="The whole reply.")
    error = serializers.CharField(allow_null=True)
    waiting = serializers.BooleanField(help_text="A person has to answer `gate`.")
    gate = GateOut(allow_null=True)
    poll_after_ms = serializers.IntegerField()


class NoTaskOut(serializers.Serializer[Any]):
    error = serializers.CharField()


def _latest(user: User) -> ChatSession:
    """Return the session the user used last, or the first one, about demonstration data."""
    return tasks.latest_session(user) or actions.start_session(
        Wish(), by=user, idempotency_key="insight"
    )


def _visible(session_id: UUID, user: User) -> ChatSession | None:
    return ChatSession.objects.visible_to(user).filter(pk=session_id).first()


class Chat(APIView):
    post_limit = "runs"

    @extend_schema(
        request=ChatIn,
        responses=answers(202, TaskOut, 400, 403, 404, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request) -> Response:
        """Ask something; the answer names the task whose status or stream tells of the reply."""
        _check_action(request.data)
        given = checked(ChatIn, request)
        once = key(request, "insight")
        try:
            with transaction.atomic():
                session = self._session(request, given, once)
                run = posting.post_message(
                    session, given["message"], by=asker(request), idempotency_key=once
                ).run
        except InvalidMessage as error:
            names = {"text": "message", "demo": "context", "files": "context"}
            fields = {names.get(name, name): why for name, why in error.fields.items()}
            raise InvalidMessage(fields) from error
        run = Run.objects.select_related("stream").get(pk=run.pk)
        return Response(
            {"type": "task_started", "status": tasks.PROCESSING, **tasks.urls(run)}, 202
        )

    def _session(self, request: Request, given: dict[str, Any], once: str | None) -> ChatSession:
        user, context = asker(request), given.get("context", {})
        if session_id := given.get("session_id") or context.get("session_id"):
            session = _visible(session_id, user)
            if session is None:
                raise Http404
            if not access.may_write(user, session):
                self.permission_denied(request, message="Only the chat's owner may do this.")
            return session
        if context.get("files") or context.get("demo"):
            wish = Wish(files=context.get("files", ()), demo=context.get("demo", ""))
            return actions.start_session(wish, by=user, idempotency_key=once)
        return _latest(user)


def _check_action(data: Any) -> None:
    given = data.get("action") if isinstance(data, dict) else None
    if given not in ACTIONS:
        raise ValidationError({"action": f"Must be one of: {', '.join(ACTIONS)}."})


class Status(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("after", POSITION, description="The id of the last message seen."),
            OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER),
        ],
        responses={**answers(200, StatusOut, 400), 304: None, 404: NoTaskOut},
    )
    def get(self, request: Request, task_id: str) -> Response:
        """How a task stands, with its messages so far. It is forgotten some time after its end."""
        run = tasks.find(asker(request), task_id)
        if run is None:
            return Response(NOT_FOUND, 404)
        after = _after(request)
        tag = tasks.tag(run, after)
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if is_known(request, tag):
            return Response(status=304, headers=headers)
        return Response(tasks.status(run, after), headers=headers)


def _after(request: Request) -> int:
    given = request.query_params.get("after", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 20):
        raise ValidationError({"after": f"after must be a whole number up to {LARGEST_CURSOR}."})
    return min(int(given), LARGEST_CURSOR)


def _task(task_id: str, user: User) -> Place | None:
    run = tasks.find(user, task_id)
    return place(run, tasks.urls) if run else None


@csrf_exempt  # takes GET alone, and refuses those of other sites where it starts something
async def stream(request: HttpRequest) -> HttpResponseBase:
    """Follow a task; or ask something, and follow the reply."""
    if task_id := request.GET.get("task_id", ""):
        locate = partial(_task, task_id)
        return hinted(await serve(request, locate, dialect=INSIGHT), allow="GET")
    try:
        find, scope = _named(request.GET.get("session_id", ""))
    except Refusal as refusal:
        return refusal.response()
    return await stream_turn(request, find, dialect=INSIGHT, scope=scope, about=tasks.urls)


def _named(session_id: str) -> tuple[Any, str]:
    """Return how to find the session of a request, and the scope of its message."""
    if not session_id:
        return _latest, ANY
    try:
        pk = UUID(session_id)
    except ValueError:
        message = "session_id must be the id of a session."
        raise Refusal(400, "invalid", message, {"session_id": message}) from None
    return partial(_visible, pk), pk.hex
