"""What the AI SDK is tried on besides."""

from collections.abc import Iterator

import pytest

from tests.api import server as servers
from tests.api.server import Server, Template

SLOW = '{"slow": {"reply": 0.04}, "words": 25}'


@pytest.fixture(scope="session")
def slow(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose replies take a second or two."""
    with servers.running(template, tmp_path_factory.mktemp("slow"), CAIRN_SCRIPT=SLOW) as one:
        yield one
