"""Time as the database tells it, so that a worker whose clock is wrong changes nothing.

Functions that compare times take `now`: a test passes a moment, everybody else passes nothing.
"""

from datetime import datetime

from django.db import connection
from django.db.models.functions import Now


def moment(now: datetime | None) -> datetime | Now:
    """Return what to compare columns with."""
    return Now() if now is None else now


def read(now: datetime | None) -> datetime:
    """Return the database's present time as a value."""
    if now is not None:
        return now
    expression = "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')"
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT STATEMENT_TIMESTAMP()")
            value: datetime = cursor.fetchone()[0]
            return value
        cursor.execute(f"SELECT {expression}".replace("%", "%%"), [])
        return datetime.fromisoformat(f"{cursor.fetchone()[0]}+00:00")
