"""A real Daphne for all tests of a worker, and others that may be killed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cairn_client import AsyncCairn, Cairn, calling
from cairn_client.steps import Backoff
from tests.client import lines
from tests.e2e import clients, house
from tests.e2e.conftest import start as start
from tests.e2e.conftest import template as template
from tests.e2e.conftest import var as var
from tests.e2e.servers import Server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for hundredths of a second between attempts, of which there are more."""
    monkeypatch.setattr(Backoff, "STEPS", (0.01, 0.02, 0.04, 0.08, 0.16, 0.3))
    monkeypatch.setattr(calling, "ATTEMPTS", 100)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Server]:
    var = house.furnish(tmp_path_factory.mktemp("client"), template)
    one = Server(var, {"heartbeat": 0.5}).start()
    yield one
    one.end()


@pytest.fixture
def whose(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """Let `manage.py cairn` work with the server, as ada."""
    monkeypatch.setenv("CAIRN_URL", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("CAIRN_TOKEN", house.TOKEN)


@pytest.fixture
def ada(server: Server) -> Iterator[Cairn]:
    with lines.ada(server.port) as one:
        yield one


@pytest.fixture
def eve(server: Server) -> Iterator[Cairn]:
    with lines.user(server.port, house.STRANGER) as one:
        yield one


@pytest.fixture
async def async_ada(server: Server) -> AsyncIterator[AsyncCairn]:
    async with clients.cairn(server.port) as one:
        yield one
