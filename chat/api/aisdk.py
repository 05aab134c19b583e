"""A chat for clients of the AI SDK: /ai-sdk/chat."""

from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from chat import client_messages, ui_messages
from chat.actions import Wish
from chat.api.serializers import LONGEST_DEMO, file_ids
from chat.client_messages import NotAllowed, Unknown, Waits
from chat.exceptions import InvalidMessage
from chat.models import ChatSession
from runs.api import aisdk, aisdk_body, doors
from runs.api.aisdk import Opening
from runs.api.aisdk_body import Body, BodyIn, Fault
from runs.api.problems import hinted
from runs.api.serializers import Choice, Text
from runs.models import Run
from streams.pool import pooled
from streams.views import Refusal

SCOPE = "aisdk-chat"
UNKNOWN = (
    "There is no such chat, or it is not yours. For a new one, name its data in the body: "
    "`demo`, or `files` that you have uploaded."
)
WAITS = "This chat waits for a decision. Answer the approval, or cancel the reply, then write."


class ChatIn(BodyIn):
    """What a new chat is about; a chat that exists keeps what it has."""

    demo = Text(required=False, max_length=LONGEST_DEMO)
    files = file_ids(required=False)
    mode = Choice(ChatSession.Mode.choices, required=False)


def _wish(more: dict[str, Any]) -> Wish | None:
    if not more.get("demo") and not more.get("files"):
        return None
    return Wish(**more)


def _opening(session: ChatSession, run: Run, **more: Any) -> Opening:
    return aisdk.opening(run, session_id=str(session.pk), **more)


def _posted(request: HttpRequest) -> Opening:
    user = doors.signed_in(request)
    given = aisdk_body.read(request, ChatIn, SCOPE)
    if given.sent is None:
        return _answered(user, request, given)
    try:
        session, run = client_messages.attach_or_post(
            user,
            given.sent,
            wish=_wish(given.more),
            is_again=given.is_again,
            reply=given.reply,
            before_post=partial(doors.check_limits, user),
        )
    except NotAllowed:
        raise Refusal(403, "forbidden", "Only the chat's owner may do this.") from None
    except Unknown:
        raise Refusal(404, "not_found", UNKNOWN) from None
    except Waits:
        raise Fault(WAITS) from None
    except InvalidMessage as error:
        fields = {"messages" if one == "text" else one: why for one, why in error.fields.items()}
        raise Refusal(400, error.code, " ".join(fields.values()), fields) from error
    return _opening(session, run)


def _answered(user: User, request: HttpRequest, given: Body) -> Opening:
    session = client_messages.find(user, given.chat, SCOPE)
    if session is None:
        raise Fault(aisdk_body.UNKNOWN)
    runs = Run.objects.visible_to(user).filter(stream=session.stream_id)
    gate = aisdk_body.answer(given.approvals, runs, by=user, via=doors.via(request))
    return _opening(session, gate.run, after=gate)


def _current(request: HttpRequest, chat_id: str) -> Opening | None:
    user = doors.signed_in(request)
    session = client_messages.find(user, chat_id, SCOPE)
    run = client_messages.current(session) if session else None
    return _opening(session, run) if session and run else None


@csrf_exempt  # checked while the body is read, for sessions; a token needs none
async def chat(request: HttpRequest) -> HttpResponseBase:
    """Say something, ask once more, or answer approvals; the answer is the reply's stream."""
    return await aisdk.respond(request, _posted, "POST")


def _conversation(request: HttpRequest, chat_id: str) -> list[dict[str, Any]]:
    session = client_messages.find(doors.signed_in(request), chat_id, SCOPE)
    return ui_messages.of(session) if session else []


@csrf_exempt  # only reads
async def conversation(request: HttpRequest, chat_id: str) -> HttpResponseBase:
    """What was said so far, for a page that is opened again; nothing of a chat to come."""
    try:
        doors.only(request, "GET")
        found = await pooled(_conversation)(request, chat_id)
    except Refusal as refusal:
        return hinted(refusal.response(), allow="GET")
    return JsonResponse({"id": chat_id, "messages": found}, headers={"Cache-Control": "no-store"})


@csrf_exempt  # only reads
async def stream(request: HttpRequest, chat_id: str) -> HttpResponseBase:
    """The whole reply that goes on, from its start; 204 if none does."""
    return await aisdk.respond(request, partial(_current, chat_id=chat_id), "GET")
