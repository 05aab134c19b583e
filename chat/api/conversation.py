"""Messages and branches of a session."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import answered, branches, posting, shapes
from chat.api.finding import checked, named_branch, own_session, posted, visible_session
from chat.api.serializers import (
    LONGEST_BRANCH,
    BranchesOut,
    BranchOut,
    EditIn,
    ForkIn,
    MergedOut,
    MergeIn,
    MessageIn,
    MessageOut,
    PostedOut,
)
from chat.exceptions import UnknownBranch
from chat.models import Message
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.paging import NewestFirst
from runs.api.serializers import answers
from runs.api.views import asker


class InOrder(NewestFirst):
    """`{next, previous, results}`, the oldest first."""

    ordering = ("turn", "created_at", "pk")
    page_size = 100


class MessageList(ListAPIView[Message]):
    post_limit = "runs"
    serializer_class = MessageOut
    pagination_class = InOrder

    def get_queryset(self) -> QuerySet[Message]:
        session = visible_session(self.request, self.kwargs["pk"])
        name = self.request.query_params.get("branch")
        if name is not None and "\x00" in name:
            raise UnknownBranch("The session has no such branch.")
        return branches.messages(named_branch(session, name))

    @extend_schema(
        operation_id="sessions_messages_list",
        parameters=[
            OpenApiParameter(
                "branch",
                {"type": "string", "maxLength": LONGEST_BRANCH},
                description="An id or a name; without one, the branch that is shown.",
            )
        ],
        responses=answers(200, MessageOut(many=True), 400, 404),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The conversation of a branch with what came before it parted, the oldest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(shapes.messages(page))

    @extend_schema(
        request=MessageIn,
        responses=answers(201, PostedOut, 400, 403, 404, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Say something; a run replies when the session's earlier runs have ended."""
        session = own_session(request, pk, self)
        given = checked(MessageIn, request)
        result = posting.post_message(
            session,
            given["text"],
            by=asker(request),
            branch=named_branch(session, given.get("branch")),
            files=given["files"],
            metadata=given["metadata"],
            idempotency_key=key(request, f"messages {pk}"),
        )
        return Response(posted(result), 201)


class MessageRetry(APIView):
    post_limit = "runs"

    @extend_schema(request=None, responses=answers(201, PostedOut, 400, 403, 404), parameters=[KEY])
    def post(self, request: Request, pk: UUID, message: UUID) -> Response:
        """Ask the same once more, on a new branch that is shown from now on."""
        session = own_session(request, pk, self)
        found = posting.find_message(session, message)
        by, once = asker(request), key(request, f"retry {message}")
        result = posting.edit_message(session, found, None, by=by, idempotency_key=once)
        return Response(posted(result), 201)


class MessageEdit(APIView):
    post_limit = "runs"

    @extend_schema(
        request=EditIn,
        responses=answers(201, PostedOut, 400, 403, 404, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request, pk: UUID, message: UUID) -> Response:
        """Ask something else instead, on a new branch that is shown from now on."""
        session = own_session(request, pk, self)
        found = posting.find_message(session, message)
        text = checked(EditIn, request)["text"]
        by, once = asker(request), key(request, f"edit {message}")
        result = posting.edit_message(session, found, text, by=by, idempotency_key=once)
        return Response(posted(result), 201)


class BranchList(APIView):
    @extend_schema(responses=answers(200, BranchesOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """All branches of a chat, the oldest first."""
        session = visible_session(request, pk)
        found = session.branches.select_related("created_by")
        return Response({"branches": [shapes.branch(one, session.branch) for one in found]})

    @extend_schema(
        request=ForkIn,
        responses=answers(201, BranchOut, 400, 403, 404, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Part a branch after a message. PATCH the session to show and continue it."""
        session = own_session(request, pk, self)
        given, by = checked(ForkIn, request), asker(request)

        def fork() -> dict[str, Any]:
            after = given["from_message"] and posting.find_message(session, given["from_message"])
            made = branches.fork(session, by=by, after=after, name=given["name"])
            return shapes.branch(made, session.branch)

        return Response(answered.once(by, key(request, f"branches {pk}"), fork), 201)


class BranchMerge(APIView):
    @extend_schema(
        request=MergeIn,
        responses=answers(200, MergedOut, 400, 403, 404, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Add copies of a branch's own messages, or of some turns of them, to another's end."""
        session = own_session(request, pk, self)
        given, by = checked(MergeIn, request), asker(request)

        def merge() -> dict[str, Any]:
            source = branches.find(session, given["source"])
            target = branches.find(session, given["target"])
            turns = branches.merge(session, source, target, by=by, only=given["messages"])
            return {"turns": turns, "target": str(target.pk)}

        return Response(answered.once(by, key(request, f"merge {pk}"), merge))
