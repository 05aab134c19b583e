"""The HTML pages, as a client without scripts sees them. tests/browser has the rest."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from planning import actions, memory
from planning.actions import Wish
from planning.models import Attachment, Entity, Plan
from runs import gates
from runs.models import Gate, Run

FORM = {
    "goal": "Reach the summit",
    "max_iterations": "4",
    "checkpoint_interval": "2",
    "deadline_seconds": "3600",
}


@pytest.fixture
def browser(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def plan(user: User) -> Plan:
    memory.save_entity(title="Trail", body="The path is 12 km long.\n\nIt is steep.", by=user)
    return actions.propose(Wish(goal="Reach the summit"), by=user)


@pytest.fixture
def gate(plan: Plan) -> Gate:
    payload: dict[str, Any] = {"plan": str(plan.pk), "goal": plan.goal}
    payload |= {"max_iterations": 4, "checkpoint_interval": 2}
    Run.objects.filter(pk=plan.run_id).update(state=Run.State.WAITING)
    return Gate.objects.create(
        run=plan.run,
        kind=Gate.Kind.PROPOSAL,
        name="proposal-1",
        question="Start planning with 4 iterations?",
        payload=payload,
        digest=gates.digest(payload),
        decisions=["approve", "adjust", "reject"],
        deadline=timezone.now() + timedelta(hours=1),
    )


@pytest.mark.parametrize("path", ["/", "/plans/new/", "/inbox/", "/memory/", "/memory/x/"])
@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={path}"
    assert client.get("/inbox/waiting/").status_code == 401


def test_pages_have_no_inline_script_or_style(browser: Client, plan: Plan, gate: Gate) -> None:
    for path in ("/", "/plans/new/", f"/plans/{plan.pk}/", "/inbox/", "/memory/", "/memory/trail/"):
        text = browser.get(path).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick" not in text


def test_the_list_and_its_fragment(browser: Client, plan: Plan) -> None:
    assert "Reach the summit" in browser.get("/").content.decode()
    fragment = browser.get("/?fragment=1").content.decode()
    assert "Reach the summit" in fragment
    assert "<html" not in fragment


def test_a_plan_is_proposed_with_files(browser: Client, user: User) -> None:
    file = SimpleUploadedFile("map.md", b"North is up.", content_type="text/markdown")
    answer = browser.post("/plans/new/", {**FORM, "files": [file]})
    plan = Plan.objects.get()
    assert answer["Location"] == f"/plans/{plan.pk}/"
    assert [one.name for one in plan.documents.all()] == [Attachment.objects.get().slug]


def test_a_file_that_no_plan_can_read_is_told_in_the_form(browser: Client) -> None:
    """Reliability 21."""
    file = SimpleUploadedFile("map.png", b"\x89PNG", content_type="image/png")
    answer = browser.post("/plans/new/", {**FORM, "files": [file]})
    assert answer.status_code == 422
    assert "map.png is of a type that cannot be used" in answer.content.decode()
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"goal": " "}, "goal is required"),
        ({"max_iterations": "21"}, "max_iterations must be from 1 to 20"),
        ({"max_iterations": "many"}, "A whole number is needed"),
        ({"documents": "nothing"}, "There is no document"),
    ],
)
def test_a_wrong_form_keeps_what_was_written(
    browser: Client, change: dict[str, str], words: str
) -> None:
    answer = browser.post("/plans/new/", {**FORM, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Plan.objects.count() == 0


def test_a_plan_can_be_asked_for_again(browser: Client, plan: Plan) -> None:
    text = browser.get(f"/plans/new/?from={plan.pk}").content.decode()
    assert "Reach the summit</textarea>" in text
    assert 'value="trail" checked' in text
    assert browser.get("/plans/new/?from=nonsense").status_code == 200


def test_a_plan_shows_its_question_to_those_without_scripts(
    browser: Client, plan: Plan, gate: Gate
) -> None:
    text = browser.get(f"/plans/{plan.pk}/").content.decode()
    assert gate.question in text
    assert gate.digest in text
    assert 'http-equiv="refresh"' not in text  # it would take away what is being written


def test_a_plan_that_works_is_loaded_again(browser: Client, plan: Plan) -> None:
    text = browser.get(f"/plans/{plan.pk}/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text


@pytest.mark.parametrize(
    ("form", "decision", "answer"),
    [
        ({"decision": "approve"}, "approve", None),
        ({"decision": "adjust", "max_iterations": "3"}, "adjust", {"max_iterations": 3}),
        ({"decision": "reject", "comment": "No", "max_iterations": "3"}, "reject", None),
    ],
)
def test_a_form_decides(
    browser: Client, gate: Gate, form: dict[str, str], decision: str, answer: Any
) -> None:
    browser.post(f"/gates/{gate.pk}/decide/", {**form, "digest": gate.digest})
    gate.refresh_from_db()
    assert (gate.decision, gate.answer, gate.via) == (decision, answer, Gate.Via.WEB)


def test_a_refused_decision_says_why(browser: Client, plan: Plan, gate: Gate) -> None:
    form = {"decision": "approve", "digest": "other"}
    answer = browser.post(f"/gates/{gate.pk}/decide/", form, follow=True)
    assert "What you saw is not what is asked." in answer.content.decode()
    gate.refresh_from_db()
    assert gate.state == Gate.State.PENDING


def test_the_inbox_counts_what_waits(browser: Client, gate: Gate) -> None:
    assert browser.get("/inbox/waiting/").json() == {"count": 1, "all": 1}
    assert "For you to decide" in browser.get("/inbox/?fragment=1").content.decode()
    Gate.objects.update(owner_may_answer=False)
    assert browser.get("/inbox/waiting/").json() == {"count": 0, "all": 1}
    assert "Waiting for others" in browser.get("/inbox/").content.decode()


def test_a_source_has_its_sentences(browser: Client, plan: Plan) -> None:
    text = browser.get(f"/plans/{plan.pk}/sources/trail/").content.decode()
    assert 'id="s1"' in text
    assert 'id="s2"' in text
    assert browser.get(f"/plans/{plan.pk}/sources/none/").status_code == 404


def test_foreign_things_do_not_exist(client: Client, other: User, plan: Plan, gate: Gate) -> None:
    client.force_login(other)
    for path in (f"/plans/{plan.pk}/", f"/plans/{plan.pk}/sources/trail/", "/memory/trail/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/gates/{gate.pk}/decide/", {"decision": "reject"}).status_code == 404


def test_memory_is_searched_and_written(browser: Client, plan: Plan) -> None:
    assert "Trail" in browser.get("/memory/?q=steep").content.decode()
    assert "Nothing found" in browser.get("/memory/?q=flat").content.decode()
    answer = browser.post("/memory/", {"title": "Camp", "body": "Below [[trail]]."})
    assert answer["Location"] == "/memory/camp/"
    assert "Camp</a>" in browser.get("/memory/trail/").content.decode()
    refused = browser.post("/memory/", {"title": "", "body": "x"})
    assert refused.status_code == 422
    assert Entity.objects.count() == 2


def test_a_plans_entity_leads_to_its_sources(browser: Client, plan: Plan, user: User) -> None:
    saved = memory.save_entity(title="Result", body="Long. [trail#1]", by=user)
    Plan.objects.update(entity=saved)
    text = browser.get("/memory/result/").content.decode()
    assert f'href="/plans/{plan.pk}/sources/trail/#s1"' in text
    assert "See how the plan was made" in text
