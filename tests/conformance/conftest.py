"""Real servers with the scripted engine, for the packages of other people as their clients."""

from collections.abc import Iterator

import httpx
import pytest

from tests.api import server as servers
from tests.api.server import Server, Template


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
