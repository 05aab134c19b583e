"""The Engine protocol."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from runs.models import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a worker is asked: advance this run by this segment."""

    run_id: UUID
    segment: int
    kind: str  # of the run; a worker may take some kinds only

    @classmethod
    def of(cls, run: "Run") -> "Ticket":
        return cls(run_id=run.pk, segment=run.segment, kind=run.kind)


class Engine(Protocol):
    """All methods are called inside the transaction that changes the run.

    `dispatch` must have an effect only if that transaction commits: a ticket stored in the same
    database does so by itself, others act on commit. `interrupt` is a hint that a cancel was
    requested; a worker that misses it learns of it at its next heartbeat. `repair` is told of
    runs that nobody claimed for a while: it carries their tickets again where they were lost,
    and clears away what dead workers left.
    """

    def dispatch(self, ticket: Ticket, *, not_before: datetime | None) -> None: ...

    def interrupt(self, run_id: UUID) -> None: ...

    def repair(self, stuck: Sequence[Ticket]) -> int:
        """Return how many tickets were carried again."""
        ...
