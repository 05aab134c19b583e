"""A chat for clients of AG-UI: /ag-ui/chat. A thread is a session."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers

from chat import branches, client_messages, texts
from chat.actions import Wish
from chat.api.serializers import LONGEST_DEMO, file_ids
from chat.client_messages import NotAllowed, Unknown, Waits
from chat.exceptions import InvalidMessage
from chat.models import Branch, ChatSession
from chat.tasks import KINDS
from runs.api import agui
from runs.api.agui import Product, Thread
from runs.api.agui_body import Fault, wrong
from runs.api.serializers import Choice, Text
from runs.models import Run
from runs.resent import Sent

SCOPE = "agui-chat"
MOST_HISTORY = 500  # messages before a run that a snapshot repeats
NO_DATA = (
    "There is no such thread, or it is not yours. For a new one, name its data in "
    "`forwardedProps`: `demo`, or `files` that you have uploaded."
)


class OptionsIn(serializers.Serializer[Any]):
    """What a new thread is about; a session that exists keeps what it has."""

    demo = Text(required=False, max_length=LONGEST_DEMO)
    files = file_ids(required=False)
    mode = Choice(ChatSession.Mode.choices, required=False)


def _find(user: User, thread_id: str) -> Thread | None:
    session = client_messages.find(user, thread_id, SCOPE)
    if session is None:
        return None
    runs = Run.objects.visible_to(user).filter(stream=session.stream_id)
    replies = runs.filter(kind__in=KINDS)
    return Thread(
        runs=runs,
        current=client_messages.current(session) or replies.order_by("-created_at").first(),
        about={"session_id": str(session.pk)},
        history=_history,
    )


def _history(run: Run) -> list[dict[str, Any]]:
    """Return what was said in a run's branch before its own turn."""
    branch = Branch.objects.filter(pk=run.arguments.get("branch")).first()
    if branch is None:
        return []
    before = branches.messages(branch).filter(turn__lt=run.arguments["turn"])
    rows = list(before.order_by("-turn", "-created_at", "-pk")[:MOST_HISTORY])[::-1]
    written = texts.of([one.pk for one in rows])
    return [{"id": str(one.pk), "role": one.role, "content": written[one.pk].text} for one in rows]


def _start(
    user: User,
    thread: Thread | None,
    sent: Sent,
    options: dict[str, Any],
    before: Callable[[], None],
) -> Run:
    wish = Wish(**options) if options.get("demo") or options.get("files") else None
    try:
        _, run = client_messages.attach_or_post(
            user, sent, wish=wish, is_again=False, reply="", before_post=before
        )
    except NotAllowed:
        raise Fault("forbidden", "Only the chat's owner may write here.", 403) from None
    except Unknown:
        raise Fault("unknown_thread", NO_DATA, 404) from None
    except Waits:
        raise Fault("interrupts_open", "This thread waits for a decision.") from None
    except InvalidMessage as error:
        fields = {"messages" if one == "text" else one: why for one, why in error.fields.items()}
        raise wrong(fields) from error
    return run


CHAT = Product(scope=SCOPE, options=OptionsIn, find=_find, start=_start)


@csrf_exempt  # checked while the body is read, for sessions; a token needs none
async def chat(request: HttpRequest) -> HttpResponseBase:
    """Say something, answer an interrupt, or join a run; the answer is the run's stream."""
    return await agui.serve(request, CHAT)
