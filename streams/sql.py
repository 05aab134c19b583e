"""SQL for the few statements that are executed for every event.

There, building a query with the ORM costs several times what running it costs. Everything else
uses the ORM. Table and column names are our own; values are always parameters.
"""

import operator
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from json import loads
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Model


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


@lru_cache(maxsize=8192)  # the same few streams, runs and sessions again and again
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


def rows_at_once(select: str, columns: Sequence[str], values: Sequence[Any]) -> list[Any]:
    """Run `SELECT columns ...` and return its rows: for many, beside other busy threads.

    SQLite gives the interpreter lock away for each row, and gets it back when another thread is
    willing: up to 5 ms each time. So the database packs them into one.
    """
    names = ", ".join(columns)
    if connection.vendor != "sqlite":
        return rows(f"SELECT {names} {select}", values)
    packed = rows(f"SELECT json_group_array(json_array({names})) {select}", values)
    return list(loads(packed[0][0]))


def change_at_once(
    table: str, change: str, where: str, columns: Sequence[str], values: Sequence[Any]
) -> list[Any]:
    """Update rows in the caller's transaction, and return columns of what was updated."""
    update = f"UPDATE {table} SET {change} {where}"  # noqa: S608 - own names
    if connection.vendor != "sqlite":
        return rows(f"{update} RETURNING {', '.join(columns)}", values)
    run(update, values)
    # What was updated is locked until commit, so this finds the same, with the same values.
    return rows_at_once(f"FROM {table} {where}", columns, values)


def insert(model: type[Model], columns: tuple[str, ...], values: Sequence[Sequence[Any]]) -> None:
    """Insert rows in the quickest way the database has; it fills the columns that are not named."""
    if not values:
        return
    if connection.vendor == "postgresql":
        _copy(model, columns, values)
    else:
        _insert_many(model._meta.db_table, columns, values)


def _copy(model: type[Model], columns: tuple[str, ...], values: Sequence[Sequence[Any]]) -> None:
    """Copy rows: a fourth of the time of INSERT, and a tenth of this process's share of it."""
    table = model._meta.db_table
    into = f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT BINARY)"
    # Django does not know of COPY: what goes wrong is to look as it does everywhere else.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.set_types(_types(model, columns))
        for one in values:
            copy.write_row(one)


@cache
def _types(model: type[Model], columns: tuple[str, ...]) -> list[str]:
    """Return the columns' types, without their lengths: in binary, none is converted."""
    by_column = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    return [(by_column[column] or "").partition("(")[0] for column in columns]


def _insert_many(table: str, columns: tuple[str, ...], values: Sequence[Sequence[Any]]) -> None:
    """Insert rows, up to 64 with one statement: for the same reason as `rows_at_once`.

    In powers of two, so that the database knows each statement already.
    """
    start, size = 0, 64
    while start < len(values):
        while start + size > len(values):
            size //= 2
        some = values[start : start + size]
        run(_insert(table, columns, size), [value for one in some for value in one])
        start += size


@cache
def _insert(table: str, columns: tuple[str, ...], count: int) -> str:
    marks = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * count)}"  # noqa: S608 - own names
