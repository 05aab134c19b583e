import pytest

from agents.offline.answering.words import clean, name_words, root, singular, tokens


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10,000", 10000),
        ("1.5 million", 1.5e6),
        ("$20k", 20000),
        ("35%", 35),
        ("-4", -4),
        ("seven", 7),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert [one.number for one in tokens(text)] == [number]


def test_words_signs_dates_and_quotes_are_told_apart() -> None:
    found = tokens('orders >= 5 on 2023-01-02 for "New York" isn\'t it')
    assert [one.word for one in found] == [
        "orders", ">=", "5", "on", "2023-01-02", "for", "new york", "is", "not", "it",
    ]  # fmt: skip
    assert [one.text for one in found if one.is_quoted] == ["New York"]
    assert [one.text for one in found if one.is_date] == ["2023-01-02"]


def test_a_possessive_is_its_noun() -> None:
    assert [one.word for one in tokens("Japan's cars")] == ["japan", "cars"]


def test_a_number_joined_to_a_word_is_apart() -> None:
    assert [one.word for one in tokens("4-cylinder cars")] == ["4", "cylinder", "cars"]


@pytest.mark.parametrize(
    ("plural", "one"),
    [("flights", "flight"), ("countries", "country"), ("species", "species"), ("classes", "class"),
     ("boxes", "box"), ("people", "person"), ("bus", "bus"), ("gas", "gas"), ("analysis", "analysis")],
)  # fmt: skip
def test_plurals_become_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize(
    ("one", "other"),
    [("departed", "departure"), ("generated", "generation"), ("accelerate", "acceleration"),
     ("delayed", "delay"), ("arrival", "arrived")],
)  # fmt: skip
def test_words_of_one_family_have_one_root(one: str, other: str) -> None:
    assert root(one) == root(other)


def test_families_are_kept_apart() -> None:
    assert root("employment") != root("unemployment")


@pytest.mark.parametrize(
    ("name", "words"),
    [("dep_delay", ("dep", "delay")), ("lifeExp", ("life", "exp")), ("GDPPercap", ("gdp", "percap")),
     ("Body Mass (g)", ("body", "mass", "g")), ("temp2", ("temp", "2"))],
)  # fmt: skip
def test_names_are_split_into_words(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


def test_control_characters_and_length_are_taken_away() -> None:
    assert clean("a\x00b\x1b\u202ec") == "a b c"
    assert len(clean("x " * 10_000)) <= 2000
    assert len(tokens(clean("x " * 10_000))) <= 120
