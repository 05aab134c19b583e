"""Databases to measure on: SQLite in the site's folder, or a fresh one on a PostgreSQL server."""

import contextlib
import os
import sys
from collections.abc import Iterator
from uuid import uuid4

import psycopg

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
SERVER = os.environ.get("BENCH_POSTGRESQL", "postgres://postgres@127.0.0.1:5432/postgres")


def available() -> list[str]:
    """Return the databases that answer; says so if PostgreSQL does not."""
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        print(f"**** WITHOUT PostgreSQL: {error} ****", file=sys.stderr)
        return [SQLITE]
    return [SQLITE, POSTGRESQL]


@contextlib.contextmanager
def fresh(database: str) -> Iterator[str]:
    """Yield the address of an empty database; no address means SQLite's default file."""
    if database == SQLITE:
        yield ""
        return
    name = f"cairn_bench_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
