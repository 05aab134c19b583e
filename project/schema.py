"""What the OpenAPI schema cannot find by itself."""

from collections.abc import Callable
from typing import Any

from runs.api.views import EventsSchema

Endpoint = tuple[str, str, str, Callable[..., Any]]


def add_streams(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Add the streaming view, which is no REST framework view."""
    path = "/api/v1/runs/{pk}/events/"
    return [*endpoints, (path, path, "GET", EventsSchema.as_view())]
