"""Seals: each decision of a run is chained by its hash to the one before it.

A seal is the SHA-256 of the seal before and of everything that was asked and decided. Whoever
alters, adds or takes away a decision behind the application's back breaks the chain from there
on; `manage.py verify_run` names the place. A seal is proof against a changed row, not against
somebody who may rewrite the whole database: who fears that keeps the last seal elsewhere.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from runs.digests import digest
from runs.models import Gate

UNSEALED = "unsealed"  # of gates that were decided before there were seals
CLOSED = frozenset({Gate.State.DECIDED, Gate.State.EXPIRED})


def seal(gate: Gate) -> None:
    """Seal a gate that was decided in this transaction; its run is locked, so no other is."""
    earlier = Gate.objects.filter(run_id=gate.run_id).exclude(seal__in=("", UNSEALED))
    before = earlier.order_by("-created_at").values_list("seal", flat=True).first() or ""
    gate.seal = seal_of(gate, before)
    gate.save(update_fields=["seal"])


def seal_of(gate: Gate, before: str) -> str:
    """Return the seal of a gate as it is now, after the seal `before`."""
    answers = gate.answers.order_by("pk").values_list(
        "user_id", "decision", "comment", "digest", "via", "created_at"
    )
    return digest(
        {
            "before": before,
            "gate": str(gate.pk),
            "run": str(gate.run_id),
            "asked": [gate.kind, gate.name, gate.question, gate.digest, gate.decisions],
            "policy": [
                _iso(gate.deadline),
                gate.on_expiry,
                gate.group_id,
                gate.owner_may_answer,
                gate.quorum,
                _iso(gate.created_at),
            ],
            "decided": [
                gate.state,
                gate.decision,
                gate.decided_by_id,
                _iso(gate.decided_at),
                gate.comment,
                gate.answer,
                gate.via,
            ],
            "answers": [[*rest, _iso(moment)] for *rest, moment in answers],
        }
    )


def _iso(moment: datetime | None) -> Any:
    return None if moment is None else moment.isoformat(timespec="microseconds")


def broken(gates: Sequence[Gate]) -> Iterator[str]:
    """Yield what is wrong with the chain of a run's gates, which are in the order of asking."""
    before = ""
    for gate in gates:
        if gate.state not in CLOSED:
            if gate.seal:
                yield f"gate {gate.name} is {gate.state}, but bears the seal of a decision"
        elif gate.seal == UNSEALED and not before:
            continue
        elif gate.seal in ("", UNSEALED):
            yield f"gate {gate.name} was decided without a seal"
        elif gate.seal != seal_of(gate, before):
            yield (
                f"gate {gate.name} was altered after it was sealed, "
                "or a decision before it was altered, added or taken away"
            )
        before = before if gate.seal in ("", UNSEALED) else gate.seal
