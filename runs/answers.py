"""What makes an answer to a gate valid, who has given one, and why one is refused.

Used by `runs.gates` alone, in the transaction that holds the gate's row.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet

from runs import transitions
from runs.clock import moment
from runs.events import GateApproved
from runs.exceptions import AlreadyDecided, GateError, GateExpired, InvalidAnswer, PayloadChanged
from runs.models import Answer, Gate
from streams.events import iso, storable

LONGEST_COMMENT = 5000
APPROVALS = frozenset({"approve", "approve_all"})
NEEDS_COMMENT = frozenset({"revise"})


def open_to(digest: str, now: datetime | None) -> "QuerySet[Gate]":
    """Return the gates that an answer about this payload may still decide."""
    shown = digest if digest.isascii() else ""
    return Gate.objects.filter(state=Gate.State.PENDING, deadline__gt=moment(now), digest=shown)


def check(gate: Gate, decision: str, comment: str, payload: dict[str, Any] | None) -> None:
    """Raise `InvalidAnswer` if the gate does not know the decision, or it lacks something."""
    if decision not in gate.decisions:
        allowed = ", ".join(gate.decisions)
        raise InvalidAnswer(f"decision must be one of: {allowed}.", field="decision")
    if len(comment) > LONGEST_COMMENT:
        raise InvalidAnswer(
            f"comment has {len(comment)} characters; at most {LONGEST_COMMENT} are kept.",
            field="comment",
        )
    if not _is_storable(comment):
        raise InvalidAnswer("comment must not hold NUL or broken characters.", field="comment")
    if not _is_storable(json.dumps(payload, default=str, ensure_ascii=False)):
        raise InvalidAnswer("payload must not hold NUL or broken characters.", field="payload")
    if decision in NEEDS_COMMENT and not comment.strip():
        raise InvalidAnswer("comment must say what to revise.", field="comment")
    if decision == "adjust" and not comment.strip() and not payload:
        raise InvalidAnswer("comment or payload must say what to adjust.", field="comment")


def _is_storable(text: str) -> bool:
    """Whether every database takes the text: no NUL, no half of a surrogate pair."""
    return storable(text) == text and "\\u0000" not in text


def record(gate: Gate, by: User, decision: str, comment: str, via: str) -> None:
    """Write down who answered; somebody who approved among others has been already."""
    Answer.objects.get_or_create(
        gate=gate,
        user=by,
        defaults={
            "decision": decision,
            "comment": comment,
            "digest": gate.digest,
            "via": via,
        },
    )


def is_enough(
    gate: Gate, by: User, digest: str, now: datetime | None, comment: str, via: str
) -> bool:
    """Count this approval; the gate's row is locked, so two cannot count the same."""
    if not open_to(digest, now).filter(pk=gate.pk).exists():
        raise refusal(gate.pk, digest)
    if gate.answers.filter(user=by).exists():
        raise InvalidAnswer("You have approved already; others must too.", field="decision")
    record(gate, by, "approve", comment, via)
    approvals = gate.answers.count()
    transitions.tell(
        gate.run,
        GateApproved(
            gate_id=gate.pk,
            name=gate.name,
            by=by.get_username(),
            approvals=approvals,
            quorum=gate.quorum,
        ),
    )
    return approvals >= gate.quorum


def refusal(gate_id: UUID, digest: str) -> GateError:
    """Say why an answer did not win."""
    gate = Gate.objects.select_related("decided_by").get(pk=gate_id)
    if gate.state == Gate.State.PENDING and gate.digest != digest:
        return PayloadChanged(gate.digest)
    if gate.state == Gate.State.DECIDED:
        return AlreadyDecided(
            decision=gate.decision,
            decided_by=gate.decided_by.get_username() if gate.decided_by else "",
            decided_at=iso(gate.decided_at) if gate.decided_at else "",
            comment=gate.comment,
        )
    if gate.state == Gate.State.WITHDRAWN:
        return GateExpired("The run was stopped; there is nothing to decide any more.")
    return GateExpired("The deadline has passed; this can no longer be decided.")
