"""The distributed engine: tickets are rows that procrastinate carries to `manage.py worker`.

A ticket is deferred through Django's own connection, so it commits with what it is for, and needs
no outbox. Tickets have no locks: those of a dead worker would keep others from the run.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.sql import queries

from runs.conf import run_settings
from runs.engines.base import Ticket

TASK = "runs.advance"
INTERRUPTS = "cairn_interrupts"  # the channel that tells workers whom to stop

# Tickets that a worker took along when it died. Their runs are found by their leases.
_CLEAR = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT id FROM procrastinate_jobs
    WHERE task_name = %s AND status = 'doing' AND worker_id IS NULL
    FOR UPDATE SKIP LOCKED
)
"""
_WAITING = """
SELECT args->>'run' FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'
AND args->>'run' = ANY(%s)
"""


class ProcrastinateEngine:
    """Carries tickets in the queue that is named like the run's kind."""

    def dispatch(self, ticket: Ticket, *, not_before: datetime | None) -> None:
        with _database_errors():
            app.configure_task(
                TASK, queue=ticket.kind, schedule_at=not_before, allow_unknown=True
            ).defer(run=str(ticket.run_id), segment=ticket.segment)

    def interrupt(self, run_id: UUID) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [INTERRUPTS, str(run_id)])

    def repair(self, stuck: Sequence[Ticket]) -> int:
        with _database_errors():
            app.connector.execute_query_all(
                queries["prune_stalled_workers"],
                seconds_since_heartbeat=run_settings().lease_seconds,
            )
        with connection.cursor() as cursor:
            cursor.execute(_CLEAR, [TASK])
            if not stuck:
                return 0
            cursor.execute(_WAITING, [TASK, [str(ticket.run_id) for ticket in stuck]])
            waiting = {row[0] for row in cursor.fetchall()}
        lost = [ticket for ticket in stuck if str(ticket.run_id) not in waiting]
        for ticket in lost:
            self.dispatch(ticket, not_before=None)
        return len(lost)


@contextmanager
def _database_errors() -> Iterator[None]:
    """Raise what the database refused as Django does, so that callers need not know of this."""
    try:
        yield
    except ConnectorException as error:
        raise OperationalError(str(error.__cause__ or error)) from error
