import pytest

from agents.base import Progress
from agents.contract import check_citations, check_percent
from agents.strategies import StepName
from agents.strategy_guides import GUIDES, STEPS
from tests.agents.offline.strategies_of import MEMO, result, step, strategy


@pytest.mark.parametrize("name", [guide.name for guide in STEPS if guide.frameworks])
def test_a_step_applies_its_own_frameworks(name: StepName) -> None:
    """Row 3-41."""
    assert result(name).frameworks == GUIDES[name].frameworks


def test_every_line_quotes_its_sentence() -> None:
    """Rows 3-3, 3-41: nothing is invented. Nobody listens here: an engine only yields."""
    for one in strategy():
        check_citations(one.model_dump(mode="json"), [MEMO.model_dump(mode="json")])


def test_what_is_not_in_the_documents_becomes_a_task() -> None:
    found = result("risks", documents=())

    assert found.findings == ()
    assert len(found.gaps) == 10
    assert found.achievement.endswith("nothing new in the documents, so 10 tasks instead.")


def test_a_sentence_of_an_earlier_step_is_not_told_again_in_a_later_one() -> None:
    """Except those of the context and of SWOT, which sort what is there."""
    told: set[tuple[str, int]] = set()
    for one in strategy():
        if one.step in ("context", "insights", "document"):
            continue
        cited = {(c.document, c.sentence) for finding in one.findings for c in finding.citations}
        assert not cited & told, one.step
        told |= cited


def test_a_risk_that_swot_quotes_is_still_a_risk() -> None:
    risks = next(one for one in strategy() if one.step == "risks")

    assert any("cannot be found within 6 months" in finding.text for finding in risks.findings)


def test_a_step_ends_by_saying_what_it_achieved() -> None:
    recording = step("foundation")

    told = [event for event in recording.events if isinstance(event, Progress)]
    check_percent(recording.events)
    assert told[-1].message == recording.result["achievement"]
    assert not any("Iteration" in event.message for event in told)
