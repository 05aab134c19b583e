"""Questions to a data set: one SELECT over its tables, within limits, and nothing else.

    with Database.open(folder, cancel) as database:
        result = database.select("SELECT count(*) FROM flights WHERE dest = ?", ["MIA"])

`query_refused` is for SQL that is not allowed, `query_failed` for SQL that does not work,
`query_too_long` for SQL that takes too long; the messages are for people, and say what to change.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import duckdb

from agents.base import CancelFlag
from agents.chats import ResultTable
from agents.data import cells, guard, manifest
from agents.data.connection import SECONDS, Connection
from agents.data_model import Scalar
from agents.exceptions import Permanent

MOST_ROWS = 10_000
MOST_CELLS = 500_000
MOST_CHARACTERS = 20_000_000
BATCH = 500
LONGEST_NAME = 200
LONGEST_MESSAGE = 400


class Database:
    """The tables of a folder, for questions. Belongs to one thread; close it, or use `with`."""

    def __init__(self, connection: Connection) -> None:
        self.tables = connection.tables
        self._connection = connection

    @classmethod
    def open(cls, folder: Path | str, cancel: CancelFlag) -> Self:
        """Open the tables that a folder's manifest names; raise Permanent (`no_data`)."""
        path = Path(folder)
        return cls(Connection(cancel, tables=manifest.paths(path, manifest.read(path))))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def select(
        self,
        sql: str,
        values: Sequence[Scalar] = (),
        *,
        most_rows: int = 200,
        seconds: float = SECONDS,
    ) -> ResultTable:
        """Execute one SELECT with its values for `?`; return the first rows and how many there are.

        Fewer rows than `most_rows` are returned where they are very wide, or more than 10,000.
        """
        try:
            with self._connection.running(seconds) as connection:
                statement = guard.checked(connection, sql, self.tables)
                connection.execute("BEGIN TRANSACTION READ ONLY")
                return _result(connection, f"({statement}\n)", list(values), most_rows)
        except duckdb.Error as error:
            raise Permanent(_message(error), code="query_failed") from error
        finally:
            # Only now does nobody interrupt any more.
            self._connection.roll_back()


def _result(
    connection: duckdb.DuckDBPyConnection, query: str, values: list[Any], most_rows: int
) -> ResultTable:
    description = connection.execute(f"SELECT * FROM {query} LIMIT 0", values).description
    types = tuple(str(column[1]).strip('"') for column in description)
    names = [f"c{place}" for place in range(len(types))]
    selected = ", ".join(map(cells.expression, names, types))
    most = max(1, min(most_rows, MOST_ROWS, MOST_CELLS // len(types)))
    connection.execute(
        f"SELECT {selected} FROM {query} AS q({', '.join(names)}) LIMIT {most + 1}", values
    )
    rows, is_all = _rows(connection, most)
    count = len(rows)
    if not is_all:
        [[count]] = connection.execute(f"SELECT count(*) FROM {query}", values).fetchall()
    columns = tuple(str(column[0])[:LONGEST_NAME] for column in description)
    return ResultTable(columns=columns, types=types, rows=tuple(rows), row_count=count)


def _rows(
    connection: duckdb.DuckDBPyConnection, most: int
) -> tuple[list[tuple[Scalar, ...]], bool]:
    """Return the first rows, and whether they are all."""
    rows: list[tuple[Scalar, ...]] = []
    characters = 0
    while batch := connection.fetchmany(BATCH):
        for row in batch:
            found = cells.scalars(row)
            characters += cells.size(found)
            if len(rows) == most or (rows and characters > MOST_CHARACTERS):
                return rows, False
            rows.append(found)
    return rows, True


def _message(error: duckdb.Error) -> str:
    """Return what DuckDB says is wrong, without the excerpt of the SQL that follows it."""
    told = str(error).partition("\n\nLINE ")[0]
    line = " ".join(told.split())[:LONGEST_MESSAGE]
    return f"The query does not work: {line.rstrip('.')}."
