"""A gate is answered once, by somebody who may, about what was shown, in time."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from runs import gates
from runs.exceptions import (
    AlreadyDecided,
    GateExpired,
    InvalidAnswer,
    NotAllowed,
    PayloadChanged,
)
from runs.gates import Policy
from runs.models import Answer, Gate, Run
from runs.sweep import sweep
from tests.factories import (
    answer,
    at_once,
    make_gate,
    make_run,
    make_user,
    types,
)
from tests.runs.gates_support import allow, state

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_fifty_answers_at_once_one_wins_and_the_others_learn_who():
    """Reliability 4."""
    gate = make_gate()
    people = [allow(make_user(f"person-{number}")) for number in range(50)]

    results = at_once(50, lambda number: answer(gate, people[number], comment=f"by {number}"))

    winners = [number for number, result in enumerate(results) if isinstance(result, Gate)]
    losers = [result for result in results if isinstance(result, AlreadyDecided)]
    assert (len(winners), len(losers)) == (1, 49), results
    assert {loser.decided_by for loser in losers} == {f"person-{winners[0]}"}
    assert {loser.details()["comment"] for loser in losers} == {f"by {winners[0]}"}
    assert Answer.objects.filter(gate=gate).count() == 1
    assert types(gate.run).count("gate_answered") == 1
    run = Run.objects.get(pk=gate.run_id)
    assert (run.state, run.segment) == ("queued", 2)


@pytest.mark.parametrize("turn", range(3))
def test_approve_reject_and_expire_race_and_one_wins(turn):
    """Reliability 4."""
    gate = make_gate()
    moment = gate.deadline + timedelta(seconds=1)

    def act(number: int) -> object:
        if number % 3 == 2:
            return gates.expire(gate.pk, now=moment)
        return answer(gate, decision=("approve", "reject")[number % 3])

    results = at_once(9, act)

    won = [result for result in results if result is True or isinstance(result, Gate)]
    assert len(won) == 1, results
    lost = [result for result in results if result is not True and not isinstance(result, Gate)]
    assert {type(result) for result in lost} <= {bool, AlreadyDecided, GateExpired}
    told = types(gate.run)
    assert told.count("gate_answered") + told.count("gate_expired") == 1
    assert sum(name in told for name in ("run_rejected", "run_expired")) <= 1


def test_an_answer_about_something_else_than_what_is_asked_is_refused():
    """Reliability 19."""
    gate = make_gate(payload={"amount": 1})

    with pytest.raises(PayloadChanged) as error:
        answer(gate, digest=gates.digest({"amount": 2}))

    assert error.value.details() == {"digest": gate.digest}
    assert state(gate) == ("pending", "", "waiting")


@pytest.mark.parametrize("digest", ["", "x", "\ud800", "é" * 64, "0" * 64])
def test_a_digest_that_is_none_changes_nothing(digest):
    gate = make_gate()

    with pytest.raises(PayloadChanged):
        answer(gate, digest=digest)

    assert state(gate) == ("pending", "", "waiting")


def test_the_digest_depends_on_what_is_in_the_payload_and_not_on_its_order():
    assert gates.digest({"a": 1, "b": [1, "é"]}) == gates.digest({"b": [1, "é"], "a": 1})
    assert gates.digest({"a": 1}) != gates.digest({"a": 1.5})
    assert len(gates.digest({"half": "\ud800"})) == 64


def test_an_answer_counts_until_the_deadline_and_not_after():
    """Reliability 6."""
    in_time, late = make_gate(), make_gate()
    after = lambda gate, seconds: gate.deadline + timedelta(seconds=seconds - 3600)  # noqa: E731

    answer(in_time, now=after(in_time, 3599))
    with pytest.raises(GateExpired, match="deadline has passed"):
        answer(late, now=after(late, 3601))

    assert state(in_time)[:2] == ("decided", "approve")
    assert state(late) == ("pending", "", "waiting")


def test_the_deadline_is_an_hour_from_the_opening_unless_the_policy_says_otherwise():
    start = timezone.now()

    usual = make_gate(now=start)
    short = make_gate(now=start, policy=Policy(deadline_seconds=90))

    assert usual.deadline - start == timedelta(hours=1)
    assert short.deadline - start == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("policy", "kind", "outcome", "last"),
    [
        ("expire", "checkpoint", ("expired", "", "expired"), "run_expired"),
        ("reject", "checkpoint", ("decided", "reject", "rejected"), "run_rejected"),
        ("approve", "checkpoint", ("decided", "approve", "queued"), "run_state"),
        ("reject", "tool", ("decided", "reject", "queued"), "run_state"),
    ],
)
def test_a_gate_nobody_answers_closes_by_its_policy(policy, kind, outcome, last):
    """Reliability 6: with nobody connected, at 3,601 s and not at 3,599 s."""
    gate = make_gate(kind=kind, policy=Policy(on_expiry=policy))

    early = sweep(now=gate.deadline - timedelta(seconds=1))
    late = sweep(now=gate.deadline + timedelta(seconds=1))

    assert (early.expired, late.expired) == (0, 1)
    assert state(gate) == outcome
    assert types(gate.run).count("gate_expired") == 1
    assert types(gate.run)[-1] == last
    assert gates.expire(gate.pk, now=gate.deadline + timedelta(seconds=2)) is False


def test_an_answer_after_the_policy_decided_learns_that_the_deadline_did():
    gate = make_gate(policy=Policy(on_expiry="approve"))
    gates.expire(gate.pk, now=gate.deadline)

    with pytest.raises(AlreadyDecided, match="The deadline has decided already: approve"):
        answer(gate)


@pytest.mark.parametrize(("kind", "goes_on"), [("checkpoint", False), ("tool", True)])
def test_a_rejection_stops_a_plan_but_a_denied_tool_does_not(kind, goes_on):
    gate = make_gate(kind=kind)

    answer(gate, decision="reject", comment="no")

    assert state(gate)[2] == ("queued" if goes_on else "rejected")
    assert ("run_rejected" in types(gate.run)) is not goes_on


def test_with_four_eyes_the_owner_may_not_answer_even_with_the_permission():
    """Reliability 19."""
    owner = allow(make_user())
    gate = make_gate(make_run(owner), policy=Policy(owner_may_answer=False))

    with pytest.raises(NotAllowed, match="four eyes"):
        answer(gate, owner)
    answer(gate, allow(make_user()))

    assert state(gate)[:2] == ("decided", "approve")


def test_strangers_may_not_answer_but_members_of_the_group_may():
    group = Group.objects.create(name="reviewers")
    member, stranger = make_user("member"), make_user("stranger")
    member.groups.add(group)
    gate = make_gate(policy=Policy(group=group))

    with pytest.raises(NotAllowed, match="ask the run's owner"):
        answer(gate, stranger)
    answer(gate, member)

    gate.refresh_from_db()
    assert gate.decided_by == member


def test_somebody_who_is_deactivated_may_not_answer():
    owner = make_user()
    gate = make_gate(make_run(owner))
    owner.is_active = False

    with pytest.raises(NotAllowed):
        answer(gate, owner)


def test_two_of_three_must_approve_and_nobody_twice():
    people = [allow(make_user(f"voter-{number}")) for number in range(3)]
    gate = make_gate(policy=Policy(quorum=2))

    answer(gate, people[0])
    assert state(gate) == ("pending", "", "waiting")
    with pytest.raises(InvalidAnswer, match="approved already"):
        answer(gate, people[0])
    answer(gate, people[1])

    assert state(gate) == ("decided", "approve", "queued")
    assert [vote.user for vote in gate.answers.all()] == people[:2]
    assert types(gate.run).count("gate_vote") == 2
    with pytest.raises(AlreadyDecided):
        answer(gate, people[2])
