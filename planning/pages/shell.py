"""What all pages of planning have: the shell, and fields that several forms share."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agents import registry
from planning import documents
from planning.conf import planning_settings
from planning.models import Entity
from runs import inbox

ENTITIES_SHOWN = 200


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shell = {"waiting_count": inbox.count(user_of(request))}
    return render(request, template, {**shell, **context}, status=status)


def documents_field(user: User) -> dict[str, Any]:
    """Return what a form offers to read."""
    return {
        "entities": Entity.objects.visible_to(user)[:ENTITIES_SHOWN],
        "upload_bytes": planning_settings().max_upload_bytes,
    }


def engine_field() -> dict[str, Any]:
    """Return the engines that a form offers, the installation's own first."""
    return {"engines": registry.choices(planning_settings().engine)}


def given_documents(request: HttpRequest) -> list[str]:
    """Return the documents that a form names, and those whose files it brought. Raises `Refused`."""
    sent = request.FILES.getlist("files")
    kept = [documents.keep(file, by=user_of(request)) for file in sent]
    return [*request.POST.getlist("documents"), *(str(file.pk) for file in kept)]
