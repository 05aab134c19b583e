import pytest

from agents.data_model import DataModel
from agents.offline.answering.suggestions import suggest, suggest_like
from tests.agents.answering.shop import DataSet, loaded, real, shop
from tests.agents.answering.talking import ask
from tests.data_sets import FIXED, vega_names

NAMES = ("shop", *FIXED, *vega_names())


def data_set(name: str) -> DataSet:
    return shop() if name == "shop" else real(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_suggestion_is_answered_without_a_doubt(name: str) -> None:
    data = data_set(name)
    questions = suggest(data.model)
    assert len(questions) >= 3
    for question in questions:
        said = ask(question, data).reply
        assert (said.status, said.intent.intent_type) == ("answered", "PARTICULAR"), question
        assert said.intent.confidence >= 0.9
        assert said.query is not None
        assert said.query.result.row_count > 0


@pytest.mark.parametrize("name", NAMES)
def test_suggestions_of_a_declined_question_are_answered_too(name: str) -> None:
    data = data_set(name)
    for question in ask("how many frobs were blorbed", data).reply.suggestions:
        assert ask(question, data).reply.status == "answered", question


def test_suggestions_are_of_several_kinds_and_each_comes_once() -> None:
    questions = suggest(shop().model)
    assert len(set(questions)) == len(questions)
    starts = {question.split()[0] for question in questions}
    assert {"How", "What", "Which"} <= starts


def test_those_that_share_words_with_the_question_come_first() -> None:
    assert "weight" in suggest_like(shop().model, "is weight worth it?")[0]


def test_the_same_model_gives_the_same_suggestions() -> None:
    assert suggest(shop().model) == suggest(shop().model)


def test_a_table_of_one_text_column_still_has_one() -> None:
    model: DataModel = loaded("notes", {"notes.csv": "note\nfirst thing\nsecond thing\n"}).model
    assert suggest(model)
