import re

from agents.contract import check_deltas
from agents.plans import CheckpointSummary
from tests.agents.offline.plans_of import GOAL, proposal_of, real_plan, step

SECTIONS = (
    "where we are",
    "Frameworks so far",
    "Data points",
    "Since the last checkpoint",
    "Insights",
    "Gaps",
    "How your comments were followed",
    "What follows",
)


def summarise(**given):
    proposal, results = real_plan()
    asked = {
        "goal": GOAL,
        "checkpoint": 2,
        "iteration": 4,
        "max_iterations": 4,
        "proposal": proposal,
        "results": results,
        "since": 2,
        **given,
    }
    recording = step("summarise", **asked)
    check_deltas("summarise", recording)
    return CheckpointSummary.model_validate(recording.result)


def test_a_summary_has_all_its_sections_in_order() -> None:
    text = summarise().summary

    found = [re.search(rf"^## .*{section}", text, re.MULTILINE) for section in SECTIONS]
    places = [match.start() for match in found if match]
    assert len(places) == len(SECTIONS)
    assert places == sorted(places)


def test_a_summary_of_much_evidence_is_long_but_never_too_long() -> None:
    assert 700 <= len(summarise().summary.split()) <= 1500


def test_a_summary_of_nothing_is_short_and_honest() -> None:
    summary = summarise(results=(), iteration=1, since=0, proposal=proposal_of("SWOT"))

    assert len(summary.summary.split()) < 200
    assert "list of tasks" in summary.summary


def test_deltas_count_what_is_new_since_the_last_checkpoint() -> None:
    _, results = real_plan()

    summary = summarise()

    new = [result for result in results if result.number > 2]
    assert summary.deltas["findings"] == sum(len(result.findings) for result in new)
    assert summary.deltas["data_points"] == sum(len(result.data_points) for result in new)
    assert summary.deltas["insights"] == len(summary.insights)


def test_every_finding_line_is_cited() -> None:
    body = summarise().summary.partition("Frameworks so far")[2].partition("## Data points")[0]

    lines = [line for line in body.splitlines() if line.startswith("- ")]
    assert lines
    assert all(re.search(r"\[[\w-]+#\d+\]$", line) for line in lines)


def test_a_hostile_goal_cannot_make_a_summary_too_long() -> None:
    summary = summarise(goal="word " * 5000, comments=("comment " * 3000,) * 30)

    assert len(summary.summary.split()) <= 1500


def test_what_follows_names_the_next_frameworks() -> None:
    proposal, results = real_plan()

    summary = summarise(iteration=2, checkpoint=1, since=0, results=results[:2])

    assert proposal.frameworks[2][0] in summary.next
