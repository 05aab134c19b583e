"""A locked connection to the tables of one folder: it reads those files and does nothing else."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import duckdb

from agents.base import CancelFlag
from agents.data.manifest import Manifest
from agents.data.naming import literal, quoted
from agents.data.watching import watched
from agents.exceptions import Cancelled, Permanent

MEMORY = "1GB"
THREADS = 2
SECONDS = 10.0

TOO_LONG = (
    "The question takes more than {seconds:g} seconds to work out. "
    "Ask about fewer rows, or for totals instead of single rows."
)
TOO_MUCH = (
    "The question needs more memory than is allowed. "
    "Ask about fewer rows or columns, or for totals instead of single rows."
)
LOST = "The tables of the data set cannot be read. Load its files again."


def connect(**config: str | bool | int | float | list[str]) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database in memory that loads no extensions and spills nothing."""
    fixed: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,
    }
    connection = duckdb.connect(":memory:", config={**fixed, **config})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


class Connection:
    """The tables of a folder, each by its name. What it is given is trusted: see `querying`."""

    def __init__(self, folder: Path, manifest: Manifest, cancel: CancelFlag) -> None:
        self.tables = tuple(table.name for table in manifest.tables)
        self._cancel = cancel
        self._connection = connect()
        try:
            self._connect(folder.resolve(), manifest)
        except duckdb.Error as error:
            self._connection.close()
            raise Permanent(LOST, code="no_data") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def rows(self, sql: str, values: Sequence[Any] = (), *, seconds: float = 0) -> list[Any]:
        """Execute trusted SQL and return all rows; without `seconds`, only the flag ends it."""
        deadline = time.monotonic() + (seconds or float("inf"))
        with self.running(deadline, seconds) as connection:
            return connection.execute(sql, list(values)).fetchall()

    @contextmanager
    def running(self, deadline: float, seconds: float) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give the bare connection; turn what goes wrong on it into the errors of a step."""
        if self._cancel.is_set():
            raise Cancelled
        with watched(self._connection, self._cancel, deadline) as watch:
            try:
                yield self._connection
            except duckdb.InterruptException as error:
                if watch.is_cancelled:
                    raise Cancelled from error
                message = TOO_LONG.format(seconds=seconds)
                raise Permanent(message, code="query_too_long") from error
            except (duckdb.OutOfMemoryException, MemoryError) as error:
                raise Permanent(TOO_MUCH, code="query_failed") from error
            except (duckdb.IOException, duckdb.PermissionException) as error:
                raise Permanent(LOST, code="query_failed") from error

    def _connect(self, folder: Path, manifest: Manifest) -> None:
        paths = [literal(str(folder / table.file)) for table in manifest.tables]
        for table, path in zip(manifest.tables, paths, strict=True):
            self._connection.execute(
                f"CREATE VIEW {quoted(table.name)} AS FROM read_parquet({path})"
            )
        self._connection.execute(f"SET allowed_paths = [{', '.join(paths)}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")
