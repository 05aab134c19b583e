"""Fixtures for streams over HTTP, in process."""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import User
from django.db import connections
from rest_framework.authtoken.models import Token

from project.asgi import StreamHandler
from runs.models import Run
from streams.limits import slots
from tests.factories import make_run
from tests.sse_client import AsgiStream
from tests.streams.reader_support import far_hub, own_hub, small

__all__ = ["far_hub", "own_hub", "small"]

Open = Callable[..., AsgiStream]


@pytest.fixture
def run(user: User) -> Run:
    return make_run(user)


@pytest.fixture
def token(user: User) -> str:
    return str(Token.objects.create(user=user).key)


@pytest.fixture
def open_stream(settings: Any, run: Run, token: str, real_threads: None):
    """Open the run's stream as its owner; `query`, `headers` and `run_id` may differ."""
    settings.ROOT_URLCONF = "tests.streams.urls"
    handlers: list[StreamHandler] = []
    held_before = slots.total  # another test may have left a response to the garbage collector

    def open_(
        query: str = "",
        *,
        method: str = "GET",
        run_id: object = None,
        headers: dict[str, str] | None = None,
        **more: str,
    ) -> AsgiStream:
        if not handlers:
            handlers.append(StreamHandler())  # with the middleware that the test has set
        sent = {"Authorization": f"Token {token}", "Accept": "text/event-stream"}
        sent.update({"Authorization": ""} if headers is not None and not headers else headers or {})
        sent.update({name.replace("_", "-"): value for name, value in more.items()})
        path = f"/api/v1/runs/{run_id or run.pk}/events/{query}"
        kept = {name: value for name, value in sent.items() if value}
        return AsgiStream(handlers[0], path, method=method, headers=kept)

    yield open_
    async_to_sync(sync_to_async(connections.close_all))()
    assert slots.total <= held_before, "a slot was not given back"
