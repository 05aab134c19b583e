"""A gate is answered once, by somebody who may, about what was shown, in time."""

import pytest
from django.contrib.auth.models import Group, Permission

from runs import actions, gates
from runs.exceptions import (
    GateExpired,
    InvalidAnswer,
    PayloadChanged,
)
from runs.gates import Policy
from runs.models import Answer, Gate, Run
from streams.exceptions import Fenced
from tests.factories import (
    Noted,
    advance,
    answer,
    at_once,
    held,
    make_gate,
    make_run,
    make_user,
    register,
    types,
)
from tests.runs.gates_support import allow, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_rejection_is_enough_where_two_must_approve():
    people = [allow(make_user()) for _ in range(2)]
    gate = make_gate(policy=Policy(quorum=2))

    answer(gate, people[0])
    answer(gate, people[1], "reject")

    assert state(gate) == ("decided", "reject", "rejected")


def test_approvals_that_race_are_counted_once_each():
    """Reliability 4."""
    people = [allow(make_user(f"racer-{number}")) for number in range(8)]
    gate = make_gate(policy=Policy(quorum=3))

    results = at_once(16, lambda number: answer(gate, people[number % 8]))

    assert Answer.objects.filter(gate=gate).count() == 3
    assert state(gate) == ("decided", "approve", "queued")
    assert sum(isinstance(result, Gate) for result in results) == 3, results
    assert Run.objects.get(pk=gate.run_id).segment == 2


@pytest.mark.parametrize("quorum", [1, 2])
def test_an_approval_of_something_else_or_too_late_is_not_counted(quorum):
    gate = make_gate(policy=Policy(quorum=quorum))

    with pytest.raises(PayloadChanged):
        answer(gate, digest="0" * 64)
    with pytest.raises(GateExpired):
        answer(gate, now=gate.deadline)

    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"decision": "perhaps"}, "decision"),
        ({"decision": ""}, "decision"),
        ({"decision": "revise"}, "comment"),
        ({"decision": "revise", "comment": " \n "}, "comment"),
        ({"decision": "adjust"}, "comment"),
        ({"comment": "x" * 5001}, "comment"),
        ({"comment": "a\0b"}, "comment"),
        ({"comment": "\ud83d"}, "comment"),
        ({"decision": "adjust", "payload": {"a": ["\0"]}}, "payload"),
        ({"decision": "adjust", "payload": {"\udc00": 1}}, "payload"),
    ],
)
def test_an_answer_that_cannot_be_understood_names_the_field_to_mend(parts, field):
    gate = make_gate()

    with pytest.raises(InvalidAnswer) as error:
        answer(gate, **parts)

    assert list(error.value.details()["fields"]) == [field]
    assert state(gate) == ("pending", "", "waiting")


def test_a_long_comment_and_a_payload_are_kept_with_the_decision():
    gate = make_gate()

    answer(gate, decision="adjust", comment="é" * 5000, payload={"max_iterations": 3})

    gate.refresh_from_db()
    assert (len(gate.comment), gate.answer, gate.via) == (5000, {"max_iterations": 3}, "api")
    assert Answer.objects.get(gate=gate).comment == gate.comment


def test_the_gate_of_a_cancelled_run_is_withdrawn_and_answers_are_refused():
    gate = make_gate()

    actions.cancel(gate.run_id)

    assert state(gate) == ("withdrawn", "", "cancelled")
    with pytest.raises(GateExpired, match="stopped"):
        answer(gate)


@pytest.mark.parametrize("turn", range(3))
def test_cancel_and_approval_race_and_the_run_ends_up_cancelled_once(turn):
    gate = make_gate()

    at_once(6, lambda number: answer(gate) if number % 2 else actions.cancel(gate.run_id))

    assert state(gate) in {
        ("decided", "approve", "cancelled"),  # approved first, then cancelled while queued
        ("withdrawn", "", "cancelled"),
    }
    assert types(gate.run).count("run_cancelled") == 1


def test_an_approval_that_is_rolled_back_leaves_the_run_waiting(monkeypatch):
    """Reliability 5: state, event, audit row and ticket commit together, or not at all."""

    def fail(gate: Gate) -> list[Noted]:
        raise ZeroDivisionError

    gate = make_gate(make_run(kind=register("fails-late", gate_closed=fail)))
    before = types(gate.run)

    with pytest.raises(ZeroDivisionError):
        answer(gate)

    assert state(gate) == ("pending", "", "waiting")
    assert types(gate.run) == before
    assert not Answer.objects.exists()


def test_what_the_product_tells_of_an_answer_is_in_the_same_transaction():
    kind = register("tells", gate_closed=lambda gate: [Noted(text=gate.decision)])
    gate = make_gate(make_run(kind=kind))

    answer(gate)

    assert types(gate.run)[-3:] == ["gate_answered", "test_noted", "run_state"]


def test_a_gate_of_a_kind_nobody_knows_can_be_answered_and_its_run_then_fails():
    gate = make_gate()
    Run.objects.filter(pk=gate.run_id).update(kind="gone")

    answer(gate)
    run = advance(Run.objects.get(pk=gate.run_id))

    assert (run.state, run.error_code) == ("failed", "unknown_kind")


def test_a_worker_without_its_lease_cannot_open_a_gate():
    """Reliability 3."""
    run = make_run()
    lease = held(run)
    Run.objects.filter(pk=run.pk).update(fence=lease.fence + 1)
    question = gates.Question(
        kind="question", name="q", text="?", payload={}, decisions=("approve",)
    )

    with pytest.raises(Fenced):
        gates.open_gate(lease, question)


def test_a_user_sees_own_runs_those_gated_for_a_group_and_all_with_the_permission():
    group = Group.objects.create(name="readers")
    owner, member, stranger, chief = (make_user(name) for name in ("o", "m", "s", "c"))
    member.groups.add(group)
    chief.user_permissions.add(Permission.objects.get(codename="view_run"))
    run = make_gate(make_run(owner), policy=Policy(group=group)).run

    seen = {
        user.username: run in Run.objects.visible_to(user)
        for user in (owner, member, stranger, chief)
    }

    assert seen == {"o": True, "m": True, "s": False, "c": True}


def test_a_payload_that_was_altered_after_it_was_shown_cannot_be_approved():
    """Reliability 19."""
    gate = make_gate()
    Gate.objects.filter(pk=gate.pk).update(payload={"what": "something else"})

    with pytest.raises(PayloadChanged):
        answer(gate)

    assert state(gate) == ("pending", "", "waiting")


def test_the_digest_does_not_depend_on_how_a_database_writes_a_number():
    assert gates.digest({"a": [1.0, 2.5]}) == gates.digest({"a": [1, 2.5]})
