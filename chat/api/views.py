"""Sessions: start, find, look up, change, follow."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import access, actions, data_sets, listing, shapes
from chat.actions import Wish
from chat.api.finding import checked, own_session, visible_session
from chat.api.serializers import (
    DemosOut,
    SessionIn,
    SessionOut,
    SessionPatch,
    SessionSummaryOut,
    SnapshotOut,
)
from chat.models import ChatSession
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.paging import NewestFirst
from runs.api.problems import hinted
from runs.api.serializers import answers
from runs.api.views import asker, stream_schema
from streams.views import serve

LONGEST_SEARCH = 200


class LastUsedFirst(NewestFirst):
    ordering = ("-updated_at", "-pk")


class SessionList(ListAPIView[ChatSession]):
    post_limit = "runs"
    serializer_class = SessionSummaryOut
    pagination_class = LastUsedFirst

    def get_queryset(self) -> QuerySet[ChatSession]:
        text = self.request.query_params.get("search", "")
        if len(text) > LONGEST_SEARCH:
            message = f"search may have at most {LONGEST_SEARCH} characters."
            raise ValidationError({"search": message})
        return listing.search(asker(self.request), text)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "search",
                {"type": "string", "maxLength": LONGEST_SEARCH},
                description="Words of a title, of a data set's name or of a question.",
            )
        ],
        responses=answers(200, SessionSummaryOut(many=True), 400),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Your chats, the last used first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        rows = listing.rows(page)
        return self.get_paginated_response(
            [shapes.summary(row.session, row.state.value) for row in rows]
        )

    @extend_schema(
        request=SessionIn, responses=answers(201, SessionOut, 400, 403, 413, 415), parameters=[KEY]
    )
    def post(self, request: Request) -> Response:
        """Start a chat about files, or about demonstration data; a run profiles them first."""
        wish = Wish(**checked(SessionIn, request))
        started = actions.start_session(
            wish, by=asker(request), idempotency_key=key(request, "sessions")
        )
        return Response(shapes.session(visible_session(request, started.pk)), 201)


class SessionDetail(APIView):
    @extend_schema(responses=answers(200, SessionOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """A chat: its data set, branches, state, and what it waits for."""
        return Response(shapes.session(visible_session(request, pk)))

    @extend_schema(
        request=SessionPatch, responses=answers(200, SessionOut, 400, 403, 404, 413, 415)
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Rename a chat, switch its mode, or show and continue another of its branches."""
        session = own_session(request, pk, self)
        actions.change(session, by=asker(request), **checked(SessionPatch, request))
        return Response(shapes.session(visible_session(request, pk)))


class SessionSnapshot(APIView):
    @extend_schema(responses=answers(200, SnapshotOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """All of a chat as it is at `position` of its log: follow the events from there."""
        return Response(shapes.snapshot(visible_session(request, pk)))


class DemoList(APIView):
    @extend_schema(responses=answers(200, DemosOut))
    def get(self, request: Request) -> Response:
        """The demonstration data that a chat can be about."""
        demos = [
            {"name": name, "files": [one.name for one in files]}
            for name, files in data_sets.demos().items()
        ]
        return Response({"demos": demos})


@csrf_exempt  # only reads; other methods get a 405 that says so
async def events(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A session's stream, with all its runs: Server-Sent Events, or JSON pages of the same rows."""
    return hinted(await serve(request, partial(access.locate, pk)), allow="GET, HEAD")


class SessionEventsSchema(APIView):
    """What the schema says of `events`, which is no REST framework view: it holds no thread."""

    @stream_schema("sessions_events")
    def get(self, request: Request, pk: UUID) -> Response:
        """All events of a chat after a cursor, live or in pages; the stream ends with nothing."""
        raise Http404
