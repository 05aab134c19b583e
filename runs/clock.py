"""Time as the database tells it, so that a worker whose clock is wrong changes nothing.

Functions that compare times take `now`: a test passes a moment, everybody else passes nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from streams import sql

_SQLITE = "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'now', %s)"


def moment(now: datetime | None) -> datetime | Now:
    """Return what to compare columns with."""
    return Now() if now is None else now


def read(now: datetime | None) -> datetime:
    """Return the database's present time as a value."""
    if now is not None:
        return now
    statement, values = after_sql(None, 0)
    found = sql.row(f"SELECT {statement}", values)
    assert found is not None
    value = found[0]
    return value if isinstance(value, datetime) else datetime.fromisoformat(f"{value}+00:00")


def after_sql(now: datetime | None, seconds: float) -> tuple[str, list[Any]]:
    """Return SQL, and its values, for the moment so many seconds from now."""
    if now is not None:
        return "%s", [sql.time(now + timedelta(seconds=seconds))]
    if connection.vendor == "sqlite":
        return _SQLITE, [f"{seconds:+.3f} seconds"]
    return "STATEMENT_TIMESTAMP() + %s", [timedelta(seconds=seconds)]
