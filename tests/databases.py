"""Which database a run of the tests uses: SQLite, or what DATABASE_URL names."""

from urllib.parse import quote

import pytest
from django.db import connection


def sqlite_only(reason: str) -> pytest.MarkDecorator:
    """Return the mark of a test that has no meaning on PostgreSQL, and why."""
    return pytest.mark.skipif(connection.vendor != "sqlite", reason=f"SQLite only: {reason}")


def address() -> str:
    """Return the address of this test's database, for a process that shall share it."""
    place = {name: str(value) for name, value in connection.settings_dict.items()}
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    who = f"{quote(place['USER'])}:{quote(place['PASSWORD'])}"
    return f"postgres://{who}@{place['HOST']}:{place['PORT'] or 5432}/{place['NAME']}"
