"""The embedded engine: tickets for an asyncio runner inside the serving process.

The queued row is the ticket; the runner is told of it after commit. A row that no runner was
told of (another process queued it, or the one that did has died) is found by the sweep.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from runs.engines.base import Ticket


class Worker(Protocol):
    """Who works in this process; both methods may be called on any thread."""

    def take(self, run_id: UUID, segment: int, delay_seconds: float) -> None: ...

    def interrupt(self, run_id: UUID) -> None: ...


class EmbeddedEngine:
    """Hands tickets to this process's worker, if it has one."""

    def __init__(self) -> None:
        self.worker: Worker | None = None

    def dispatch(self, ticket: Ticket, *, not_before: datetime | None) -> None:
        delay = (not_before - timezone.now()).total_seconds() if not_before else 0.0
        self._after_commit(
            lambda worker: worker.take(ticket.run_id, ticket.segment, max(0.0, delay))
        )

    def interrupt(self, run_id: UUID) -> None:
        self._after_commit(lambda worker: worker.interrupt(run_id))

    def repair(self, stuck: Sequence[Ticket]) -> int:
        for ticket in stuck:
            self.dispatch(ticket, not_before=None)
        return len(stuck)

    def _after_commit(self, call: Callable[[Worker], None]) -> None:
        transaction.on_commit(partial(self._call, call), robust=True)

    def _call(self, call: Callable[[Worker], None]) -> None:
        if self.worker is not None:
            call(self.worker)
