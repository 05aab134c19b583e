"""Status, stream and cancel of runs; gates; text of messages."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from runs import access, actions, gates, shapes
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.problems import hinted
from runs.api.serializers import (
    AnswerIn,
    ContentOut,
    ErrorAnswer,
    EventsOut,
    GateOut,
    RunOut,
    answers,
)
from runs.models import Gate, Run
from streams import log
from streams.models import MessageChunk
from streams.sources import source
from streams.views import LARGEST_CURSOR, LARGEST_PAGE, Place, serve

Method = TypeVar("Method", bound=Callable[..., Any])


def via(request: Request) -> str:
    """Return which door a request came through: a browser's session, or a token."""
    is_session = isinstance(request.successful_authenticator, SessionAuthentication)
    return Gate.Via.WEB if is_session else Gate.Via.API


def asker(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


def visible_gates(user: User) -> QuerySet[Gate]:
    """Gates of runs the user may see, and those the user may answer."""
    runs = Run.objects.visible_to(user).values("pk")
    found = Gate.objects.select_related("run", "group", "decided_by")
    return found if user.has_perm("runs.answer_gate") else found.filter(Q(run__in=runs))


def is_known(request: Request, tag: str) -> bool:
    """Whether the client has this version already; proxies may have made its tag a weak one."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag in [one.removeprefix("W/") for one in known]


def unless_known(request: Request, shape: dict[str, Any]) -> Response:
    """Return a shape with its ETag, or 304 to a client that has this version already."""
    tag = f'"{hashlib.sha256(repr(shape).encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if is_known(request, tag):
        return Response(status=304, headers=headers)
    return Response(shape, headers=headers)


class RunDetail(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER)],
        responses={**answers(200, RunOut, 404), 304: None},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """A run's status. Send the ETag back as If-None-Match: 304 while nothing changed."""
        run = get_object_or_404(
            Run.objects.visible_to(asker(request)).select_related("stream"), pk=pk
        )
        return unless_known(request, shapes.run(run))


class RunAction(APIView):
    """Cancel, pause or resume a run; `act` is set where it is mounted."""

    act = staticmethod(actions.cancel)

    @extend_schema(request=None, responses=answers(202, RunOut, 403, 404, 409))
    def post(self, request: Request, pk: UUID) -> Response:
        run = get_object_or_404(Run.objects.visible_to(asker(request)), pk=pk)
        if not access.may_steer(asker(request), run):
            self.permission_denied(request, message="Only the run's owner may do this.")
        changed = self.act(run.pk)
        return Response(shapes.run(Run.objects.select_related("stream").get(pk=changed.pk)), 202)


class RunRetry(APIView):
    post_limit = "runs"

    @extend_schema(request=None, responses=answers(201, RunOut, 403, 404, 409), parameters=[KEY])
    def post(self, request: Request, pk: UUID) -> Response:
        """Do what a failed run was for once more: the answer is the new run."""
        run = get_object_or_404(Run.objects.visible_to(asker(request)), pk=pk)
        if run.created_by_id != asker(request).pk:
            self.permission_denied(request, message="Only the run's owner may do this.")
        once = key(request, f"retry run {pk}")
        again = actions.retry(pk, by=asker(request), idempotency_key=once)
        return Response(shapes.run(Run.objects.select_related("stream").get(pk=again.pk)), 201)


def _locate(pk: UUID, user: User) -> Place | None:
    run = Run.objects.visible_to(user).filter(pk=pk).first()
    return access.place(run) if run else None


@csrf_exempt  # only reads; other methods get a 405 that says so
async def events(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A run's stream: Server-Sent Events, or JSON pages of the same rows."""
    return hinted(await serve(request, partial(_locate, pk)), allow="GET, HEAD")


POSITION = {"type": "integer", "minimum": 0, "maximum": LARGEST_CURSOR}
PAGE = {"type": "integer", "minimum": 0, "maximum": LARGEST_PAGE}
FRAME = {
    "type": "object",
    "description": "One frame; `data` is an event as JSON text, `id` its position.",
    "properties": {
        "id": {"type": "string"},
        "event": {"type": "string"},
        "data": {"type": "string"},
        "retry": {"type": "integer"},
    },
}
MOST_CHUNKS = 500  # of a message's text in one answer


def stream_schema(operation_id: str) -> Callable[[Method], Method]:
    """Describe the GET of a stream for the schema."""
    return extend_schema(
        operation_id=operation_id,
        parameters=[
            OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH),
            OpenApiParameter("after", POSITION, description="The last position seen."),
            OpenApiParameter("limit", PAGE, description="For JSON: at most so many events."),
            OpenApiParameter("mode", enum=["inline", "signal"]),
            OpenApiParameter("named", OpenApiTypes.BOOL, description="Named SSE events."),
            OpenApiParameter("Last-Event-ID", POSITION, OpenApiParameter.HEADER),
        ],
        responses={
            (200, "application/json"): EventsOut,
            (200, "text/event-stream"): FRAME,
            204: None,
            **dict.fromkeys((400, 401, 404, 429), ErrorAnswer),
        },
    )


class EventsSchema(APIView):
    """What the schema says of `events`, which is no REST framework view: it holds no thread."""

    @stream_schema("runs_events")
    def get(self, request: Request, pk: UUID) -> Response:
        """The run's events after a cursor, live or in pages."""
        raise Http404


class GateList(ListAPIView[Gate]):
    serializer_class = GateOut

    def get_queryset(self) -> QuerySet[Gate]:
        found = visible_gates(asker(self.request))
        state = self.request.query_params.get("state")
        if state is None:
            return found
        if state not in Gate.State.values:
            allowed = ", ".join(Gate.State.values)
            raise ValidationError({"state": f"state must be one of: {allowed}."})
        return found.filter(state=state)

    @extend_schema(
        parameters=[OpenApiParameter("state", enum=Gate.State.values)],
        responses=answers(200, GateOut(many=True), 400),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Gates of the runs you may see, the newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([shapes.gate(one) for one in page])


class GateDetail(APIView):
    @extend_schema(responses=answers(200, GateOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """What is asked, with the digest that an answer must name."""
        return Response(shapes.gate(get_object_or_404(visible_gates(asker(request)), pk=pk)))


class GateAnswer(APIView):
    @extend_schema(request=AnswerIn, responses=answers(200, GateOut, 400, 403, 404, 409, 413, 415))
    def post(self, request: Request, pk: UUID) -> Response:
        """Decide, once. 409 says who decided before, or that the question has changed."""
        get_object_or_404(visible_gates(asker(request)), pk=pk)
        given = AnswerIn(data=request.data)
        given.is_valid(raise_exception=True)
        gates.answer(pk, by=asker(request), via=via(request), **given.validated_data)
        return Response(shapes.gate(visible_gates(asker(request)).get(pk=pk)))


class MessageContent(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("from_sequence", {"type": "integer", "minimum": 0, "maximum": 10**9})
        ],
        responses=answers(200, ContentOut, 400, 404),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """A message's text after a sequence number, exclusive; 0 gives all of it."""
        reads = partial(source.may_read, asker(request))
        return Response(text_after(pk, from_sequence(request), reads=reads))


NO_TEXT_YET = log.Content(text="", sequence=0, has_more=False, is_complete=False)


def text_after(
    pk: UUID, sequence: int, *, reads: Callable[[UUID], bool], limit: int = MOST_CHUNKS
) -> dict[str, Any]:
    """Return a page of a message's text for whoever reads its stream. Raises `Http404`."""
    # Looked up before the text: what is complete then has all of its text.
    known = source.message(pk)
    stream = known.stream_id if known else _stream_of_text(pk)
    if stream is None or not reads(stream):
        raise Http404
    found = log.content_after(pk, sequence, limit=limit) or NO_TEXT_YET
    is_complete = found.is_complete or (known is not None and known.is_complete)
    return {
        "message_id": str(pk),
        "sequence": found.sequence,
        "content": found.text,
        "has_more": found.has_more,
        "completed": is_complete and not found.has_more,
    }


def _stream_of_text(message_id: UUID) -> UUID | None:
    chunks = MessageChunk.objects.filter(message_id=message_id)
    return chunks.values_list("stream", flat=True).first()


def from_sequence(request: Request) -> int:
    given = request.query_params.get("from_sequence", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise ValidationError({"from_sequence": "from_sequence must be a whole number, 0 or more."})
    return int(given)
