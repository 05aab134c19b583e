"""Servers for tests of operations."""

from contextlib import AbstractContextManager

import pytest

from tests.e2e import house
from tests.ops.looking import Serving
from tests.streams.servers import Server, serving

HEARTBEAT = 1


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Serving:
    """Return what starts a server on a database of its own, with a user."""
    own = tmp_path_factory.getbasetemp()
    template = house.template(own if worker_id == "master" else own.parent)

    def serve(name: str = "daphne", **variables: str) -> AbstractContextManager[Server]:
        var = house.furnish(tmp_path_factory.mktemp("served"), template)
        variables.setdefault("CAIRN_HEARTBEAT", str(HEARTBEAT))
        variables.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
        return serving(name, var, DATABASE_URL=f"sqlite:///{house.database(var)}", **variables)

    return serve
