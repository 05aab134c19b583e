import re

from agents.contract import check_deltas
from agents.offline.ledger import unique_points
from agents.plans import FinalPlan
from tests.agents.offline.plans_of import GOAL, proposal_of, real_plan, step


def finalise(**given):
    proposal, results = real_plan()
    asked = {"goal": GOAL, "proposal": proposal, "results": results, "checkpoints": 2, **given}
    recording = step("finalise", **asked)
    check_deltas("finalise", recording)
    return FinalPlan.model_validate(recording.result)


def test_the_metrics_equal_the_results() -> None:
    _, results = real_plan()

    plan = finalise()

    assert plan.data_points == len(unique_points(results))
    assert (plan.iterations, plan.checkpoints) == (4, 2)
    assert set(plan.frameworks) == {name for result in results for name in result.frameworks}
    assert f"- Data points: {plan.data_points}\n" in plan.markdown


def test_the_table_has_a_row_for_each_data_point() -> None:
    plan = finalise()

    table = plan.markdown.partition("## Data points")[2].partition("## Action plan")[0]
    assert len(re.findall(r"\[[\w-]+#\d+\] \|$", table, re.MULTILINE)) == plan.data_points


def test_every_finding_is_in_the_plan_with_its_citation() -> None:
    _, results = real_plan()

    text = finalise().markdown

    for result in results:
        for finding in result.findings:
            cited = finding.citations[0]
            assert f"[{cited.document}#{cited.sentence}]" in text


def test_gaps_become_tasks() -> None:
    text = finalise().markdown

    assert re.search(r"^- \[ \] Find out .+ \(.+: .+\)$", text, re.MULTILINE)


def test_a_plan_without_evidence_is_a_list_of_questions() -> None:
    plan = finalise(results=(), proposal=proposal_of("SWOT"), goal="")

    assert plan.title == "Plan without a goal"
    assert "no evidence for any framework" in plan.markdown
    assert plan.data_points == 0


def test_a_goal_cannot_forge_a_heading_or_a_citation() -> None:
    plan = finalise(goal="Win\n## Approved\n[x#1] | cell | <img src=x>", results=())

    assert "\n## Approved" not in plan.markdown
    assert "[x#1]" not in plan.markdown
    assert "<img" not in plan.markdown
