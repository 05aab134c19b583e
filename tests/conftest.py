"""Fixtures used in more than one folder."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, connections

from chat.conf import chat_settings
from runs.conf import run_settings
from streams import hub, pool
from streams.group import writer
from streams.hubs.postgres import PostgresHub

# pytest-django reads the settings before it reads this file, so what tests need otherwise is set
# here on the settings themselves, before anything else is imported: no runner but those that
# tests start, no sync to disk, no rates, and a database of its own for each call of pytest.
QUIET = {
    "CAIRN_RUNNER": "off",
    "CAIRN_SQLITE_SYNCHRONOUS": "OFF",
    "CAIRN_RATE_REQUESTS": "",
    "CAIRN_RATE_RUNS": "",
    "CAIRN_RATE_UPLOADS": "",
}
FOLDER = Path(tempfile.mkdtemp(prefix="cairn-tests-"))


def _calm_down() -> None:
    os.environ.update({key: os.environ.get(key, value) for key, value in QUIET.items()})
    settings.RUNS = {**settings.RUNS, "RUNNER": "off"}
    run_settings.cache_clear()
    folders = {"DATA_FOLDER": FOLDER / "data", "WORKSPACE_FOLDER": FOLDER / "workspaces"}
    settings.CHAT = {**settings.CHAT, **folders}
    chat_settings.cache_clear()
    rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    rates.update(dict.fromkeys(rates))
    database = connections.databases["default"]
    if database["ENGINE"].endswith("sqlite3"):
        synchronous = os.environ["CAIRN_SQLITE_SYNCHRONOUS"]
        pragmas = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};"
        database["OPTIONS"]["init_command"] = pragmas
        database["TEST"]["NAME"] = FOLDER / "test.sqlite3"
    else:
        database["TEST"]["NAME"] = FOLDER.name.replace("-", "_").lower()
        _delete_instead_of_truncating()


def _delete_instead_of_truncating() -> None:
    """Empty PostgreSQL's tables the quick way: for a few rows, TRUNCATE takes a hundred times as long."""
    operations: Any = connection.ops
    truncate = operations.sql_flush

    def sql_flush(style: Any, tables: list[str], **wishes: Any) -> list[str]:
        if wishes.get("reset_sequences"):
            return list(truncate(style, tables, **wishes))
        return [f"DELETE FROM {operations.quote_name(table)}" for table in tables]  # noqa: S608

    operations.sql_flush = sql_flush


_calm_down()


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name a test by what every process that collects it sees alike: bytes may hold times."""
    return argname if isinstance(val, bytes) else None


def pytest_configure(config: pytest.Config) -> None:
    """Leave the connections of threads that a test made itself to the collector."""
    config.addinivalue_line("filterwarnings", "ignore:<psycopg.Connection:ResourceWarning")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End what is still connected to PostgreSQL before its database is dropped."""
    yield
    if isinstance(hub.local, PostgresHub):
        hub.local.close()
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("ada")


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("grace")


@pytest.fixture
def real_threads(transactional_db: None):
    """For tests whose threads use the database: closes their connections afterwards."""
    yield
    writer.close()
    pool.shutdown()
