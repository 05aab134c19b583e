"""Values of the data are matched as they are, never by similarity."""

from collections.abc import Iterator

import pytest

from agents.contract import Flag
from agents.data.querying import Database
from agents.offline.answering.schema import Schema
from agents.offline.answering.values import Values
from agents.offline.answering.words import tokens
from tests.agents.answering.shop import DataSet, loaded
from tests.agents.answering.talking import ask

ROWS = "".join(
    f"{state},{weather},{name},{sex},{n}\n"
    for n, (state, weather, name, sex) in enumerate(
        [
            ("OR", "rain", "United Air Lines Inc.", "M"),
            ("TX", "sun", "American Airlines Inc.", "F"),
            ("IN", "fog", "Delta Air Lines Inc.", "F"),
            ("OR", "snow", "North_Star", "M"),
            ("TOP", "rain", "Delta Air Lines Inc.", "M"),
        ]
        * 3
    )
)


@pytest.fixture(scope="module")
def places() -> DataSet:
    return loaded("places", {"places.csv": "state,weather,company,sex,amount\n" + ROWS})


@pytest.fixture
def values(places: DataSet) -> Iterator[Values]:
    words = tokens("texas rainy united lines delta north star men rainn")
    with Database.open(places.folder, Flag()) as database:
        yield Values(Schema(places.model), database, words)


def whole(values: Values, text: str) -> list[object]:
    return [one.value for one in values.find(tokens(text))]


def test_case_and_punctuation_do_not_matter(values: Values) -> None:
    assert whole(values, "RAIN") == ["rain"]
    assert whole(values, "north star") == ["North_Star"]


def test_adjectives_states_and_words_for_a_sex_are_known(values: Values) -> None:
    assert whole(values, "rainy") == ["rain"]
    assert whole(values, "foggy") == ["fog"]
    assert whole(values, "Texas") == ["TX"]
    assert whole(values, "men") == ["M"]


def test_similar_words_are_no_values(values: Values) -> None:
    for word in ("rains!", "rainn", "sum", "snows2", "femal"):
        assert whole(values, word) in ([], ["rain"] if word == "rains!" else []), word


def test_a_word_of_one_value_only_names_that_value(values: Values) -> None:
    [found] = values.find_part(["united"])
    assert found.whole == "United Air Lines Inc."


def test_a_word_of_several_values_is_looked_for_in_all(values: Values) -> None:
    [found] = values.find_part(["lines"])
    assert found.whole is None


def test_words_side_by_side_have_to_be_so_in_the_value(values: Values) -> None:
    assert values.find_part(["delta", "air"])
    assert values.find_part(["delta", "lines"]) == []


@pytest.mark.parametrize(
    "question",
    ["top 2 states by amount", "total amount in or after snow", "how many are in the data, or not"],
)
def test_common_words_are_no_codes(places: DataSet, question: str) -> None:
    query = ask(question, places).reply.query
    assert query is None or not {"TOP", "OR", "IN"} & set(query.values)


def test_a_code_that_is_written_as_one_is(places: DataSet) -> None:
    assert ask("total amount in OR", places).reply.query is not None
    assert ask("how many rows have state TOP", places).rows == [[3]]
