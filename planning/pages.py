"""HTML pages of planning."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from planning.models import Entity


@login_required
def entity(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Entity.objects.visible_to(request.user), slug=slug)
    return render(request, "planning/entity.html", {"entity": found})
