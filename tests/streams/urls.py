"""A run's stream and nothing else, as the API mounts it."""

from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from runs.access import place
from runs.models import Run
from streams.views import Place, serve


async def events(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    def locate(user: User) -> Place | None:
        run = Run.objects.visible_to(user).filter(pk=run_id).first()
        return place(run) if run else None

    return await serve(request, locate)


urlpatterns = [path("api/v1/runs/<uuid:run_id>/events/", events)]
