"""POST gates/{id}/answer/: a decision, once, about what was shown, by who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from runs import actions
from runs.models import Answer, Gate
from tests.api import made
from tests.api.contract import CheckedClient

pytestmark = pytest.mark.django_db


def answer(client: CheckedClient, gate: Gate, decision: str = "approve", **more: Any) -> Any:
    body = {"decision": decision, "digest": gate.digest, **more}
    return client.post(f"/api/v1/gates/{gate.pk}/answer/", body)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize("decision", ["approve", "approve_all", "revise", "reject"])
def test_a_decision_is_told_back_with_who_and_how(api: CheckedClient, user: User, decision: str):
    """Api.md, answer; conflict C16."""
    gate = made.gate(made.plan(user))

    told = answer(api, gate, decision, comment="Look at the rent.").json()

    assert (told["state"], told["decision"]) == ("decided", decision)
    assert (told["decided_by"], told["via"]) == ("ada", "api")
    assert told["comment"] == "Look at the rent."
    assert api.get(f"/api/v1/gates/{gate.pk}/").json() == told


def test_the_second_answer_is_told_the_first(api: CheckedClient, user: User):
    """Row 2-33; reliability 4, 24."""
    gate = made.gate(made.plan(user))
    answer(api, gate, comment="A private remark")

    late = answer(api, gate, "reject")

    assert code(late) == (409, "already_decided")
    error = late.json()["error"]
    assert (error["decision"], error["decided_by"]) == ("approve", "ada")
    assert error["decided_at"].endswith("Z")
    assert "private" not in late.content.decode()
    assert Answer.objects.count() == 1


def test_an_answer_about_something_else_is_told_what_is_asked_now(api: CheckedClient, user: User):
    """Reliability 19."""
    gate = made.gate(made.plan(user))

    changed = answer(api, gate, digest="0" * 64)

    assert code(changed) == (409, "payload_changed")
    assert changed.json()["error"]["digest"] == gate.digest
    assert answer(api, gate, digest=changed.json()["error"]["digest"]).status_code == 200


def test_an_answer_after_the_deadline_or_the_end_is_expired(api: CheckedClient, user: User):
    """Reliability 6."""
    late, stopped = made.gate(made.plan(user)), made.gate(made.plan(user))
    Gate.objects.filter(pk=late.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    actions.cancel(stopped.run_id)

    assert code(answer(api, late)) == (409, "expired")
    assert code(answer(api, stopped)) == (409, "expired")


def test_four_eyes_and_groups_hold(
    api: CheckedClient, stranger: CheckedClient, user: User, other: User
):
    """Reliability 19; design 6, approval policy."""
    group = Group.objects.create(name="Approvers")
    other.groups.add(group)
    gate = made.gate(made.plan(user), owner_may_answer=False, group=group)

    assert code(answer(api, gate)) == (403, "not_allowed")
    assert answer(stranger, gate).json()["decided_by"] == "grace"


def test_whoever_may_only_look_decides_nothing(stranger: CheckedClient, user: User, other: User):
    """Reliability 19."""
    other.user_permissions.add(Permission.objects.get(codename="view_run"))
    gate = made.gate(made.plan(user))

    assert stranger.get(f"/api/v1/gates/{gate.pk}/").status_code == 200
    assert code(answer(stranger, gate)) == (403, "not_allowed")


def test_a_number_too_large_for_any_database_decides_nothing(api: CheckedClient, user: User):
    """Reliability 20: 1e999 is infinite to Python and no JSON to a database."""
    gate = made.gate(made.plan(user))
    body = f'{{"decision": "approve", "digest": "{gate.digest}", "payload": {{"x": 1e999}}}}'

    refused = api.generic("POST", f"/api/v1/gates/{gate.pk}/answer/", body, "application/json")

    assert code(refused) == (400, "malformed")
    assert answer(api, gate).status_code == 200


def test_a_proposal_is_adjusted_with_figures(api: CheckedClient, user: User):
    """Row 2-1."""
    gate = made.proposal(made.plan(user))

    assert code(answer(api, gate, "adjust")) == (400, "invalid")
    told = answer(api, gate, "adjust", payload={"max_iterations": 2})
    assert (told.status_code, told.json()["decision"]) == (200, "adjust")


def test_a_session_of_quorum_two_waits_for_the_second(
    api: CheckedClient, stranger: CheckedClient, user: User, other: User
):
    """Design 6, quorum."""
    other.user_permissions.add(Permission.objects.get(codename="answer_gate"))
    gate = made.gate(made.plan(user), quorum=2)

    assert answer(api, gate).json()["state"] == "pending"
    assert code(answer(api, gate)) == (400, "invalid")
    assert answer(stranger, gate).json()["state"] == "decided"
