"""Pages of plans, of the inbox, and of what waits."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agents import registry
from files.exceptions import Refused
from planning import actions, shapes, story
from planning.actions import Wish
from planning.conf import LONGEST_GOAL, planning_settings
from planning.exceptions import InvalidInput
from planning.models import Plan
from planning.pages.memory import source_page, source_url
from planning.pages.shell import documents_field, engine_field, given_documents, page, user_of
from runs import gates, usage
from runs import inbox as waits
from runs.exceptions import GateError
from runs.models import Gate, Run
from runs.rendering import markdown

PLANS_SHOWN = 100
HISTORY_SHOWN = 30
DEADLINES = (
    (900, "15 minutes"),
    (3600, "1 hour"),
    (4 * 3600, "4 hours"),
    (24 * 3600, "1 day"),
    (3 * 24 * 3600, "3 days"),
    (7 * 24 * 3600, "1 week"),
)


def _plans(user: User) -> Any:
    plans = Plan.objects.visible_to(user).select_related("run", "created_by", "entity")
    return plans.order_by("-created_at")


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    plans = _plans(user_of(request))[:PLANS_SHOWN]
    context = {"plans": plans, "live": any(not plan.run.is_terminal for plan in plans)}
    if "fragment" in request.GET:
        return render(request, "planning/_plan_list.html", context)
    return page(request, "planning/home.html", {**context, **_new_plan_form(request)})


def _new_plan_form(request: HttpRequest) -> dict[str, Any]:
    """Return what the form starts with: nothing, or what an earlier plan had."""
    user = user_of(request)
    earlier = actions.find(user, request.GET.get("from", "")) if "from" in request.GET else None
    wish = earlier or Wish(goal="", deadline_seconds=planning_settings().deadline_seconds)
    numbers = ("max_iterations", "checkpoint_interval", "deadline_seconds")
    given: dict[str, Any] = {name: getattr(wish, name) for name in ("goal", *numbers)}
    given["engine"] = earlier.engine if earlier else ""
    given["documents"] = [one.name for one in earlier.documents.all()] if earlier else []
    return {
        **documents_field(user),
        **engine_field(),
        "given": given,
        "deadlines": _deadlines(given["deadline_seconds"]),
        "longest_goal": LONGEST_GOAL,
    }


def _deadlines(chosen: int) -> list[tuple[int, str]]:
    known = dict(DEADLINES)
    return sorted({chosen: f"{chosen} seconds", **known}.items())


@require_http_methods(["GET", "POST"])
@login_required
def new_plan(request: HttpRequest) -> HttpResponse:
    form = _new_plan_form(request)
    if request.method == "GET":
        return page(request, "planning/new_plan.html", form)
    try:
        plan = actions.propose(_wish(request), by=user_of(request))
    except (InvalidInput, Refused) as error:
        given = {**form["given"], **request.POST.dict()}
        given["documents"] = request.POST.getlist("documents")
        context = {**form, "given": given, "errors": error.fields}
        return page(request, "planning/new_plan.html", context, status=422)
    return redirect("plan", plan.pk)


def _wish(request: HttpRequest) -> Wish:
    """Read the form and keep its files. Raises `InvalidInput`, `Refused`."""
    wish = Wish(
        goal=request.POST.get("goal", ""),
        max_iterations=_number(request, "max_iterations"),
        checkpoint_interval=_number(request, "checkpoint_interval"),
        deadline_seconds=_number(request, "deadline_seconds"),
        engine=request.POST.get("engine", ""),
    )
    wish.check()
    return replace(wish, documents=given_documents(request))


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInput({name: "A whole number is needed."})
    return int(text)


def _visible_plan(request: HttpRequest, pk: UUID) -> Plan:
    plans = Plan.objects.visible_to(user_of(request))
    return get_object_or_404(
        plans.select_related("run__stream", "created_by", "entity", "branched_from"), pk=pk
    )


@require_GET
@login_required
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, user = _visible_plan(request, pk), user_of(request)
    shown = shapes.plan(found)
    names = [document["id"] for document in shown["documents"]]
    text = partial(markdown, source_url=partial(source_url, found), documents=names)
    proposal, pending = shown["proposal"], shown["pending_gate"]
    context = {
        "plan": found,
        "shown": shown,
        "engine": registry.label(found.engine),
        "used": usage.words(shown["usage"]),
        "story": story.lines(shown),
        "approach": text(proposal["approach"]) if proposal else "",
        "final_plan": text(shown["final_plan"]) if shown["final_plan"] else "",
        "summary": text(pending["payload"].get("summary", "")) if pending else "",
        "deadline": parse_datetime(pending["deadline"]) if pending else None,
        "may_answer": bool(pending) and gates.may_answer(user, Gate.objects.get(pk=pending["id"])),
        "started_at": parse_datetime(shown["created_at"]),
        "history": _plans(user)[:HISTORY_SHOWN],
        "config": {"plan": shown, "user": _facts(user, found), "urls": _urls(found)},
    }
    return page(request, "planning/plan.html", context)


def _facts(user: User, plan: Plan) -> dict[str, Any]:
    """Return what the client must know of the user to tell whether they may decide."""
    is_owner = plan.created_by_id == user.pk
    return {
        "name": user.get_username(),
        "is_owner": is_owner,
        "may_change": is_owner or user.has_perm("runs.change_run"),
        "may_answer_any": user.has_perm("runs.answer_gate"),
        "groups": list(user.groups.values_list("name", flat=True)),
    }


def _urls(plan: Plan) -> dict[str, str]:
    page, again = reverse("plan", args=[plan.pk]), f"{reverse('new-plan')}?from={plan.pk}"
    sign_in = f"{reverse('sign-in')}?next={page}"
    return {"sources": f"{page}sources/", "sign_in": sign_in, "again": again}


@require_POST
@login_required
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a gate from a plain form."""
    user = user_of(request)
    visible = Gate.objects.filter(run__in=Run.objects.visible_to(user).values("pk"))
    gate = get_object_or_404(visible, pk=pk)
    numbers = {
        name: int(value)
        for name in ("max_iterations", "checkpoint_interval")
        if (value := request.POST.get(name, "")).isascii() and value.isdigit() and len(value) < 4
    }
    decision = request.POST.get("decision", "")
    try:
        gates.answer(
            gate.pk,
            by=user,
            decision=decision,
            digest=request.POST.get("digest", ""),
            comment=request.POST.get("comment", ""),
            payload=numbers if decision == "adjust" and numbers else None,
            via=Gate.Via.WEB,
        )
    except GateError as error:
        messages.error(request, str(error))
    return redirect("plan", Plan.objects.only("pk").get(run=gate.run_id).pk)


@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    rows = waits.waiting(user_of(request))
    context = {"rows": rows, "mine": [row for row in rows if row.may_answer]}
    context["others"] = [row for row in rows if not row.may_answer]
    if "fragment" in request.GET:
        return render(request, "planning/_inbox_list.html", context)
    return page(request, "planning/inbox.html", context)


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Tell scripts how many gates wait for the user."""
    if not isinstance(request.user, User):
        return JsonResponse({"count": 0}, status=401)
    rows = waits.waiting(request.user)
    response = JsonResponse({"count": sum(row.may_answer for row in rows), "all": len(rows)})
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@login_required
def source(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """A document as the plan read it, sentence by sentence."""
    found = _visible_plan(request, pk)
    document = get_object_or_404(found.documents.select_related("entity"), name=name)
    return source_page(request, document, home=("Plans", "home"), made=("plan", found))
