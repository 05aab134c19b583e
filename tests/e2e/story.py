"""What a plan left behind, read from the SQLite file and freed of what differs in each run."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.e2e import house

# How often a run was claimed depends on who died; what it told does not.
COMES_AND_GOES = frozenset({"run_state", "run_reassigned"})
OWN = frozenset({"gate_id", "digest", "deadline", "message_id", "duration_ms"})
COUNTED = {
    "runs": "SELECT kind, state, progress, step, error_code FROM runs_run",
    "steps": "SELECT name, restarts, finished_at IS NOT NULL FROM runs_step ORDER BY name",
    "gates": "SELECT name, kind, state, decision, via FROM runs_gate ORDER BY created_at",
    "answers": "SELECT g.name, a.decision FROM runs_answer a JOIN runs_gate g"
    " ON g.id = a.gate_id ORDER BY a.id",
    "plans": "SELECT goal, final_plan FROM planning_plan",
    "iterations": "SELECT number, focus, frameworks, insights, finished_at IS NOT NULL"
    " FROM planning_iteration ORDER BY number",
    "data points": "SELECT i.number, p.label, p.value FROM planning_datapoint p"
    " JOIN planning_iteration i ON i.id = p.iteration_id ORDER BY p.id",
    "findings": "SELECT framework, cell, text FROM planning_finding ORDER BY id",
    "gaps": "SELECT framework, cell, task FROM planning_gapfound ORDER BY id",
    "checkpoints": "SELECT number, iteration, summary, deltas FROM planning_checkpoint ORDER BY id",
    "entities": "SELECT slug, title, body FROM planning_entity",
    "chunks": "SELECT sequence, text, is_last FROM streams_messagechunk ORDER BY id",
}


Place = Path | str  # a folder with an SQLite file, or the address of a PostgreSQL database


def query(var: Place, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Read the database of a process that may be alive, dead or half-way."""
    if isinstance(var, str):
        with psycopg.connect(var) as reading:
            return reading.execute(sql.encode(), values).fetchall()
    with closing(sqlite3.connect(f"file:{house.database(var)}?mode=ro", uri=True)) as connection:
        return connection.execute(sql, values).fetchall()


def bodies(var: Place) -> list[dict[str, Any]]:
    """Return the events of the only stream as its inline readers get them, in order."""
    rows = query(
        var,
        "SELECT e.body, c.text FROM streams_streamevent e LEFT JOIN streams_messagechunk c"
        " ON c.message_id = e.message_id AND c.sequence = e.sequence ORDER BY e.position",
    )
    events = [json.loads(body) for body, _ in rows]
    for event, (_, text) in zip(events, rows, strict=True):
        if text is not None:
            event["data"]["content"] = text
    return events


def log(var: Place) -> list[tuple[str, dict[str, Any]]]:
    """Return (type, data) of each event that does not depend on who worked when."""
    return told(bodies(var))


def told(events: Sequence[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (event["type"], {name: v for name, v in event["data"].items() if name not in OWN})
        for event in events
        if event["type"] not in COMES_AND_GOES
    ]


def rows(var: Place) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the tables hold, without ids and times."""
    return {name: query(var, sql) for name, sql in COUNTED.items()}


def positions(var: Place) -> list[int]:
    sql = "SELECT position FROM streams_streamevent ORDER BY position"
    return [position for (position,) in query(var, sql)]
