"""Real processes, each in a folder of its own; all are killed when a test ends."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import house, lives
from tests.e2e.servers import APPLICATION, Server


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the migrated database that all workers of this run of pytest copy."""
    own = tmp_path_factory.getbasetemp()
    return house.template(own if worker_id == "master" else own.parent)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """Return the folder of a plan that nobody disturbed: the measure of all others."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert lives.let_live(folder, template, {"var": [None]}) == {"var": ["done"]}
    return folder / "var"


@pytest.fixture
def var(tmp_path: Path, template: Path) -> Path:
    return house.furnish(tmp_path / "var", template)


Starter = Callable[..., Server]


@pytest.fixture
def start(var: Path) -> Iterator[Starter]:
    """Start servers in `var`; keywords are CAIRN_ settings. What they logged is shown on failure."""
    servers: list[Server] = []

    def start(*, application: str = APPLICATION, **settings: object) -> Server:
        servers.append(Server(var, settings, application))
        return servers[-1].start()

    yield start
    for server in servers:
        server.discard()
        print(server.log)  # noqa: T201 - pytest shows it for tests that failed
