"""What the context dialect pulls and posts, below /contexts/{id}/; the signals are in `signals`."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import branches, posting, shapes, states
from chat.api.context_serializers import (
    AcceptedOut,
    ChunksOut,
    ContextContentOut,
    ContextMessageIn,
    ContextMessagesOut,
    StateOut,
)
from chat.api.finding import checked, named_branch, own_session, visible_session
from chat.api.serializers import LONGEST_BRANCH
from chat.exceptions import InvalidMessage
from chat.models import ChatSession
from chat.posting import Posted
from runs import shapes as run_shapes
from runs.api.idempotency import HEADER as KEY
from runs.api.idempotency import key
from runs.api.serializers import answers
from runs.api.views import MOST_CHUNKS, asker, from_sequence, text_after
from runs.models import Gate
from streams import log
from streams.models import MessageChunk

MOST_MESSAGES = 200
FROM = OpenApiParameter("from_sequence", {"type": "integer", "minimum": 0, "maximum": 10**9})
BRANCH = OpenApiParameter("branch", {"type": "string", "maxLength": LONGEST_BRANCH})


def _limit(most: int) -> OpenApiParameter:
    return OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": most})


def _whole(request: Request, name: str, default: int, *, most: int) -> int:
    """Return a query parameter that must be a whole number from 1 to `most`."""
    given = request.query_params.get(name, str(default))
    if given.isascii() and given.isdigit() and len(given) < 10 and 1 <= int(given) <= most:
        return int(given)
    raise ValidationError({name: f"{name} must be a whole number from 1 to {most}."})


class Messages(APIView):
    post_limit = "runs"

    @extend_schema(
        operation_id="contexts_messages",
        parameters=[
            BRANCH,
            _limit(MOST_MESSAGES),
            OpenApiParameter(
                "before", {"type": "integer", "minimum": 1, "maximum": 10**9}, description="A turn."
            ),
        ],
        responses=answers(200, ContextMessagesOut, 400, 404),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """The newest messages of a branch, the oldest first; `before` a turn for earlier ones."""
        session = visible_session(request, pk)
        branch = named_branch(session, request.query_params.get("branch"))
        limit = _whole(request, "limit", MOST_MESSAGES, most=MOST_MESSAGES)
        before = _whole(request, "before", 10**9 - 1, most=10**9 - 1)
        position = log.last_position(session.stream_id)
        found = branches.in_order(branches.messages(branch).filter(turn__lt=before))
        newest = list(found.reverse()[: limit + 1])
        return Response(
            {
                "context_id": str(pk),
                "branch": str(branch.pk),
                "position": position,
                "messages": shapes.messages(newest[:limit][::-1]),
                "has_more": len(newest) > limit,
            }
        )

    @extend_schema(
        operation_id="contexts_send",
        request=ContextMessageIn,
        responses=answers(202, AcceptedOut, 400, 403, 404, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Say something; the signals of the reply are at `stream_url`, from its beginning."""
        session = own_session(request, pk, self)
        given = checked(ContextMessageIn, request)
        try:
            result = posting.post_message(
                session,
                given["payload"]["content"] if "payload" in given else given["content"],
                by=asker(request),
                branch=named_branch(session, given.get("branch")),
                metadata=given["client_metadata"],
                idempotency_key=key(request, f"contexts {pk}"),
            )
        except InvalidMessage as error:
            raise InvalidMessage(_named(error.fields)) from error
        return Response(_accepted(session, result), 202)


class SendMessage(Messages):
    """The same under the name that the first backend had for it."""

    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="contexts_send_message",
        request=ContextMessageIn,
        responses=answers(202, AcceptedOut, 400, 403, 404, 413, 415),
        parameters=[KEY],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        return super().post(request, pk)


def _named(fields: dict[str, str]) -> dict[str, str]:
    """Return what is wrong by the names that this dialect has for the fields."""
    names = {"text": "content", "metadata": "client_metadata"}
    return {names.get(name, name): why for name, why in fields.items()}


def _accepted(session: ChatSession, result: Posted) -> dict[str, Any]:
    run = result.run
    return {
        "context_id": str(session.pk),
        "message_id": str(result.message.pk),
        "run_id": str(run.pk),
        "status": "accepted",
        "position": run.begins_after,
        "stream_url": f"/contexts/{session.pk}/stream?after={run.begins_after}",
        "queued_behind": str(run.after_id) if run.after_id else None,
    }


def _page(session: ChatSession, message: UUID, after: int, limit: int) -> dict[str, Any]:
    """Return a page of the text of a message of this session, and of no other."""
    return text_after(message, after, reads=lambda one: one == session.stream_id, limit=limit)


class Content(APIView):
    @extend_schema(
        operation_id="contexts_content",
        parameters=[FROM, _limit(MOST_CHUNKS)],
        responses=answers(200, ContextContentOut, 400, 404),
    )
    def get(self, request: Request, pk: UUID, message: UUID) -> Response:
        """A message's text after a sequence number, exclusive; 0 gives all of it."""
        session = visible_session(request, pk)
        limit = _whole(request, "limit", MOST_CHUNKS, most=MOST_CHUNKS)
        page = _page(session, message, from_sequence(request), limit)
        return Response({"context_id": str(pk), **page})


class StreamingChunks(APIView):
    @extend_schema(
        operation_id="contexts_chunks",
        parameters=[FROM, _limit(MOST_CHUNKS)],
        responses=answers(200, ChunksOut, 400, 404),
    )
    def get(self, request: Request, pk: UUID, message: UUID) -> Response:
        """The same text piece by piece, as it was written."""
        session = visible_session(request, pk)
        limit = _whole(request, "limit", MOST_CHUNKS, most=MOST_CHUNKS)
        after = from_sequence(request)
        page = _page(session, message, after, limit)
        chunks = MessageChunk.objects.filter(message_id=message)
        inside = chunks.filter(sequence__gt=after, sequence__lte=page["sequence"])
        newest = chunks.order_by("-sequence").values_list("sequence", flat=True).first()
        return Response(
            {
                "context_id": str(pk),
                "message_id": str(message),
                "chunks": [
                    {"sequence": one.sequence, "delta": one.text}
                    for one in inside.order_by("sequence")
                ],
                "current_sequence": newest or 0,
                "has_more": page["has_more"],
                "completed": page["completed"],
            }
        )


class State(APIView):
    @extend_schema(operation_id="contexts_state", responses=answers(200, StateOut, 404))
    def get(self, request: Request, pk: UUID) -> Response:
        """What the session does now, and what it waits for."""
        session = visible_session(request, pk)
        position = log.last_position(session.stream_id)
        gates = states.pending_gates(session)
        run = states.head(session)
        return Response(
            {
                "context_id": str(pk),
                "current_state": states.current(session).value,
                "can_send_message": not gates,
                "pending_tool_approvals": _gates(gates, Gate.Kind.TOOL),
                "pending_questions": _gates(gates, Gate.Kind.QUESTION),
                "mode": session.mode,
                "branch": str(session.branch_id),
                "run_id": str(run.pk) if run else None,
                "position": position,
            }
        )


def _gates(gates: list[Gate], kind: str) -> list[dict[str, Any]]:
    return [run_shapes.gate(one) for one in gates if one.kind == kind]
