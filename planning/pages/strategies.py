"""Pages of strategies."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods

from agents import registry
from agents.strategy_guides import STEPS
from files.exceptions import Refused
from planning.conf import LONGEST_GOAL
from planning.exceptions import InvalidInput
from planning.models import Strategy
from planning.pages.memory import source_page, source_url
from planning.pages.shell import documents_field, engine_field, given_documents, page, user_of
from planning.strategy import actions, shapes
from planning.strategy.actions import StrategyWish
from runs import usage
from runs.rendering import markdown

STRATEGIES_SHOWN = 100
HISTORY_SHOWN = 30


def _strategies(user: User) -> "QuerySet[Strategy]":
    strategies = Strategy.objects.visible_to(user).select_related("run", "created_by", "entity")
    return strategies.order_by("-created_at")


@require_GET
@login_required
def strategies(request: HttpRequest) -> HttpResponse:
    context = {"strategies": _strategies(user_of(request))[:STRATEGIES_SHOWN]}
    if "fragment" in request.GET:
        return render(request, "planning/_strategy_list.html", context)
    return page(request, "planning/strategies.html", context)


def _form(request: HttpRequest) -> dict[str, Any]:
    """Return what the form starts with: nothing, or what an earlier strategy had."""
    user = user_of(request)
    earlier = actions.find(user, request.GET.get("from", "")) if "from" in request.GET else None
    names = [one.name for one in earlier.documents.all()] if earlier else []
    given = {
        "goal": earlier.goal if earlier else "",
        "documents": names,
        "engine": earlier.engine if earlier else "",
    }
    shared = {**documents_field(user), **engine_field()}
    return {**shared, "given": given, "longest_goal": LONGEST_GOAL, "guides": STEPS}


@require_http_methods(["GET", "POST"])
@login_required
def new_strategy(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if request.method == "GET":
        return page(request, "planning/new_strategy.html", form)
    engine = request.POST.get("engine", "")
    wish = StrategyWish(goal=request.POST.get("goal", ""), engine=engine)
    try:
        wish.check()
        whole = replace(wish, documents=given_documents(request))
        started = actions.start(whole, by=user_of(request))
    except (InvalidInput, Refused) as error:
        documents = request.POST.getlist("documents")
        given = {"goal": wish.goal, "documents": documents, "engine": engine}
        context = {**form, "given": given, "errors": error.fields}
        return page(request, "planning/new_strategy.html", context, status=422)
    return redirect("strategy", started.pk)


def _visible(request: HttpRequest, pk: UUID) -> Strategy:
    visible = Strategy.objects.visible_to(user_of(request))
    return get_object_or_404(visible.select_related("run__stream", "created_by", "entity"), pk=pk)


@require_GET
@login_required
def strategy(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, user = _visible(request, pk), user_of(request)
    shown = shapes.strategy(found)
    names = [document["id"] for document in shown["documents"]]
    text = partial(markdown, source_url=partial(source_url, found), documents=names)
    context = {
        "strategy": found,
        "shown": shown,
        "engine": registry.label(found.engine),
        "used": usage.words(shown["usage"]),
        "steps": _all_steps(shown),
        "document": text(shown["document"]) if shown["document"] else "",
        "started_at": parse_datetime(shown["created_at"]),
        "history": _strategies(user)[:HISTORY_SHOWN],
        "config": {
            "strategy": shown,
            "guides": [{"name": one.name, "title": one.title} for one in STEPS],
            "user": _facts(user, found),
            "urls": _urls(found),
        },
    }
    return page(request, "planning/strategy.html", context)


def _all_steps(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all eight steps, also those that have not started."""
    known = {one["name"]: one for one in shown["steps"]}
    return [
        known.get(guide.name, {"title": guide.title, "number": number, "state": "pending"})
        for number, guide in enumerate(STEPS, 1)
    ]


def _facts(user: User, strategy: Strategy) -> dict[str, Any]:
    may_change = strategy.created_by_id == user.pk or user.has_perm("runs.change_run")
    return {"name": user.get_username(), "may_change": may_change}


def _urls(strategy: Strategy) -> dict[str, str]:
    own = reverse("strategy", args=[strategy.pk])
    return {
        "sources": f"{own}sources/",
        "sign_in": f"{reverse('sign-in')}?next={own}",
        "again": f"{reverse('new-strategy')}?from={strategy.pk}",
    }


@require_GET
@login_required
def source(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """A document as the strategy read it, sentence by sentence."""
    found = _visible(request, pk)
    document = get_object_or_404(found.documents.select_related("entity"), name=name)
    home = ("Strategies", "strategies")
    return source_page(request, document, home=home, made=("strategy", found))
