"""The offline planner on real documents: every citation resolves, every figure equals its row."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from agents.sentences import split
from files import actions
from planning.actions import Wish, propose
from planning.models import DataPoint, Finding, Plan
from planning.recording import metrics
from runs import gates
from runs.models import Gate
from tests.factories import advance

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
FOLDER = Path(__file__).resolve().parents[1] / "data" / "documents"
FILES = [*sorted(FOLDER.glob("django*.txt")), *sorted(FOLDER.glob("*.pdf"))]
GOAL = "Decide whether to upgrade our web service from Django 4.2 to Django 5.2, and in which steps"
CITATION = re.compile(r"\[([a-z0-9-]+)#(\d+)\]")


def attach_all(user: User) -> list[str]:
    found = []
    for path in FILES:
        data = path.read_bytes()
        file = BytesIO(data)
        kept = actions.keep(file, name=path.name, content_type="", size=len(data), by=user)
        found.append(str(kept.pk))
    return found


def run_plan(user: User, comment: str = "") -> Plan:
    plan = propose(Wish(goal=GOAL, documents=attach_all(user), engine="offline"), by=user)
    while not advance(plan.run).is_terminal:
        gate = Gate.objects.get(run=plan.run, state="pending")
        revise = comment and gate.name == "checkpoint-1"
        gates.answer(
            gate.pk,
            by=user,
            decision="revise" if revise else "approve",
            comment=comment if revise else "",
            digest=gate.digest,
            via="api",
        )
    plan.refresh_from_db()
    assert plan.run.state == "completed", plan.run.error_message
    return plan


def sentences(plan: Plan) -> dict[tuple[str, int], str]:
    return {
        (document.name, sentence.number): sentence.text
        for document in plan.documents.all()
        for sentence in split(document.text)
    }


def test_every_citation_of_a_plan_resolves_to_its_sentence(
    user: User, settings: Settings, tmp_path: Path
):
    """Rows 2-8, 2-14 and 2-59: four documents that ship with Django and fontconfig."""
    settings.MEDIA_ROOT = tmp_path
    plan = run_plan(user)
    known = sentences(plan)

    findings = list(Finding.objects.filter(iteration__plan=plan))
    points = list(DataPoint.objects.filter(iteration__plan=plan))
    assert len(findings) >= 10
    assert len(points) >= 3
    for finding in findings:
        for one in finding.citations:
            assert known[one["document"], one["sentence"]] == one["quote"]
    for point in points:
        assert known[point.document, point.sentence] == point.quote
        assert point.text in point.quote
    texts = [plan.final_plan, *plan.checkpoints.values_list("summary", flat=True)]
    for text in texts:
        cited = CITATION.findall(text)
        assert cited
        assert all((name, int(number)) in known for name, number in cited)

    counted = metrics(plan)
    assert counted["data_points"] == len(points)
    assert counted["findings"] == len(findings)
    assert (counted["iterations"], counted["checkpoints"]) == (4, 2)
    last = plan.checkpoints.get(number=2)
    assert last.data_points == counted["data_points"]
    assert len(last.frameworks) == counted["frameworks"]
    assert plan.entity is not None
    assert plan.entity.body.startswith(plan.final_plan.rstrip()[:200])


def test_a_revise_comment_steers_the_next_iteration(user: User, settings: Settings, tmp_path: Path):
    """Rows 2-39 and 2-72."""
    settings.MEDIA_ROOT = tmp_path
    plain = run_plan(user)
    led = run_plan(user, "Only django-release-process, and focus on security support.")

    def third(plan: Plan) -> list[str]:
        return list(plan.iterations.get(number=3).findings.values_list("text", flat=True))

    assert third(led) != third(plain)
    assert any(
        "django-release-process" in one or "security" in one.lower()
        for one in led.iterations.get(number=3).followed
    )
