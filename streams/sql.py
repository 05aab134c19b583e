"""SQL for the few statements that are executed for every event.

There, building a query with the ORM costs several times what running it costs. Everything else
uses the ORM. Table and column names are our own; values are always parameters.
"""

import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction


def joined() -> transaction.Atomic:
    """Join the caller's transaction, or begin one, without a savepoint.

    For a decorator or a `with`. An error in it takes the caller's transaction back as well, up
    to the savepoint the caller made, so that nothing half-done can be committed.
    """
    return transaction.atomic(savepoint=False)


def key(value: UUID) -> Any:
    """Return a UUID as this database stores it."""
    return value if connection.features.has_native_uuid_field else value.hex


def keys() -> Callable[[UUID], Any]:
    """Return what `key` does with each value, for many: it asks once which database this is."""
    if connection.features.has_native_uuid_field:
        return _itself
    return operator.attrgetter("hex")


def _itself(value: UUID) -> Any:
    return value


def uuid(value: Any) -> UUID:
    """Return a UUID that was read."""
    return value if isinstance(value, UUID) else UUID(value)


def time(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def json(value: Any) -> Any:
    return connection.ops.adapt_json_value(value, DjangoJSONEncoder)


def row(statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """Run a statement and return its first row, if it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()  # all of them: SQLite ends an UPDATE ... RETURNING only then
        return rows[0] if rows else None


def rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def run(statement: str, values: Sequence[Any]) -> int:
    """Run a statement and return how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def run_many(statement: str, values: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(statement, values[0])
        else:
            cursor.executemany(statement, values)
