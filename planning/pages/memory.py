"""Pages of memory, and of the documents that plans and strategies read."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from planning import memory, shapes
from planning.exceptions import InvalidInput
from planning.models import Entity, Plan, ReadText, Strategy
from planning.pages.shell import ENTITIES_SHOWN, page, user_of
from runs.models import Run
from runs.rendering import excerpt, markdown


def source_url(made: Plan | Strategy, document: str, sentence: int) -> str:
    """Return where a cited sentence can be read."""
    name = "source" if isinstance(made, Plan) else "strategy-document"
    return f"{reverse(name, args=[made.pk, document])}#s{sentence}"


def source_page(
    request: HttpRequest, document: ReadText, *, home: tuple[str, str], made: tuple[str, Any]
) -> HttpResponse:
    """Show a text sentence by sentence; `home` and `made` lead back to what cites it."""
    name, found = made
    context = {
        "document": document,
        "source": shapes.source(document),
        "home": {"title": home[0], "url": reverse(home[1])},
        "made": {"title": found.goal, "url": reverse(name, args=[found.pk]), "kind": name},
    }
    return page(request, "planning/source.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def memory_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
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
    return page(request, "planning/memory.html", context, status=status)


@require_GET
@login_required
def entity(request: HttpRequest, slug: str) -> HttpResponse:
    user = user_of(request)
    visible = Entity.objects.visible_to(user)
    found = get_object_or_404(visible.select_related("created_by"), slug=slug)
    runs = Run.objects.visible_to(user).values("pk")
    plan: Plan | None = found.plans.filter(run__in=runs).first()
    made = plan or found.strategies.filter(run__in=runs).first()
    kind = "plan" if plan else "strategy"
    names = list(made.documents.values_list("name", flat=True)) if made else []
    url = partial(source_url, made) if made else None
    context = {
        "entity": found,
        "made": made,
        "made_kind": kind,
        "made_url": reverse(kind, args=[made.pk]) if made else "",
        "body": markdown(found.body, source_url=url, documents=names, top_level=2),
        "backlinks": visible.filter(links__target=slug).exclude(pk=found.pk).distinct(),
    }
    return page(request, "planning/entity.html", context)
