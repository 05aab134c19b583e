"""What the OpenAPI schema cannot find by itself."""

from collections.abc import Callable
from typing import Any

from chat.api.views import SessionEventsSchema
from runs.api.views import EventsSchema

Endpoint = tuple[str, str, str, Callable[..., Any]]


def add_streams(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Add the streaming views, which are no REST framework views."""
    views = {"runs": EventsSchema, "sessions": SessionEventsSchema}
    streams = [(f"/api/v1/{what}/{{pk}}/events/", view) for what, view in views.items()]
    return [*endpoints, *((path, path, "GET", view.as_view()) for path, view in streams)]
