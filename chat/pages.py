"""HTML pages of chats. They work without scripts; scripts make them live."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents import registry
from chat import access, actions, branches, data_sets, listing, posting, shapes
from chat.actions import Wish
from chat.conf import LONGEST_MESSAGE, LONGEST_TITLE, chat_settings
from chat.exceptions import ChatError, InvalidMessage
from chat.models import ChatSession
from files import actions as file_actions
from files import takers
from files.conf import file_settings
from files.exceptions import Refused
from runs import actions as run_actions
from runs import gates, inbox, usage
from runs.exceptions import GateError, InvalidTransition
from runs.models import Gate, Run
from runs.rendering import markdown
from streams import preferences

CHATS_SHOWN = 100
HISTORY_SHOWN = 50
BUSY = ("initialising", "thinking")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shell = {"waiting_count": inbox.count(_user(request))}
    return render(request, template, {**shell, **context}, status=status)


def _session(request: HttpRequest, pk: UUID) -> ChatSession:
    visible = ChatSession.objects.visible_to(_user(request))
    related = visible.select_related("data_set", "created_by", "stream", "branch")
    return get_object_or_404(related, pk=pk)


@require_GET
@login_required
def chats(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found = listing.rows(list(listing.search(_user(request), query)[:CHATS_SHOWN]))
    context = {"rows": found, "query": query}
    if "fragment" in request.GET:
        return render(request, "chat/_chat_list.html", context)
    return _page(request, "chat/chats.html", {**context, **_new_chat_form()})


def _new_chat_form() -> dict[str, Any]:
    demos = [
        {"name": name, "files": [one.name for one in files]}
        for name, files in data_sets.demos().items()
    ]
    return {
        "engines": registry.choices(chat_settings().engine),
        "demos": demos,
        "accepted": ",".join(takers.suffixes()),
        "upload_bytes": file_settings().max_upload_bytes,
        "longest_title": LONGEST_TITLE,
        "given": {},
    }


@require_http_methods(["GET", "POST"])
@login_required
def new_chat(request: HttpRequest) -> HttpResponse:
    form = _new_chat_form()
    if request.method == "GET":
        return _page(request, "chat/new_chat.html", form)
    try:
        session = actions.start_session(_wish(request), by=_user(request))
    except (InvalidMessage, Refused) as error:
        context = {**form, "given": request.POST.dict(), "errors": error.fields}
        return _page(request, "chat/new_chat.html", context, status=422)
    return redirect("chat", session.pk)


def _wish(request: HttpRequest) -> Wish:
    """Read the form and keep its files. Raises `Refused`."""
    kept = [
        file_actions.keep(
            cast(BinaryIO, file),
            name=file.name or "file",
            content_type=file.content_type or "",
            size=file.size or 0,
            by=_user(request),
        )
        for file in request.FILES.getlist("files")
    ]
    return Wish(
        title=request.POST.get("title", ""),
        files=[file.pk for file in kept],
        demo="" if kept else request.POST.get("demo", ""),
        engine=request.POST.get("engine", ""),
    )


@require_GET
@login_required
def chat(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, user = _session(request, pk), _user(request)
    shown = shapes.snapshot(found)
    pending = _pending(user, found)
    history = list(listing.search(user)[:HISTORY_SHOWN])
    context = {
        "session": found,
        "shown": shown,
        "engine": registry.label(found.engine),
        "used": usage.words(shown["usage"]),
        "conversation": _conversation(found, shown["messages"]),
        "pending": pending,
        "is_busy": shown["state"] in BUSY,
        "may_write": access.may_write(user, found),
        "history": listing.rows(history if found in history else [found, *history]),
        "longest_message": LONGEST_MESSAGE,
        "accepted": ",".join(takers.suffixes()),
        "config": {
            "session": shown,
            "user": _facts(user, found),
            "urls": _urls(found),
            "stream_mode": preferences.mode_of(user),
            "limits": {
                "message": LONGEST_MESSAGE,
                "upload_bytes": file_settings().max_upload_bytes,
            },
        },
    }
    return _page(request, "chat/chat.html", context)


def _conversation(found: ChatSession, every: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the messages of the branch that is shown, their text as HTML."""
    assert found.branch is not None
    limits = {str(branch.pk): last for branch, last in branches.path(found.branch)}
    on_branch = [
        one
        for one in every
        if one["branch"] in limits
        and (limits[one["branch"]] is None or one["turn"] <= limits[one["branch"]])
    ]
    return [{**one, "html": markdown(_said(one))} for one in on_branch]


def _said(message: dict[str, Any]) -> str:
    """Return what a message says in Markdown: its text, or that of the card it brought."""
    card = message["parts"].get("card") or {}
    return str(message["text"] or card.get("text", ""))


def _pending(user: User, found: ChatSession) -> dict[str, Any] | None:
    """Return the gate the session waits at, as the plain form shows it."""
    waiting = Gate.objects.filter(run__stream=found.stream_id, state=Gate.State.PENDING)
    gate = waiting.select_related("run").order_by("created_at").first()
    if gate is None:
        return None
    return {"gate": gate, "may_answer": gates.may_answer(user, gate)}


def _facts(user: User, found: ChatSession) -> dict[str, Any]:
    """Return what the client must know of the user to tell what they may do."""
    is_owner = found.created_by_id == user.pk
    return {
        "name": user.get_username(),
        "is_owner": is_owner,
        "may_write": access.may_write(user, found),
        "may_change": is_owner or user.has_perm("runs.change_run"),
        "may_answer_any": user.has_perm("runs.answer_gate"),
        "groups": list(user.groups.values_list("name", flat=True)),
    }


def _urls(found: ChatSession) -> dict[str, str]:
    page = reverse("chat", args=[found.pk])
    return {
        "page": page,
        "chats": reverse("chats"),
        "files": f"/api/v1/sessions/{found.pk}/files/",
        "sign_in": f"{reverse('sign-in')}?next={page}",
    }


@require_POST
@login_required
def say(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Post a message from a plain form."""
    found = _session(request, pk)
    if not access.may_write(_user(request), found):
        messages.error(request, "Only the owner of this chat can write in it.")
        return redirect("chat", pk)
    try:
        posting.post_message(found, request.POST.get("text", ""), by=_user(request))
    except ChatError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('chat', args=[pk])}#say")


@require_POST
@login_required
def profile(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Prepare the data once more, after that has failed."""
    found = _session(request, pk)
    failed = Run.objects.filter(
        stream=found.stream_id, kind="initialise", created_by=_user(request)
    )
    run = failed.order_by("-created_at").first()
    if run is None:
        messages.error(request, "Only the owner of this chat can do this.")
        return redirect("chat", pk)
    try:
        run_actions.retry(run.pk, by=_user(request))
    except InvalidTransition as error:  # a second click
        messages.error(request, str(error))
    return redirect("chat", pk)


@require_POST
@login_required
def decide(request: HttpRequest, pk: UUID, gate: UUID) -> HttpResponse:
    """Answer a gate from a plain form: a choice, or words of one's own."""
    found = _session(request, pk)
    asked = get_object_or_404(Gate, pk=gate, run__stream=found.stream_id)
    comment = request.POST.get("comment", "").strip() or request.POST.get("choice", "")
    try:
        gates.answer(
            asked.pk,
            by=_user(request),
            decision=request.POST.get("decision", ""),
            digest=request.POST.get("digest", ""),
            comment=comment,
            via=Gate.Via.WEB,
        )
    except GateError as error:
        messages.error(request, str(error))
    return redirect("chat", pk)
