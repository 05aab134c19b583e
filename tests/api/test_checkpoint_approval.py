"""POST /api/checkpoint-approval: one checkpoint, decided once."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from planning import sessions
from planning.actions import Wish
from planning.models import Plan
from runs import gates
from runs.exceptions import AlreadyDecided
from runs.models import Answer, Gate
from tests.api import made
from tests.api.conftest import client_of
from tests.api.contract import CheckedClient
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(user: User) -> Plan:
    """A plan in a chat of ada's own name."""
    asked = sessions.Asked(session_id="my chat", wish=Wish(goal="A bakery", engine="scripted"))
    return sessions.attach_or_start(user, asked, before_start=lambda: None)


def approve(client: CheckedClient, **more: Any) -> Any:
    body = {"session_id": "my chat", "checkpoint": 1, **more}
    return client.post("/api/checkpoint-approval", body)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_an_approval_is_confirmed_in_the_words_of_the_first_chat(api: CheckedClient, plan: Plan):
    """Rows 2-11, 2-30, 2-40."""
    made.gate(plan)

    answer = approve(api)

    assert answer.json() == {
        "status": "approved",
        "checkpoint": 1,
        "message": "Checkpoint 1 approved! Continuing iterations...",
    }


@pytest.mark.parametrize(
    ("decision", "stored", "status"),
    [
        ("approve", "approve", "approved"),
        ("approved", "approve", "approved"),
        ("continue", "approve", "approved"),
        ("approve_all", "approve_all", "approved"),
        ("revise", "revise", "revised"),
        ("reject", "reject", "rejected"),
        ("rejected", "reject", "rejected"),
    ],
)
def test_each_decision_has_its_status(
    api: CheckedClient, plan: Plan, decision: str, stored: str, status: str
):
    """Rows 2-30, 2-39, 2-72; conflict C16."""
    gate = made.gate(plan)

    answer = approve(api, decision=decision, comment="Look at the rent.")

    assert answer.json()["status"] == status
    gate.refresh_from_db()
    assert (gate.decision, gate.comment, gate.via) == (stored, "Look at the rent.", "api")


def test_an_approval_before_the_checkpoint_is_refused_and_not_kept(api: CheckedClient, plan: Plan):
    """Row 2-32; trap T7."""
    assert code(approve(api)) == (409, "not_waiting")

    gate = made.gate(plan)

    assert Gate.objects.get(pk=gate.pk).state == "pending"


def test_a_wrong_number_never_decides_the_checkpoint_that_waits(api: CheckedClient, plan: Plan):
    """Row 2-31."""
    gate = made.gate(plan)

    assert code(approve(api, checkpoint=2)) == (409, "not_waiting")
    for wrong in (0, -1, 1001, "1", True, 1.5, None):
        assert code(approve(api, checkpoint=wrong)) == (400, "invalid"), wrong
    gate.refresh_from_db()
    assert gate.state == "pending"


def test_a_double_click_never_approves_the_next_checkpoint(api: CheckedClient, plan: Plan):
    """Rows 2-31, 2-11; trap T8."""
    made.gate(plan)
    first = approve(api)
    second = made.gate(plan, 2)

    again = approve(api)

    assert (again.status_code, again.json()) == (200, first.json())
    second.refresh_from_db()
    assert second.state == "pending"
    assert Answer.objects.count() == 1


def test_another_decision_afterwards_is_told_what_was_decided(api: CheckedClient, plan: Plan):
    """Row 2-31; reliability 24: the comment is not repeated."""
    made.gate(plan)
    approve(api, comment="A private remark")

    late = approve(api, decision="reject")

    assert code(late) == (409, "already_decided")
    assert late.json()["error"]["decided_by"] == "ada"
    assert late.json()["error"]["decision"] == "approve"
    assert "private" not in late.content.decode()


def test_the_second_reviewer_is_told_who_was_first(
    api: CheckedClient, stranger: CheckedClient, other: User, plan: Plan
):
    """Row 2-33."""
    other.user_permissions.add(*Permission.objects.filter(codename__in=("view_run", "answer_gate")))
    made.gate(plan)
    approve(api)

    late = approve(stranger, session_id=str(plan.pk))

    assert code(late) == (409, "already_decided")
    assert late.json()["error"]["decided_by"] == "ada"


