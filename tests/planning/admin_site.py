"""Plans and people for the tests of the admin."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from agents.plans import Proposal
from planning import policy
from planning.actions import Wish, propose
from planning.models import Plan
from runs import gates, inline
from runs.models import Gate
from tests.factories import held


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def waiting(by: User, goal: str = "Open a second bakery", **wish: Any) -> Plan:
    """Return a plan that asks for a decision about its proposal."""
    plan = propose(Wish(goal=goal, engine="scripted", **wish), by=by)
    proposal = Proposal(
        title=goal, approach="Ask around.", frameworks=(), max_iterations=4, checkpoint_interval=2
    )
    gates.open_gate(held(plan.run), policy.proposal_question(plan, proposal, 1))
    plan.run.refresh_from_db()
    return plan


def pending(plan: Plan) -> Gate:
    return Gate.objects.get(run=plan.run, state="pending")


def decide_url(gate: Gate) -> str:
    return f"{reverse('admin:runs_gate_decide')}?gate={gate.pk}"


def staff(name: str, *codenames: str) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return signed_in(user)


def finished(user: User) -> Plan:
    """Return a plan that has come to its end."""
    plan = propose(Wish(goal="Open a second bakery", engine="scripted"), by=user)
    while not inline.advance(plan.run_id).is_terminal:
        gate = pending(plan)
        gates.answer(gate.pk, by=user, decision="approve", digest=gate.digest, via="api")
    return plan
