"""SQLite files: their tables, with the keys that they declare. Nothing in the file is executed.

Views, virtual tables and generated columns are left out: they are programs of whoever wrote the
file, and reading them would run them.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import duckdb

from agents.data import delimited, text_types
from agents.data.cell_rows import NULL, CellWriter
from agents.data.limits import check_columns, check_rows, corrupt, empty, too_large
from agents.data.manifest import ForeignKey
from agents.data.naming import column_names, literal, quoted
from agents.data.work import Found, Upload, Work
from agents.exceptions import Cancelled

BATCH = 2_000
STEPS = 10_000  # of SQLite's machine, between two looks at the cancel flag
LONGEST_CELL = 10_000_000


@dataclass(frozen=True, slots=True)
class Declared:
    """A table as its file declares it: `names` are what its columns are called here."""

    title: str
    columns: tuple[str, ...]
    names: tuple[str, ...]
    primary_key: tuple[str, ...]


def tables(upload: Upload, work: Work) -> Iterator[Found]:
    """Find the tables of the file, in the order of their names."""
    cancelled: list[Cancelled] = []

    def look() -> int:
        try:
            work.check()
        except Cancelled as error:
            cancelled.append(error)
        return len(cancelled)

    try:
        with closing(_open(upload)) as database:
            database.set_progress_handler(look, STEPS)
            declared = _declared(database, upload, work)
            for table in declared.values():
                yield _table(database, table, declared, upload, work)
    except (sqlite3.Error, OverflowError, duckdb.Error) as error:
        if cancelled:
            raise cancelled[0] from error
        raise corrupt(upload.name, "it is no SQLite file, or a damaged one") from error


def _open(upload: Upload) -> sqlite3.Connection:
    database = sqlite3.connect(
        f"{upload.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    return database


def _declared(database: sqlite3.Connection, upload: Upload, work: Work) -> dict[str, Declared]:
    listed = database.execute("PRAGMA main.table_list").fetchall()
    titles = sorted(
        title
        for _, title, kind, *_ in listed
        if kind == "table" and not title.lower().startswith("sqlite_")
    )
    if not titles:
        raise empty(upload.name, "has no tables")
    if len(titles) > work.limits.tables:
        advice = "Delete the tables that do not matter from a copy of it."
        raise too_large(upload.name, f"{len(titles)} tables", f"{work.limits.tables}", advice)
    found = {}
    for title in titles:
        rows = database.execute(f"PRAGMA main.table_xinfo({quoted(title)})").fetchall()
        stored = [row for row in rows if row[6] == 0]
        columns = tuple(row[1] for row in stored)
        check_columns(f"{upload.name}: {title}", len(columns), work.limits)
        names = column_names(columns)
        ranks = sorted((row[5], name) for row, name in zip(stored, names, strict=True) if row[5])
        key = tuple(name for _, name in ranks)
        found[title.casefold()] = Declared(title, columns, names, key)
    return found


def _table(
    database: sqlite3.Connection,
    table: Declared,
    declared: dict[str, Declared],
    upload: Upload,
    work: Work,
) -> Found:
    path = work.path(".csv")
    listed = ", ".join(map(quoted, table.columns))
    cursor = database.execute(f"SELECT {listed} FROM main.{quoted(table.title)}")
    with CellWriter(path, len(table.columns)) as writer:
        while rows := cursor.fetchmany(BATCH):
            work.check()
            writer.write(rows)
            check_rows(f"{upload.name}: {table.title}", writer.rows, work.limits)
    shape = delimited.Shape(",", 0, has_header=False, names=table.names)
    raw = delimited.as_texts(work, path, shape, nulls=(NULL,))
    source = f"read_parquet({literal(str(raw))})"
    typed = text_types.typed(work, source, table.names, only_text=writer.only_text)
    return Found(
        title=table.title,
        source=f"{upload.name}: {table.title}",
        select=typed.select,
        primary_key=table.primary_key,
        foreign_keys=tuple(_foreign_keys(database, table, declared)),
        notes=typed.notes,
    )


def _foreign_keys(
    database: sqlite3.Connection, table: Declared, declared: dict[str, Declared]
) -> Iterator[ForeignKey]:
    rows = database.execute(f"PRAGMA main.foreign_key_list({quoted(table.title)})").fetchall()
    for number in sorted({row[0] for row in rows}):
        parts = sorted((row for row in rows if row[0] == number), key=lambda row: int(row[1]))
        target = declared.get(str(parts[0][2]).casefold())
        if target is None:
            continue
        columns = _named([part[3] for part in parts], table)
        # Without named columns the primary key is meant.
        named = [part[4] for part in parts]
        to_columns = _named(named, target) if all(named) else target.primary_key
        if columns and len(columns) == len(to_columns):
            yield ForeignKey(columns=columns, to_table=target.title, to_columns=to_columns)


def _named(columns: Sequence[str], table: Declared) -> tuple[str, ...]:
    """Return what the columns are called here; nothing if one of them is not there."""
    known = {
        column.casefold(): name for column, name in zip(table.columns, table.names, strict=True)
    }
    found = [known.get(column.casefold()) for column in columns]
    return tuple(name for name in found if name) if all(found) else ()
