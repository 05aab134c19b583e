"""A fresh PostgreSQL database for each test, copied from one that was migrated once."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.distributed import farm
from tests.distributed.farm import ADDRESS, Farm
from tests.e2e import house, lives


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


@pytest.fixture(scope="session")
def template(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a migrated database with two users."""
    with farm.database(address) as made:
        farm.prepare(made, tmp_path_factory.mktemp("template"))
        yield made


@pytest.fixture
def database(address: str, template: str) -> Iterator[str]:
    """Return the address of a database of the test's own."""
    with farm.database(address, template=template) as made:
        yield made


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
