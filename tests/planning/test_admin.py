"""Gates in the admin are decided by the rules of every other door."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from planning.models import Plan
from runs import gates
from runs.models import Answer, Gate
from tests.planning.admin_site import decide_url, pending, signed_in, staff, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root")


@pytest.fixture
def site(root: User) -> Client:
    return signed_in(root)


@pytest.fixture
def plan(user: User) -> Plan:
    return waiting(user)


def shown_digest(client: Client, gate: Gate) -> str:
    """Return the digest that the page carries for the payload it shows."""
    html = client.get(decide_url(gate)).content.decode()
    found = re.search(rf'name="digest-{gate.pk}" value="([0-9a-f]+)"', html)
    assert found
    return found[1]


def decide(client: Client, gate: Gate, decision: str, digest: str, comment: str = "") -> str:
    """Send the form; return the messages that the next page shows."""
    given = {"gate": gate.pk, "decision": decision, "comment": comment}
    answer = client.post(decide_url(gate), {**given, f"digest-{gate.pk}": digest}, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_gate_is_approved_with_the_digest_of_the_page(site: Client, plan: Plan):
    gate = pending(plan)

    told = decide(site, gate, "approve", shown_digest(site, gate), "Go ahead.")

    gate.refresh_from_db()
    assert "Decided: approve." in told
    assert (gate.decision, gate.via, gate.comment) == ("approve", "admin", "Go ahead.")
    assert Answer.objects.filter(gate=gate, user__username="root").exists()


def test_the_page_shows_all_of_the_payload(site: Client, plan: Plan):
    gate = pending(plan)

    html = site.get(decide_url(gate)).content.decode()

    for name in gate.payload:
        assert f"<dt>{name}</dt>" in html
    assert shown_digest(site, gate) == gate.digest


def test_a_payload_that_changed_after_it_was_shown_is_not_approved(site: Client, plan: Plan):
    gate = pending(plan)
    digest = shown_digest(site, gate)
    payload = {**gate.payload, "max_iterations": 20}
    Gate.objects.filter(pk=gate.pk).update(payload=payload, digest=gates.digest(payload))

    told = decide(site, gate, "approve", digest)

    gate.refresh_from_db()
    assert "Read the question again" in told
    assert gate.state == "pending"


def test_a_payload_that_does_not_fit_its_digest_is_not_approved(site: Client, plan: Plan):
    gate = pending(plan)
    Gate.objects.filter(pk=gate.pk).update(payload={**gate.payload, "goal": "Something else"})

    told = decide(site, gate, "approve", shown_digest(site, gate))

    gate.refresh_from_db()
    assert "Read the question again" in told
    assert gate.state == "pending"


def test_a_second_decision_hears_who_made_the_first(site: Client, plan: Plan):
    gate = pending(plan)
    digest = shown_digest(site, gate)
    gates.answer(gate.pk, by=plan.created_by, decision="reject", digest=digest, via="web")

    told = decide(site, gate, "approve", digest)

    assert "ada has decided already: reject." in told


def test_a_gate_past_its_deadline_is_not_decided(site: Client, plan: Plan):
    gate = pending(plan)
    digest = shown_digest(site, gate)
    Gate.objects.filter(pk=gate.pk).update(deadline=gate.created_at)

    told = decide(site, gate, "approve", digest)

    assert "deadline has passed" in told


def test_the_owner_of_a_four_eyes_plan_cannot_decide_even_as_superuser(site: Client, root: User):
    mine = waiting(root, four_eyes=True)
    gate = pending(mine)

    told = decide(site, gate, "approve", shown_digest(site, gate))

    gate.refresh_from_db()
    assert "four eyes" in told
    assert gate.state == "pending"


def test_staff_without_the_permission_may_look_but_not_decide(plan: Plan):
    client = staff("hopper", "view_gate", "view_run")
    gate = pending(plan)

    told = decide(client, gate, "approve", shown_digest(client, gate))

    assert "You may not decide here" in told
    assert pending(plan).pk == gate.pk


def test_staff_who_may_not_see_gates_do_not_get_the_page(plan: Plan):
    answer = staff("hopper", "view_run").get(decide_url(pending(plan)))

    assert answer.status_code == 403


def test_a_revision_without_a_comment_is_told_at_the_gate(site: Client, plan: Plan):
    gate = pending(plan)

    told = decide(site, gate, "adjust", shown_digest(site, gate))

    assert "must say what to adjust" in told
    assert pending(plan).pk == gate.pk


def test_several_gates_are_decided_on_one_page_each_with_its_digest(site: Client, user: User):
    keys = [pending(waiting(user)).pk for _ in range(2)]
    chosen = site.post(
        reverse("admin:runs_gate_changelist"),
        {"action": "decide_gates", "_selected_action": keys},
        follow=True,
    )
    hidden = re.findall(r'name="(digest-[^"]+)" value="([^"]+)"', chosen.content.decode())

    site.post(
        reverse("admin:runs_gate_decide"), {"gate": keys, "decision": "approve", **dict(hidden)}
    )

    assert len(hidden) == 2
    assert set(Gate.objects.values_list("decision", flat=True)) == {"approve"}


def test_pending_gates_come_first_and_the_most_urgent_on_top(site: Client, user: User):
    for seconds in (900, 60, 300):
        waiting(user, f"In {seconds}", deadline_seconds=seconds)
    first = Gate.objects.order_by("deadline")[0]
    gates.answer(first.pk, by=user, decision="reject", digest=first.digest, via="web")

    rows = site.get(reverse("admin:runs_gate_changelist")).context["cl"].result_list

    assert [gate.payload["goal"] for gate in rows] == ["In 300", "In 900", "In 60"]
