"""A model writes the proposal; what it may decide is bounded."""

from typing import Any

import pytest

from agents.base import Progress
from agents.contract import DOCUMENT, check_percent, planning_inputs
from agents.plans import FRAMEWORKS, Proposal
from tests.agents.models.stubs import Stub, Told, engine, step

DOCUMENTS = [{"id": "bakery", "title": "Bakery", "kind": "file", "text": DOCUMENT}]
ANSWER: dict[str, Any] = {
    "title": "A second bakery",
    "approach": "## First\n\nCosts of EUR 480,000 [bakery#2], then 77 shops [bakery#99].",
    "frameworks": [["Financial projections", "SWOT"], ["PESTLE"]],
    "questions": ["Who will bake?"],
}


def proposed(answer: dict[str, Any], **changed: Any) -> tuple[Proposal, Told, Stub]:
    stub = Stub(answer)
    given = {**planning_inputs(DOCUMENTS)["propose"], **changed}
    told = step(engine(stub), "propose", given)
    return Proposal.model_validate(told.result), told, stub


def test_the_model_writes_and_the_figures_stay_those_that_were_asked_for() -> None:
    proposal, told, _ = proposed(ANSWER)

    assert proposal.title == "A second bakery"
    assert proposal.frameworks == (("Financial projections", "SWOT"), ("PESTLE",))
    assert (proposal.max_iterations, proposal.checkpoint_interval) == (2, 1)
    assert proposal.questions == ("Who will bake?",)
    assert proposal.sources == ("bakery",)
    check_percent(told.events)
    assert told.text == proposal.approach


def test_numbers_and_citations_from_nowhere_are_marked_in_the_approach() -> None:
    proposal, _, _ = proposed(ANSWER)

    assert "EUR 480,000 [bakery#2]" in proposal.approach
    assert "77 [unverified] shops" in proposal.approach
    assert "(bakery #99) [unverified]" in proposal.approach


@pytest.mark.parametrize("frameworks", [[], [["SWOT"]], [[], []], [["SWOT"]] * 9])
def test_each_iteration_has_frameworks_whatever_the_model_says(frameworks: list[Any]) -> None:
    proposal, _, _ = proposed({**ANSWER, "frameworks": frameworks})

    assert len(proposal.frameworks) == 2
    assert all(names and set(names) <= set(FRAMEWORKS) for names in proposal.frameworks)


def test_what_a_person_leaves_out_stays_out() -> None:
    proposal, _, stub = proposed(ANSWER, adjustments=["Skip PESTLE, please."])

    assert "PESTLE" not in {name for names in proposal.frameworks for name in names}
    assert "- Skip PESTLE, please." in stub.asked[0].text


def test_a_framework_that_does_not_exist_is_asked_for_again() -> None:
    stub = Stub({**ANSWER, "frameworks": [["Astrology"]]}, ANSWER)

    told = step(engine(stub), "propose", planning_inputs(DOCUMENTS)["propose"])

    assert told.result["frameworks"][1] == ["PESTLE"]
    assert len(stub.asked) == 2


def test_the_model_gets_no_tools_while_it_plans() -> None:
    _, told, stub = proposed(ANSWER)

    assert [asked.tools for asked in stub.asked] == [()]
    assert told.of(Progress)[-1].percent == 100
