"""Where decisions are handed in: at this database, or elsewhere by REST."""

from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth.models import User

from runs import actions, gates, shapes
from runs.models import Gate
from runs.terminal.asking import Choice, Shown


class Desk(Protocol):
    def shown(self, gate_id: UUID) -> Shown:
        """Return a gate as it is to be put before somebody."""

    def may_answer(self, shown: Shown) -> bool:
        """Whether it is worth asking; `answer` has the last word."""

    def answer(self, shown: Shown, choice: Choice, digest: str = "") -> dict[str, Any]:
        """Decide and return the gate. Raises `GateError`, by the rules of every other door."""

    def cancel(self, run_id: UUID) -> None:
        """Raises `InvalidTransition`."""


class OwnDesk:
    """The desk of a user of this database."""

    def __init__(self, user: User) -> None:
        self._user = user

    def shown(self, gate_id: UUID) -> Shown:
        return Shown(
            shapes.gate(Gate.objects.select_related("group", "decided_by").get(pk=gate_id))
        )

    def may_answer(self, shown: Shown) -> bool:
        found = Gate.objects.select_related("run__created_by", "group").get(pk=shown.gate["id"])
        return gates.may_answer(self._user, found)

    def answer(self, shown: Shown, choice: Choice, digest: str = "") -> dict[str, Any]:
        gate = gates.answer(
            UUID(shown.gate["id"]),
            by=self._user,
            decision=choice.decision,
            comment=choice.comment,
            payload=choice.payload,
            digest=digest or shown.digest,
            via=Gate.Via.CLI,
        )
        return shapes.gate(gate)

    def cancel(self, run_id: UUID) -> None:
        actions.cancel(run_id, reason=f"Cancelled by {self._user} in a terminal.")
