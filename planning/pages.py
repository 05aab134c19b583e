"""HTML pages of planning. They work without scripts; scripts make them live."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from files.exceptions import Refused
from planning import actions, documents, memory, shapes, story
from planning.actions import Wish
from planning.conf import LONGEST_GOAL, planning_settings
from planning.exceptions import InvalidInput
from planning.models import Entity, Plan
from runs import gates
from runs import inbox as waits
from runs.exceptions import GateError
from runs.models import Gate, Run
from runs.rendering import excerpt, markdown

PLANS_SHOWN = 100
HISTORY_SHOWN = 30
ENTITIES_SHOWN = 200
DEADLINES = (
    (900, "15 minutes"),
    (3600, "1 hour"),
    (4 * 3600, "4 hours"),
    (24 * 3600, "1 day"),
    (3 * 24 * 3600, "3 days"),
    (7 * 24 * 3600, "1 week"),
)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {"waiting_count": waits.count(_user(request)), **context})


def _plans(user: User) -> Any:
    plans = Plan.objects.visible_to(user).select_related("run", "created_by", "entity")
    return plans.order_by("-created_at")


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    plans = _plans(_user(request))[:PLANS_SHOWN]
    context = {"plans": plans, "live": any(not plan.run.is_terminal for plan in plans)}
    if "fragment" in request.GET:
        return render(request, "planning/_plan_list.html", context)
    return _page(request, "planning/home.html", {**context, **_new_plan_form(request)})


def _new_plan_form(request: HttpRequest) -> dict[str, Any]:
    """Return what the form starts with: nothing, or what an earlier plan had."""
    user = _user(request)
    earlier = actions.find(user, request.GET.get("from", "")) if "from" in request.GET else None
    wish = earlier or Wish(goal="", deadline_seconds=planning_settings().deadline_seconds)
    numbers = ("max_iterations", "checkpoint_interval", "deadline_seconds")
    given: dict[str, Any] = {name: getattr(wish, name) for name in ("goal", *numbers)}
    given["documents"] = [one.name for one in earlier.documents.all()] if earlier else []
    return {
        "given": given,
        "deadlines": _deadlines(given["deadline_seconds"]),
        "entities": Entity.objects.visible_to(user)[:ENTITIES_SHOWN],
        "longest_goal": LONGEST_GOAL,
        "upload_bytes": planning_settings().max_upload_bytes,
    }


def _deadlines(chosen: int) -> list[tuple[int, str]]:
    known = dict(DEADLINES)
    return sorted({chosen: f"{chosen} seconds", **known}.items())


@require_http_methods(["GET", "POST"])
@login_required
def new_plan(request: HttpRequest) -> HttpResponse:
    form = _new_plan_form(request)
    if request.method == "GET":
        return _page(request, "planning/new_plan.html", form)
    try:
        plan = actions.propose(_wish(request), by=_user(request))
    except (InvalidInput, Refused) as error:
        given = {**form["given"], **request.POST.dict()}
        given["documents"] = request.POST.getlist("documents")
        context = {**form, "given": given, "errors": error.fields}
        response = _page(request, "planning/new_plan.html", context)
        response.status_code = 422
        return response
    return redirect("plan", plan.pk)


def _wish(request: HttpRequest) -> Wish:
    """Read the form and keep its files. Raises `InvalidInput`, `Refused`."""
    wish = Wish(
        goal=request.POST.get("goal", ""),
        max_iterations=_number(request, "max_iterations"),
        checkpoint_interval=_number(request, "checkpoint_interval"),
        deadline_seconds=_number(request, "deadline_seconds"),
    )
    wish.check()
    sent = request.FILES.getlist("files")
    kept = [documents.keep(file, by=_user(request)) for file in sent]
    chosen = [*request.POST.getlist("documents"), *(str(file.pk) for file in kept)]
    return replace(wish, documents=chosen)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInput({name: "A whole number is needed."})
    return int(text)


def _visible_plan(request: HttpRequest, pk: UUID) -> Plan:
    plans = Plan.objects.visible_to(_user(request))
    return get_object_or_404(
        plans.select_related("run__stream", "created_by", "entity", "branched_from"), pk=pk
    )


def _source_url(plan: Plan, document: str, sentence: int) -> str:
    return f"{reverse('source', args=[plan.pk, document])}#s{sentence}"


@require_GET
@login_required
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, user = _visible_plan(request, pk), _user(request)
    shown = shapes.plan(found)
    names = [document["id"] for document in shown["documents"]]
    text = partial(markdown, source_url=partial(_source_url, found), documents=names)
    proposal, pending = shown["proposal"], shown["pending_gate"]
    context = {
        "plan": found,
        "shown": shown,
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
    return _page(request, "planning/plan.html", context)


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
    user = _user(request)
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
    rows = waits.waiting(_user(request))
    context = {"rows": rows, "mine": [row for row in rows if row.may_answer]}
    context["others"] = [row for row in rows if not row.may_answer]
    if "fragment" in request.GET:
        return render(request, "planning/_inbox_list.html", context)
    return _page(request, "planning/inbox.html", context)


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
    context = {"plan": found, "document": document, "source": shapes.source(document)}
    return _page(request, "planning/source.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def memory_list(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    query = request.GET.get("q", "").replace("\x00", "").strip()
    entities = Entity.objects.visible_to(user).select_related("created_by")
    if query:
        entities = entities.filter(Q(title__icontains=query) | Q(body__icontains=query))
    shown = [(one, excerpt(one.body)) for one in entities[:ENTITIES_SHOWN]]
    context: dict[str, Any] = {"entities": shown, "query": query, "given": {}}
    status = 200
    if request.method == "POST":
        context["given"] = {"title": request.POST.get("title"), "body": request.POST.get("body")}
        try:
            saved = memory.save_entity(
                title=request.POST.get("title", ""), body=request.POST.get("body", ""), by=user
            )
            return redirect("entity", saved.slug)
        except InvalidInput as error:
            context["errors"], status = error.fields, 422
    response = _page(request, "planning/memory.html", context)
    response.status_code = status
    return response


@require_GET
@login_required
def entity(request: HttpRequest, slug: str) -> HttpResponse:
    user = _user(request)
    visible = Entity.objects.visible_to(user)
    found = get_object_or_404(visible.select_related("created_by"), slug=slug)
    plan = found.plans.filter(run__in=Run.objects.visible_to(user).values("pk")).first()
    names = list(plan.documents.values_list("name", flat=True)) if plan else []
    url = partial(_source_url, plan) if plan else None
    context = {
        "entity": found,
        "plan": plan,
        "body": markdown(found.body, source_url=url, documents=names, top_level=2),
        "backlinks": visible.filter(links__target=slug).exclude(pk=found.pk).distinct(),
    }
    return _page(request, "planning/entity.html", context)
