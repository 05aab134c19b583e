"""A model describes a data set whose profile was computed."""

from typing import Any

from agents.base import Progress
from agents.contract import check_percent
from agents.data_model import DataModel
from tests.agents.models.stubs import Stub, engine, step

WORDS: dict[str, Any] = {
    "summary": "6 rows of bread sold in two towns.\nPrices go up to 3.7, in 9 shops.",
    "questions": ["Which town sells more?", "Which  town sells more?", " "],
}


def test_the_profile_is_computed_and_the_words_are_the_models(sales: dict[str, Any]) -> None:
    told = step(engine(Stub(WORDS)), "initialise", sales["given"])

    model, profile = DataModel.model_validate(told.result), DataModel.model_validate(sales["model"])
    assert model.tables == profile.tables
    assert model.questions == profile.questions  # those that need no model stay
    assert model.suggested == ("Which town sells more?",)
    assert model.written_by == "stub"
    check_percent(told.events)
    assert told.of(Progress)[0].percent < 80


def test_the_summary_says_whose_it_is_and_marks_what_the_profile_does_not_have(
    sales: dict[str, Any],
) -> None:
    summary = step(engine(Stub(WORDS)), "initialise", sales["given"]).result["summary"]

    assert summary == (
        "6 rows of bread sold in two towns. Prices go up to 3.7, in 9 [unverified] shops. "
        "(Written by the language model stub.)"
    )


def test_the_model_is_given_the_profile_as_data(sales: dict[str, Any]) -> None:
    stub = Stub(WORDS)

    step(engine(stub), "initialise", sales["given"])

    assert 'data set>>>\ntable "sales" (6 rows' in stub.asked[0].text
    assert '- "town" VARCHAR' in stub.asked[0].text
