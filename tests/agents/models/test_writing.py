"""A model writes summaries and plans; what it rests on is checked before it is told."""

from typing import Any, Literal

import pytest

from agents.base import Progress
from agents.contract import DOCUMENT, GOAL, planning_inputs
from agents.exceptions import Permanent
from agents.plans import CheckpointSummary, FinalPlan, IterationResult
from agents.sentences import split
from tests.agents.models.stubs import Stub, Told, engine, step

Kind = Literal["summarise", "finalise"]
QUOTE = split(DOCUMENT)[1].text
CITED = {"document": "bakery", "sentence": 2, "quote": QUOTE}
RESULT = IterationResult.model_validate(
    {
        "number": 1,
        "focus": "Apply SWOT.",
        "frameworks": ["SWOT"],
        "findings": [
            {"framework": "SWOT", "cell": "Strengths", "text": "It grows.", "citations": [CITED]}
        ],
        "data_points": [],
        "insights": ["It may cost 999 [unverified]."],
        "gaps": [{"framework": "SWOT", "cell": "Threats", "task": "Find out what threatens."}],
    }
).model_dump(mode="json")
TEXT = "It grew by 12% [bakery#2] to EUR 480,000, and will reach 999 [bakery#7]."


def written(kind: Kind, *pieces: str, **settings: Any) -> Told:
    given = {**planning_inputs()[kind], "results": [RESULT]}
    return step(engine(Stub(list(pieces)), **settings), kind, given)


def test_a_summary_is_the_models_and_its_counts_are_not() -> None:
    told = written("summarise", TEXT)

    summary = CheckpointSummary.model_validate(told.result)
    assert summary.summary.startswith("It grew by 12% [bakery#2] to EUR 480,000")
    assert summary.frameworks == ("SWOT",)
    assert summary.deltas["findings"] == 1
    assert "Written by the language model stub" in summary.summary
    assert told.text == summary.summary


@pytest.mark.parametrize("kind", ["summarise", "finalise"])
def test_what_was_marked_before_stays_unverified_and_false_citations_are_marked(kind: Kind) -> None:
    told = written(kind, TEXT)

    assert told.result["unverified"] == ["999", "[bakery#7]"]
    assert "reach 999 [unverified] (bakery #7) [unverified]." in told.text


def test_a_plan_names_the_gaps_and_sources_itself() -> None:
    told = written("finalise", "# Open it\n\n", "Do it [bakery#2].")

    plan = FinalPlan.model_validate(told.result)
    assert "# Open it\n\nDo it [bakery#2]." in plan.markdown
    assert "## Gaps that are left\n\n- Find out what threatens. (SWOT: Threats)" in plan.markdown
    assert "## Sources\n\n- bakery (`bakery`): 1 citation" in plan.markdown
    assert (plan.iterations, plan.unverified) == (1, ())


def test_progress_is_told_while_a_long_text_is_written() -> None:
    told = written("finalise", *["word " * 100] * 5)

    assert "500 characters are written." in {one.message for one in told.of(Progress)}


def test_a_model_that_writes_nothing_has_failed() -> None:
    with pytest.raises(Permanent) as raised:
        written("summarise", " ", retries=0)

    assert raised.value.code == "bad_output"


def test_findings_are_given_as_data_and_the_goal_is_not() -> None:
    stub = Stub("Fine.")

    step(engine(stub), "summarise", {**planning_inputs()["summarise"], "results": [RESULT]})

    text = stub.asked[0].text
    assert text.index(GOAL) < text.index("<<<DATA")
    assert "findings>>>\nIteration 1: Apply SWOT.\nfinding, SWOT, Strengths: It grows." in text
    assert stub.asked[0].tools == ()
