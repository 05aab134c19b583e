"""Gates: opened by a worker, answered once by a person, or closed by the deadline.

Every door (web, REST, admin, command line) answers through `answer`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Q

from runs import answers, counters, handlers, seals, transitions
from runs.clock import moment, read
from runs.conf import run_settings
from runs.digests import digest as digest  # also for those who show a payload
from runs.events import GateAnswered, GateExpired, GateOpened, RunExpired, RunRejected
from runs.exceptions import NotAllowed, PayloadChanged
from runs.lease import Lease
from runs.models import Gate, Run
from streams.events import iso
from streams.exceptions import Fenced

LONGEST_COMMENT = answers.LONGEST_COMMENT
# At these gates a rejection stops the run; a denied tool call or question does not.
STOPPING = frozenset({Gate.Kind.PROPOSAL, Gate.Kind.CHECKPOINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may answer, until when, and what follows if nobody does."""

    deadline_seconds: float | None = None
    on_expiry: str = Gate.Expiry.EXPIRE
    group: Group | None = None
    owner_may_answer: bool = True
    quorum: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a run asks. `name` is unique in the run, so a resumed run finds its own gate again."""

    kind: str
    name: str
    text: str
    payload: dict[str, Any]
    decisions: tuple[str, ...]
    policy: Policy = Policy()


_digest = digest  # `answer` has a parameter of that name


def open_gate(lease: Lease, question: Question, *, now: datetime | None = None) -> Gate:
    """Stop the run until a person answers. The worker is free as soon as this commits."""
    policy = question.policy
    seconds = policy.deadline_seconds or run_settings().gate_deadline_seconds
    gate = Gate.objects.create(
        run_id=lease.run_id,
        kind=question.kind,
        name=question.name,
        question=question.text[:500],
        payload=question.payload,
        digest=digest(question.payload),
        decisions=list(question.decisions),
        deadline=read(now) + timedelta(seconds=seconds),
        on_expiry=policy.on_expiry,
        group=policy.group,
        owner_may_answer=policy.owner_may_answer,
        quorum=policy.quorum,
    )
    if not transitions.wait(lease.run_id, lease.condition):
        raise Fenced(f"Run {lease.run_id} is no longer held with fence {lease.fence}.")
    return gate


def opened(gate: Gate) -> GateOpened:
    """Return the event that tells of a gate."""
    return GateOpened(
        gate_id=gate.pk,
        kind=gate.kind,
        name=gate.name,
        digest=gate.digest,
        deadline=iso(gate.deadline),
        decisions=tuple(gate.decisions),
        question=gate.question,
    )


def may_answer(user: User, gate: Gate) -> bool:
    """Whether the user may answer: the owner unless four eyes are asked for, the gate's group,
    and whoever has the permission. The owner of a four-eyes gate may not, whatever else they are.
    """
    if not user.is_active:
        return False
    if gate.run.created_by_id == user.pk:
        return gate.owner_may_answer
    if gate.group_id and user.groups.filter(pk=gate.group_id).exists():
        return True
    return user.has_perm("runs.answer_gate")


@transaction.atomic
def answer(
    gate_id: UUID,
    *,
    by: User,
    decision: str,
    digest: str,
    via: str,
    comment: str = "",
    payload: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> Gate:
    """Decide a gate, once. The run goes on, or ends, in the same transaction.

    `digest` is that of the payload the user was shown. Raises `NotAllowed`, `InvalidAnswer`,
    `AlreadyDecided`, `PayloadChanged`, `GateExpired` and `Gate.DoesNotExist`; then nothing
    has changed.
    """
    gate = _locked(gate_id)
    if not may_answer(by, gate):
        raise NotAllowed(_who(gate))
    answers.check(gate, decision, comment, payload)
    if _digest(gate.payload) != gate.digest:
        raise PayloadChanged(gate.digest)  # altered behind our back, after it was shown
    if (
        gate.quorum > 1
        and decision in answers.APPROVALS
        and not answers.is_enough(gate, by, digest, now, comment, via)
    ):
        return gate
    decided = (
        answers.open_to(digest, now)
        .filter(pk=gate_id)
        .update(
            state=Gate.State.DECIDED,
            decision=decision,
            decided_by=by,
            decided_at=moment(now),
            comment=comment,
            answer=payload,
            via=via,
        )
    )
    if not decided:
        raise answers.refusal(gate_id, digest)
    gate.refresh_from_db()
    answers.record(gate, by, decision, comment, via)
    seals.seal(gate)
    transitions.tell(
        gate.run,
        GateAnswered(
            gate_id=gate.pk,
            kind=gate.kind,
            name=gate.name,
            decision=decision,
            decided_by=by.get_username(),
            via=via,
            comment=comment,
        ),
    )
    _proceed(gate)
    return gate


def _locked(gate_id: UUID) -> Gate:
    """Return the gate, locked after its run: in the order in which a cancel locks them."""
    Run.objects.select_for_update().filter(gates=gate_id).first()
    return Gate.objects.select_for_update(of=("self",)).select_related("run").get(pk=gate_id)


def _who(gate: Gate) -> str:
    if not gate.owner_may_answer:
        return "Somebody else than the run's owner must decide (four eyes)."
    return "You may not decide here; ask the run's owner."


def _proceed(gate: Gate) -> None:
    """Tell what the gate's answer means, then let the run go on or end."""
    run = gate.run
    if more := handlers.find(run.kind).gate_closed(gate):
        transitions.tell(run, *more)
    if gate.decision == "reject" and gate.kind in STOPPING:
        event = RunRejected(
            gate_id=gate.pk,
            decided_by=gate.decided_by.get_username() if gate.decided_by else "",
            comment=gate.comment,
        )
        moved = transitions.finish(run.pk, Q(), state=Run.State.REJECTED, event=event)
    elif gate.state == Gate.State.EXPIRED:
        moved = transitions.finish(
            run.pk, Q(), state=Run.State.EXPIRED, event=RunExpired(gate_id=gate.pk)
        )
    else:
        moved = transitions.queue(
            run.pk, Q(state=Run.State.WAITING), reason="answered", next_segment=True, attempts=0
        )
    if not moved:
        raise RuntimeError(f"Gate {gate.pk} was pending but run {run.pk} did not wait for it.")


def overdue(now: datetime | None = None) -> list[UUID]:
    """Return the pending gates whose deadline has passed."""
    return list(
        Gate.objects.filter(state=Gate.State.PENDING, deadline__lte=moment(now)).values_list(
            "pk", flat=True
        )
    )


@transaction.atomic
def expire(gate_id: UUID, *, now: datetime | None = None) -> bool:
    """Close a gate whose deadline has passed, by its policy; False if somebody was faster."""
    gate = _locked(gate_id)
    decision = "" if gate.on_expiry == Gate.Expiry.EXPIRE else str(gate.on_expiry)
    changed = Gate.objects.filter(
        pk=gate_id, state=Gate.State.PENDING, deadline__lte=moment(now)
    ).update(
        state=Gate.State.DECIDED if decision else Gate.State.EXPIRED,
        decision=decision,
        decided_at=moment(now),
        via=Gate.Via.POLICY,
        comment="Nobody answered before the deadline.",
    )
    if not changed:
        return False
    gate.refresh_from_db()
    seals.seal(gate)
    transaction.on_commit(
        partial(counters.gates_expired.add, gate.kind, gate.on_expiry), robust=True
    )
    transitions.tell(
        gate.run,
        GateExpired(gate_id=gate.pk, kind=gate.kind, name=gate.name, policy=gate.on_expiry),
    )
    _proceed(gate)
    return True
