"""The Engine protocol."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Engine(Protocol):
    """Both methods are called inside the transaction that changes the run.

    `dispatch` must have an effect only if that transaction commits: a ticket stored in the same
    database does so by itself, others act on commit. `interrupt` is a hint that a cancel was
    requested; a worker that misses it learns of it at its next heartbeat.
    """

    def dispatch(self, run_id: UUID, segment: int, *, not_before: datetime | None) -> None: ...

    def interrupt(self, run_id: UUID) -> None: ...
