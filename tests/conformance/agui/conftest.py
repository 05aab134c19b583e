"""What clients of AG-UI are tried on besides."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api import server as servers
from tests.api.server import Server, Template

SLOW = '{"slow": {"reply": 0.04, "iterate": 0.05}, "words": 25}'


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def slow(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose replies take a second or two."""
    with servers.running(template, tmp_path_factory.mktemp("slow"), CAIRN_SCRIPT=SLOW) as one:
        yield one


@pytest.fixture
def mallory(server: Server) -> Iterator[httpx.Client]:
    with server.client("mallory") as client:
        yield client
