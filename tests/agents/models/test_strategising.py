"""The steps of a strategy with a model: cited findings, a written document, honest failures."""

from typing import Any

import pytest

from agents.base import Done, Progress
from agents.contract import DOCUMENT, check_citations, check_percent
from agents.exceptions import Permanent
from agents.strategies import StrategyStepResult
from tests.agents.models.stubs import Asked, Stub, Told, engine, step, well

DOCUMENTS = [{"id": "bakery", "title": "Bakery", "kind": "file", "text": DOCUMENT}]
GOAL = "Open a second bakery"


def given(name: str, *earlier: StrategyStepResult, **more: Any) -> dict[str, Any]:
    found = [one.model_dump(mode="json") for one in earlier]
    return {"goal": GOAL, "step": name, "documents": DOCUMENTS, "earlier": found, **more}


def done(stub: Stub, asked: dict[str, Any], **settings: Any) -> tuple[StrategyStepResult, Told]:
    told = step(engine(stub, **settings), "strategy", asked)
    return StrategyStepResult.model_validate(told.result), told


def found(asked: Asked) -> dict[str, Any]:
    line = next(line for line in asked.text.splitlines() if "Customers praise" in line)
    number = int(line.partition(".")[0])
    text = "Bread is praised by 77% of all."
    return {
        "findings": [{"cell": "Strengths", "text": text, "sentences": [number]}],
        "insights": [],
    }


def test_a_step_with_frameworks_rests_on_sentences_that_the_model_named() -> None:
    result, told = done(Stub(found), given("insights"))

    assert result.step == "insights"
    assert [one.cell for one in result.findings] == ["Strengths"]
    assert "77% [unverified]" in result.findings[0].text
    check_citations(result.model_dump(mode="json"), DOCUMENTS)
    check_percent(told.events)
    assert isinstance(told.end, Done)
    assert told.end.usage["requests"] == 1


def test_the_document_is_written_by_the_model_and_names_what_is_missing() -> None:
    insights, _ = done(Stub(found), given("insights"))
    text = "# Two bakeries\n\nBread is liked [bakery#2], and 4242 people wait."
    missing = [{"step": "risks", "reason": "The model was away."}]

    result, told = done(Stub(text), given("document", insights, missing=missing))

    assert result.strategy is not None
    markdown = result.strategy.markdown
    assert markdown.startswith("# Two bakeries")
    assert "4242 [unverified]" in markdown
    assert "The model was away." in markdown
    assert "Written by the language model stub" in markdown
    assert result.strategy.findings == 1
    assert told.text == markdown


def test_reading_the_context_asks_no_model() -> None:
    stub = Stub(well)

    result, _ = done(stub, given("context"))

    assert result.findings
    assert stub.asked == []


@pytest.mark.parametrize("name", ["insights", "document"])
def test_a_step_says_where_the_offline_engine_stood_in(name: str) -> None:
    earlier = (done(Stub(found), given("insights"))[0],) if name == "document" else ()

    result, told = done(Stub(ConnectionError()), given(name, *earlier), fallback="offline")

    assert result.achievement.startswith("The language model could not be used")
    if result.strategy:
        assert "The language model could not be used" in result.strategy.markdown
        assert told.text == result.strategy.markdown
    assert any("could not be used" in one.message for one in told.of(Progress))


def test_without_leave_a_step_fails_with_what_is_wrong() -> None:
    with pytest.raises(Permanent) as raised:
        done(Stub("I would rather talk."), given("insights"), output="native", retries=0)

    assert raised.value.code == "bad_output"
