"""Strategies in the admin: what happened can be read, step by step and event by event."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.planning.admin_site import signed_in, staff
from tests.planning.strategy.made import failing, strategy, worked_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db: None) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def page(site: Client, name: str, *args: object) -> str:
    answer = site.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_threads")
def test_a_step_that_failed_can_be_found_and_why(site: Client, user: User):
    """Row 3-5: from the strategy to its run, and from there to every event."""
    with failing("competition") as engine:
        made = worked_out(user, engine=engine)

    listed = page(site, "planning_strategy_changelist")
    shown = page(site, "planning_strategy_change", made.pk)
    run = page(site, "runs_run_change", made.run_id)

    assert "Open a second bakery" in listed
    assert "The script says that competition fails." in shown
    assert reverse("admin:runs_run_change", args=[made.run_id]) in shown
    assert str(made.run_id) in run
    assert "strategy_step_failed" in run


def test_a_strategy_cannot_be_changed_or_deleted_there(site: Client, user: User):
    made = strategy(user)

    for name in ("delete", "change"):
        site.post(reverse(f"admin:planning_strategy_{name}", args=[made.pk]), {"goal": "Other"})

    made.refresh_from_db()
    assert made.goal == "Open a second bakery"
    assert staff("clerk").get(reverse("admin:planning_strategy_changelist")).status_code == 403
