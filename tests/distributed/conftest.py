"""A fresh PostgreSQL database for each test, copied from one that was migrated once."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.distributed import farm
from tests.distributed.farm import Farm
from tests.e2e import house, lives

ADDRESS = os.environ.get("CAIRN_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def address() -> str:
    """Return the address of a PostgreSQL in which databases may be made."""
    try:
        psycopg.connect(ADDRESS, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        reason = f"PostgreSQL does not answer at {ADDRESS} (CAIRN_TEST_POSTGRES): {error}"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must have a PostgreSQL. {reason}")
        pytest.skip(f"**** SKIPPED: {reason}")
    return ADDRESS


def _named(address: str, name: str) -> str:
    return urlsplit(address)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def template(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the name of a migrated database with two users."""
    name = f"cairn_test_{uuid.uuid4().hex}"
    farm.command(address, f"CREATE DATABASE {name}")
    try:
        farm.prepare(_named(address, name), tmp_path_factory.mktemp("template"))
        yield name
    finally:
        farm.command(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(address: str, template: str) -> Iterator[str]:
    """Return the address of a database of the test's own."""
    name = f"cairn_test_{uuid.uuid4().hex}"
    farm.command(address, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(address, name)
    farm.command(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def plot(address: str, database: str, tmp_path: Path) -> Iterator[Farm]:
    """Return a farm without processes: tests start what they need."""
    made = Farm(address, database, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a plan that one process did undisturbed, on SQLite: the measure."""
    folder = tmp_path_factory.mktemp("undisturbed")
    file = house.template(folder)
    assert lives.let_live(folder, file, {"var": [None]}) == {"var": ["done"]}
    return folder / "var"
