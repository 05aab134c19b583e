"""Copies of a waiting plan, written straight into the database while servers use it.

A waiting plan is rows and nothing else, so its copies wait as it does. Left out are the findings
of its iterations, which hang on numbered rows.
"""

import json
import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from runs import gates
from tests.e2e import house

# Each table with the column that leads to the run, or to its stream.
TABLES = {
    "streams_stream": "id = :stream",
    "runs_run": "id = :run",
    "runs_step": "run_id = :run",
    "runs_gate": "run_id = :run",
    "planning_plan": "run_id = :run",
    "planning_iteration": "plan_id = :plan",
    "planning_checkpoint": "plan_id = :plan",
    "streams_streamevent": "stream_id = :stream",
    "streams_messagechunk": "stream_id = :stream",
}
NUMBERED = frozenset(TABLES) - {"streams_stream", "runs_run", "runs_gate", "planning_plan"}
IDS = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
Rows = list[dict[str, Any]]


def multiply(var: Path, run_id: str, count: int) -> None:
    """Write `count` copies of a run's rows, each with ids of its own, in one transaction."""
    with closing(sqlite3.connect(house.database(var), timeout=30)) as connection, connection:
        connection.row_factory = sqlite3.Row
        original = dict(_rows(connection, uuid.UUID(run_id).hex))
        own = _own_ids(original)
        for _ in range(count):
            new = {old: uuid.uuid4() for old in own}
            for table, rows in original.items():
                _insert(connection, table, [_renamed(row, new) for row in rows])


def _rows(connection: sqlite3.Connection, run: str) -> Iterator[tuple[str, Rows]]:
    found = connection.execute(
        "SELECT r.stream_id, p.id FROM runs_run r JOIN planning_plan p ON p.run_id = r.id"
        " WHERE r.id = ?",
        [run],
    ).fetchone()
    places = {"run": run, "stream": found[0], "plan": found[1]}
    for table, condition in TABLES.items():
        rows = connection.execute(f"SELECT * FROM {table} WHERE {condition}", places)  # noqa: S608 - own names
        yield table, [_unnumbered(table, dict(row)) for row in rows]


def _unnumbered(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id" or table not in NUMBERED}


def _own_ids(original: dict[str, Rows]) -> set[str]:
    """Return the ids of this plan's rows and messages, as 32 digits."""
    own = {row["id"] for rows in original.values() for row in rows if "id" in row}
    return own | {row["message_id"] for row in original["streams_messagechunk"]}


def _renamed(row: dict[str, Any], new: dict[str, uuid.UUID]) -> dict[str, Any]:
    def rename(match: re.Match[str]) -> str:
        written = match.group()
        found = new.get(written.replace("-", ""))
        if found is None:
            return written
        return str(found) if "-" in written else found.hex

    copy = {
        name: IDS.sub(rename, value) if isinstance(value, str) else value
        for name, value in row.items()
    }
    if "payload" in copy:  # what a gate shows names the plan, and its digest covers that
        copy["digest"] = gates.digest(json.loads(copy["payload"]))
    return copy


def _insert(connection: sqlite3.Connection, table: str, rows: Rows) -> None:
    for row in rows:
        places = ", ".join(f":{name}" for name in row)
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608 - own names
        connection.execute(sql, row)
