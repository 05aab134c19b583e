"""What the parts of a message decide: everything that a gate asks about, together, or nothing."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from runs.api.aisdk_body import Approval, Fault, answer
from runs.models import Gate, Run
from tests.factories import make_gate, make_run
from tests.runs.gates_support import state

pytestmark = pytest.mark.django_db
TWO = {"calls": [{"call_id": "one"}, {"call_id": "two"}]}


def asked(by: User, **more: Any) -> Gate:
    decisions = ("approve", "approve_all", "reject")
    run = more.pop("run", None) or make_run(by)
    return make_gate(run, kind="tool", payload=TWO, decisions=decisions, **more)


def said(gate: Gate, number: int, *, is_approved: bool = True, reason: str = "") -> Approval:
    return Approval(id=f"{gate.pk}.{number}", is_approved=is_approved, reason=reason, digest="")


def decide(gate: Gate, *approvals: Approval) -> Gate:
    by = gate.run.created_by
    return answer(approvals, Run.objects.visible_to(by), by=by, via="api")


def test_all_calls_of_a_gate_are_approved_together(user: User):
    gate = asked(user)

    decide(gate, said(gate, 1), said(gate, 2))

    assert state(gate) == ("decided", "approve", "queued")


def test_one_denied_call_denies_all_and_all_reasons_are_kept(user: User):
    """Reliability 19: nothing runs that somebody said no to."""
    gate = asked(user)

    decide(gate, said(gate, 1, reason="Why not."), said(gate, 2, is_approved=False, reason="No."))

    assert state(gate) == ("decided", "reject", "queued")
    assert gate.comment == "Why not.\nNo."


def test_half_an_answer_is_none(user: User):
    gate = asked(user)
    yes_and_no = (said(gate, 1), said(gate, 1, is_approved=False), said(gate, 2))
    whole = Approval(id=str(gate.pk), is_approved=True, reason="", digest="")

    for given in (
        (said(gate, 1),),
        (whole,),
        yes_and_no,
        (said(gate, 1), said(gate, 2), said(gate, 3)),
    ):
        with pytest.raises(Fault):
            decide(gate, *given)

    assert state(gate) == ("pending", "", "waiting")


def test_what_was_decided_before_does_not_keep_a_message_from_answering(user: User):
    """A client that missed how an earlier call went sends its approval again with the next."""
    first = asked(user)
    decide(first, said(first, 1), said(first, 2))
    second = asked(user, run=Run.objects.get(pk=first.run_id), name="tool-2")

    decided = decide(second, said(first, 1), said(first, 2), said(second, 1), said(second, 2))

    assert decided == second
    assert state(second) == ("decided", "approve", "queued")


def test_an_unknown_approval_beside_a_known_one_decides_nothing(user: User):
    gate = asked(user)
    other = Approval(id=str(uuid4()), is_approved=True, reason="", digest="")

    with pytest.raises(Fault):
        decide(gate, said(gate, 1), said(gate, 2), other)

    assert state(gate) == ("pending", "", "waiting")
