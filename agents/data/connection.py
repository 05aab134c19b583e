"""A locked DuckDB: it reads the files it was opened for, and nothing else of the machine."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import duckdb

from agents.base import CancelFlag
from agents.data.naming import literal, quoted
from agents.data.watching import watched
from agents.exceptions import Cancelled, Permanent

MEMORY = "1GB"
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

FIXED: Mapping[str, Any] = {
    "memory_limit": MEMORY,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
}


class Connection:
    """Belongs to one thread. What it is given to execute is trusted: see `querying`.

    `tables` become views by their names, `files` may be read by their paths, and `scratch` is a
    folder to write to, also with what does not fit into memory. Without one nothing is written.
    With one thread, sums of floats are the same each time.
    """

    def __init__(
        self,
        cancel: CancelFlag,
        *,
        tables: Mapping[str, Path] | None = None,
        files: Sequence[Path] = (),
        scratch: Path | None = None,
        threads: int = 1,
    ) -> None:
        self.tables = tuple(tables or ())
        self._cancel = cancel
        spill = str(scratch / "spill") if scratch else ""
        self._connection = duckdb.connect(
            ":memory:", config={**FIXED, "temp_directory": spill, "threads": threads}
        )
        try:
            self._prepare(tables or {}, files, scratch)
        except duckdb.Error as error:
            self._connection.close()
            raise Permanent(LOST, code="no_data") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def check(self) -> None:
        """Raise Cancelled if nobody wants the result any more."""
        if self._cancel.is_set():
            raise Cancelled

    def roll_back(self) -> None:
        """End the transaction that was begun, if one was."""
        with suppress(duckdb.TransactionException):
            self._connection.rollback()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute trusted SQL and return all rows; only the flag ends it."""
        with self.running() as connection:
            return connection.execute(sql, list(values)).fetchall()

    def described(self, source: str) -> list[tuple[str, str]]:
        """Return the names and types of the columns of what may stand after FROM."""
        with self.running() as connection:
            found = connection.execute(f"FROM {source} LIMIT 0").description
        return [(str(column[0]), str(column[1]).strip('"')) for column in found]

    @contextmanager
    def running(self, seconds: float = 0) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give the bare connection; turn what goes wrong on it into the errors of a step.

        Without `seconds`, only the flag ends what runs. DuckDB's errors about the SQL itself
        are passed on.
        """
        self.check()
        deadline = time.monotonic() + seconds if seconds else float("inf")
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
                raise Permanent(LOST, code="no_data") from error

    def _prepare(
        self, tables: Mapping[str, Path], files: Sequence[Path], scratch: Path | None
    ) -> None:
        paths = [literal(str(path.resolve())) for path in (*tables.values(), *files)]
        folders = [literal(str(scratch.resolve()))] if scratch else []
        self._connection.execute("SET TimeZone = 'UTC'")
        # The files never change: each footer is read once.
        self._connection.execute("SET parquet_metadata_cache = true")
        for name, path in zip(tables, paths, strict=False):
            self._connection.execute(f"CREATE VIEW {quoted(name)} AS FROM read_parquet({path})")
        self._connection.execute(f"SET allowed_paths = [{', '.join(paths)}]")
        self._connection.execute(f"SET allowed_directories = [{', '.join(folders)}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")
