"""Clients in process, and one real server for all tests of a worker."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from rest_framework.authtoken.models import Token

from tests.api import server as servers
from tests.api.contract import CheckedClient
from tests.api.server import Server, Template


@pytest.fixture(autouse=True)
def _no_rates_left_over() -> None:
    cache.clear()


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the limits for one test; the throttles read this very dictionary."""
    table: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]

    def limit(**given: str) -> None:
        for name, rate in given.items():
            monkeypatch.setitem(table, name, rate)

    return limit


def client_of(user: User) -> CheckedClient:
    client = CheckedClient()
    token, _ = Token.objects.get_or_create(user=user)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
    return client


@pytest.fixture
def api(user: User) -> CheckedClient:
    """The client of ada, by token."""
    return client_of(user)


@pytest.fixture
def stranger(other: User) -> CheckedClient:
    """The client of grace, who may see nothing of ada's."""
    return client_of(other)


@pytest.fixture
def anonymous(db: None) -> CheckedClient:
    return CheckedClient()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template.made_in(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def server(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.running(template, tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture
def ada(server: Server) -> Iterator[httpx.Client]:
    with server.client("ada") as client:
        yield client


@pytest.fixture
def grace(server: Server) -> Iterator[httpx.Client]:
    with server.client("grace") as client:
        yield client


@pytest.fixture(scope="session")
def cookies(server: Server) -> dict[str, str]:
    """The cookies of ada's browser, who signed in with her password."""
    with server.client() as client:
        client.get("/sign-in/")
        form = {
            "username": "ada",
            "password": servers.PASSWORD,
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        }
        assert client.post("/sign-in/", data=form).status_code == 302
        return dict(client.cookies)


@pytest.fixture
def session(server: Server, cookies: dict[str, str]) -> Iterator[httpx.Client]:
    """The client of ada's browser."""
    with server.client() as client:
        client.cookies.update(cookies)
        yield client
