"""The admin's lists and pages: everything can be read, and nothing changed past the actions."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from planning.actions import Wish, propose
from planning.models import Entity, EntityLink, Plan
from runs.models import Gate, Run
from streams.models import StreamEvent
from tests.planning.admin_site import (
    decide_url,
    finished,
    pending,
    signed_in,
    staff,
    waiting,
)

pytestmark = pytest.mark.django_db
threads = pytest.mark.usefixtures("real_threads")
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son[a-z]+=|javascript:")


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root")


@pytest.fixture
def site(root: User) -> Client:
    return signed_in(root)


@pytest.fixture
def plan(user: User) -> Plan:
    return waiting(user)


def test_a_run_is_cancelled_through_its_action_and_the_log_tells_of_it(site: Client, plan: Plan):
    told = control(site, "cancel_runs", plan.run)

    plan.run.refresh_from_db()
    last = StreamEvent.objects.filter(stream=plan.run.stream_id).last()
    assert plan.run.state == "cancelled"
    assert last is not None
    assert "Cancelled by root in the admin." in last.body
    assert "is cancelled now" in told


def control(client: Client, action: str, run: Run) -> str:
    given: dict[str, Any] = {"action": action, "_selected_action": [run.pk], "_run_page": "1"}
    answer = client.post(reverse("admin:runs_run_changelist"), given, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_queued_run_is_paused_and_resumed(site: Client, user: User):
    run = propose(Wish(goal="Slowly", engine="scripted"), by=user).run

    control(site, "pause_runs", run)
    run.refresh_from_db()
    assert run.state == "paused"
    control(site, "resume_runs", run)

    run.refresh_from_db()
    assert run.state == "queued"


def test_what_cannot_be_done_is_said(site: Client, plan: Plan):
    assert "Decide at its gate instead" in control(site, "pause_runs", plan.run)


def test_staff_who_may_only_view_runs_cannot_stop_one(plan: Plan):
    control(staff("hopper", "view_run"), "cancel_runs", plan.run)

    plan.run.refresh_from_db()
    assert plan.run.state == "waiting"


@threads
def test_a_run_shows_its_events_page_by_page(user: User, site: Client):
    plan = finished(user)
    url = reverse("admin:runs_run_change", args=[plan.run_id])

    first = site.get(url).context["events"]
    last = site.get(f"{url}?events={first.paginator.num_pages}").context["events"]

    assert first.paginator.num_pages > 1
    assert first.object_list[0].is_last
    assert list(last.object_list)[-1].position == 1


@pytest.mark.parametrize("verb", ["add", "delete"])
@pytest.mark.parametrize("model", ["runs_run", "runs_gate", "streams_streamevent", "planning_plan"])
def test_nothing_is_added_or_deleted_past_the_actions(
    site: Client, plan: Plan, model: str, verb: str
):
    keys: dict[str, Any] = {
        "runs_run": plan.run_id,
        "runs_gate": pending(plan).pk,
        "planning_plan": plan.pk,
    }
    keys["streams_streamevent"] = StreamEvent.objects.order_by("pk")[0].pk
    args = [] if verb == "add" else [keys[model]]

    answer = site.get(reverse(f"admin:{model}_{verb}", args=args))

    assert answer.status_code == 403


def test_a_run_cannot_be_changed_by_posting_its_page(site: Client, plan: Plan):
    url = reverse("admin:runs_run_change", args=[plan.run_id])

    assert site.post(url, {"state": "completed"}).status_code == 403


def every_page() -> list[str]:
    """Return the address of each list, and of one row in each."""
    found = ["/admin/", decide_url(Gate.objects.get(state="pending"))]
    models = (
        "runs_run runs_gate streams_stream streams_streamevent planning_plan planning_iteration "
        "planning_checkpoint planning_entity planning_attachment"
    )
    for name in models.split():
        found.append(reverse(f"admin:{name}_changelist"))
        row = apps.get_model(name.replace("_", ".")).objects.first()
        if row is not None:
            found.append(reverse(f"admin:{name}_change", args=[row.pk]))
    return [*found, reverse("admin:planning_entity_add")]


@threads
def test_every_page_opens_and_obeys_the_content_security_policy(user: User, site: Client):
    finished(user)
    waiting(user)

    for url in every_page():
        answer = site.get(url, follow=True)

        assert answer.status_code == 200, url
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not INLINE.search(answer.content.decode()), url


@pytest.mark.parametrize("term", ["ada", "no such thing", "1b", "'", "\x00"])
def test_searching_for_anything_is_never_an_error(site: Client, plan: Plan, term: str):
    for name in ("runs_run", "runs_gate", "streams_stream", "streams_streamevent", "planning_plan"):
        answer = site.get(reverse(f"admin:{name}_changelist"), {"q": term})

        assert answer.status_code == 200, name


def test_the_log_is_searched_by_its_stream(site: Client, plan: Plan, other: User):
    waiting(other)
    url = reverse("admin:streams_streamevent_changelist")

    rows = site.get(url, {"q": str(plan.run.stream_id)}).context["cl"].result_list

    assert {event.stream_id for event in rows} == {plan.run.stream_id}


def test_an_entity_is_written_and_its_links_follow_its_text(site: Client):
    site.post(
        reverse("admin:planning_entity_add"), {"title": "Ovens", "body": "See [[flour-prices]]."}
    )
    entity = Entity.objects.get(slug="ovens")
    site.post(
        reverse("admin:planning_entity_change", args=[entity.pk]),
        {"title": "Ovens", "body": "See [[rent]]."},
    )

    entity.refresh_from_db()
    assert (entity.body, entity.created_by.username) == ("See [[rent]].", "root")
    assert list(EntityLink.objects.values_list("target", flat=True)) == ["rent"]
