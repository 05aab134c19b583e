"""Steps in the database: what earlier segments of a run reached, and what this one adds."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from runs.clock import after_sql
from runs.lease import Lease
from runs.models import Gate, Step
from streams import log, sql

_STEPS = Step._meta.db_table


@dataclass(slots=True)
class Past:
    """What a run has behind it: results of steps, steps cut off in the middle, its gates.

    While a run is held nobody else adds to these, so they are read once for a segment.
    """

    finished: dict[str, Any]
    interrupted: dict[str, Step]
    gates: dict[str, Gate]


def load(run_id: UUID) -> Past:
    known = list(Step.objects.filter(run_id=run_id))
    gates = Gate.objects.select_related("decided_by").filter(run_id=run_id)
    return Past(
        finished={step.name: step.result for step in known if step.finished_at},
        interrupted={step.name: step for step in known if not step.finished_at},
        gates={gate.name: gate for gate in gates},
    )


def begin(lease: Lease, name: str) -> Step:
    """Write down that a step starts, and from where in the log its events follow."""
    position = log.last_position(lease.stream_id)
    made = sql.row(
        f"INSERT INTO {_STEPS} (run_id, name, fence, from_position, restarts, usage) "  # noqa: S608
        "VALUES (%s, %s, %s, %s, 0, %s) RETURNING id",
        [sql.key(lease.run_id), name, lease.fence, position, sql.json({})],
    )
    assert made is not None
    return Step(
        pk=made[0], run_id=lease.run_id, name=name, fence=lease.fence, from_position=position
    )


def record(lease: Lease, step_id: int, result: Any, usage: dict[str, float]) -> None:
    """Write a step's result, once."""
    present, at_present = after_sql(None, 0)
    sql.run(
        f"UPDATE {_STEPS} SET result = %s, usage = %s, fence = %s, finished_at = {present} "  # noqa: S608
        "WHERE id = %s AND finished_at IS NULL",
        [sql.json(result), sql.json(usage), lease.fence, *at_present, step_id],
    )
