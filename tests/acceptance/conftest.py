"""Clients and servers as the API tests have them, and streams opened in process."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import User
from django.db import connections
from rest_framework.authtoken.models import Token

from project.asgi import StreamHandler
from streams.limits import slots
from tests.api import server as servers
from tests.api.conftest import (
    _no_rates_left_over,
    ada,
    anonymous,
    api,
    cookies,
    grace,
    server,
    session,
    stranger,
    template,
)
from tests.api.server import Server, Template
from tests.sse_client import AsgiStream

__all__ = [
    "_no_rates_left_over",
    "ada",
    "anonymous",
    "api",
    "cookies",
    "grace",
    "server",
    "session",
    "stranger",
    "template",
]

Open = Callable[..., AsgiStream]
SLOW = '{"delay": 0.03}'  # seconds before each event of an engine: time to look in between


@pytest.fixture(autouse=True)
def _scripted(settings: Any) -> None:
    """Let sessions that are begun in process be answered by the script."""
    settings.CHAT = {**settings.CHAT, "ENGINE": "scripted"}


@pytest.fixture(scope="session")
def slow(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose engine takes its time, and that writes all it ever does to its log."""
    told = {"CAIRN_SCRIPT": SLOW, "CAIRN_LOG_LEVEL": "DEBUG"}
    with servers.running(template, tmp_path_factory.mktemp("slow"), **told) as one:
        yield one


@pytest.fixture
def open_path(user: User, real_threads: None) -> Iterator[Open]:
    """Open a path in process as ada; `headers` may differ."""
    key = str(Token.objects.get_or_create(user=user)[0].key)
    handlers: list[Any] = []
    held_before = slots.total

    def open_(path: str, *, method: str = "GET", last_id: str = "", **more: str) -> AsgiStream:
        if not handlers:
            handlers.append(StreamHandler())
        sent = {"Authorization": f"Token {key}", "Accept": "text/event-stream"}
        sent |= {"Last-Event-ID": last_id} if last_id else {}
        sent |= {name.replace("_", "-"): value for name, value in more.items()}
        kept = {name: value for name, value in sent.items() if value}
        return AsgiStream(handlers[0], path, method=method, headers=kept)

    yield open_
    async_to_sync(sync_to_async(connections.close_all))()
    assert slots.total <= held_before, "a slot was not given back"
