"""The admin's page on which gates are decided: it shows exactly what the answer is about."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from runs import gates
from runs.exceptions import GateError, PayloadChanged
from runs.forms import DecisionForm
from runs.models import Gate

MOST_DECIDED = 50  # gates on one page


def decide_url(keys: Iterable[UUID]) -> str:
    chosen = "&".join(f"gate={key}" for key in keys)
    return f"{reverse('admin:runs_gate_decide')}?{chosen}"


def decide(site: "admin.ModelAdmin[Gate]", request: HttpRequest) -> HttpResponse:
    """Show gates and their payloads; answer them with the digests of what was shown.

    Whether the user may answer is decided in `gates.answer`, as for every other door.
    """
    if not site.has_view_permission(request):
        raise PermissionDenied
    is_answer = request.method == "POST"
    given = request.POST if is_answer else request.GET
    chosen = _chosen(given.getlist("gate"))
    if not is_answer:
        chosen = [gate for gate in chosen if gate.state == Gate.State.PENDING]
    if not chosen:
        site.message_user(request, "Nothing of this waits any more.", messages.WARNING)
        return redirect("admin:runs_gate_changelist")
    form = DecisionForm(request.POST if is_answer else None, decisions=_common(chosen))
    if form.is_valid():
        return _decide(site, request, chosen, form.cleaned_data)
    assert isinstance(request.user, User)
    context = {
        **site.admin_site.each_context(request),
        "title": "Decide",
        "opts": site.opts,
        "media": site.media,
        "form": form,
        "questions": [_question(gate, request.user, given) for gate in chosen],
    }
    return TemplateResponse(request, "admin/runs/gate/decide.html", context)


def _chosen(keys: list[str]) -> list[Gate]:
    found = Gate.objects.select_related("run__created_by", "group")
    try:
        return list(found.filter(pk__in=keys).order_by("deadline")[:MOST_DECIDED])
    except ValidationError:
        return []  # an id that is none


def _common(chosen: list[Gate]) -> list[str]:
    """Return what can be decided at all of these gates, in the order of the first."""
    return [name for name in chosen[0].decisions if all(name in one.decisions for one in chosen)]


def _question(gate: Gate, user: User, given: Any) -> dict[str, Any]:
    """Return a gate as the page shows it. The digest is that of the payload shown, or, when an
    incomplete form comes back, the one it came with: what was read first counts.
    """
    return {
        "gate": gate,
        "may_answer": gates.may_answer(user, gate),
        "members": [(name, _text(value)) for name, value in gate.payload.items()],
        "digest": given.get(f"digest-{gate.pk}") or gates.digest(gate.payload),
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _decide(
    site: "admin.ModelAdmin[Gate]",
    request: HttpRequest,
    chosen: list[Gate],
    given: dict[str, Any],
) -> HttpResponse:
    """Answer each gate by itself; one that refuses stops none of the others."""
    changed: list[UUID] = []
    for gate in chosen:
        try:
            told = _answer(site, request, gate, given)
            site.message_user(request, f"{gate.question} {told}", messages.SUCCESS)
        except GateError as error:
            if isinstance(error, PayloadChanged):
                changed.append(gate.pk)
            site.message_user(request, f"{gate.question} {error}", messages.ERROR)
    if changed:
        return redirect(decide_url(changed))
    if len(chosen) == 1:
        return redirect("admin:runs_gate_change", chosen[0].pk)
    return redirect("admin:runs_gate_changelist")


def _answer(
    site: "admin.ModelAdmin[Gate]", request: HttpRequest, gate: Gate, given: dict[str, Any]
) -> str:
    assert isinstance(request.user, User)
    answered = gates.answer(
        gate.pk,
        by=request.user,
        decision=given["decision"],
        comment=given["comment"],
        digest=request.POST.get(f"digest-{gate.pk}", ""),
        via=Gate.Via.ADMIN,
    )
    site.log_change(request, gate, f"Answered: {given['decision']}.")
    if answered.state == Gate.State.PENDING:
        return f"Your approval counts: {answered.answers.count()} of {gate.quorum}."
    return f"Decided: {answered.decision}."