def test_a_session_is_known_to_its_owner_alone(
    api: CheckedClient, stranger: CheckedClient, plan: Plan
):
    """Row 2-31; reliability 17."""
    made.gate(plan)

    assert code(approve(api, session_id="unknown")) == (404, "not_found")
    assert code(approve(stranger)) == (404, "not_found")
    assert code(approve(stranger, session_id=str(plan.pk))) == (404, "not_found")
    assert approve(api, session_id=str(plan.pk)).status_code == 200


def test_a_changed_payload_and_a_deadline_are_conflicts(api: CheckedClient, plan: Plan):
    """Reliability 19, 6."""
    gate = made.gate(plan)
    changed = approve(api, digest="0" * 64)
    assert code(changed) == (409, "payload_changed")
    assert changed.json()["error"]["digest"] == gate.digest

    Gate.objects.update(deadline=timezone.now() - timedelta(seconds=1))

    assert code(approve(api)) == (409, "expired")


def test_one_of_two_approvals_is_noted_and_the_plan_waits_on(api: CheckedClient, plan: Plan):
    """Design 6, quorum."""
    gate = made.gate(plan, quorum=2)

    assert approve(api).json()["status"] == "noted"
    gate.refresh_from_db()
    assert gate.state == "pending"
    assert code(approve(api)) == (400, "invalid")


def test_four_eyes_hold_at_this_door_as_well(api: CheckedClient, plan: Plan):
    """Reliability 19."""
    made.gate(plan, owner_may_answer=False)

    assert code(approve(api)) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"session_id": ""}, "session_id"),
        ({"session_id": "x" * 101}, "session_id"),
        ({"session_id": "a\x00"}, "session_id"),
        ({"session_id": 5}, "session_id"),
        ({"decision": "perhaps"}, "decision"),
        ({"decision": "revise"}, "comment"),
        ({"comment": "x" * 5001}, "comment"),
        ({"comment": "\ud83e"}, "comment"),
        ({"digest": ["x"]}, "digest"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_wrong_value_is_named(api: CheckedClient, plan: Plan, change: dict[str, Any], field: str):
    """Reliability 20; row 3-61."""
    made.gate(plan)

    answer = api.send(
        "/api/checkpoint-approval", {"session_id": "my chat", "checkpoint": 1} | change
    )

    assert code(answer) == (400, "invalid")
    assert list(answer.json()["error"]["fields"]) == [field]


def test_an_approval_without_a_user_is_refused(anonymous: CheckedClient, plan: Plan):
    """Reliability 17."""
    assert code(approve(anonymous)) == (401, "not_authenticated")


def test_the_functions_of_the_first_session_manager_are_there(user: User, plan: Plan):
    """Rows 2-34, 2-36."""
    made.gate(plan)

    gate = sessions.set_checkpoint_approved(plan, 1, by=user)

    assert (gate.decision, gate.decided_by) == ("approve", user)
    sessions.reset_checkpoint_state(plan)
    with pytest.raises(AlreadyDecided):
        sessions.set_checkpoint_approved(plan, 1, by=user)
    with pytest.raises(sessions.NotWaiting):
        sessions.set_checkpoint_approved(plan, 2, by=user)


def test_a_checkpoint_waits_an_hour_unless_its_plan_says_otherwise(user: User):
    """Row 2-35: at 3,599 s it can be decided, at 3,601 s it has expired."""
    for seconds, expected in ((3599, False), (3601, True)):
        gate = made.gate(made.plan(user))
        opened = Gate.objects.get(pk=gate.pk).deadline - timedelta(seconds=3600)

        assert gates.expire(gate.pk, now=opened + timedelta(seconds=seconds)) is expected


def test_an_approver_of_the_plans_group_decides_by_its_id(plan: Plan):
    """Design 6, approval policy."""
    rita = make_user("rita")
    rita.user_permissions.add(*Permission.objects.filter(codename__in=("view_run", "answer_gate")))
    made.gate(plan)

    assert approve(client_of(rita), session_id=str(plan.pk)).json()["status"] == "approved"
