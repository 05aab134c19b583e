import pytest

from agents.offline.evidence import Evidence
from agents.offline.framework import Cell
from agents.offline.quality import has_tone, quality
from tests.agents.offline.plans_of import document

GOOD = Cell("Strengths", "what works", "fast", tone="good")
BAD = Cell("Weaknesses", "what does not work", "slow", tone="bad")


def worth(text: str) -> float:
    return quality(Evidence([document(text)], lambda: None).passages[0])


def test_a_whole_sentence_is_worth_more_than_one_that_leans_on_another() -> None:
    whole = worth("The supplier of the flour raised all of its prices in spring.")
    leaning = worth("This is why it raised all of its prices for us in spring.")

    assert whole == 1.0
    assert 0 < leaning < whole


@pytest.mark.parametrize(
    "text",
    [
        "# The heading of a chapter about the flour",
        "Too short to tell.",
        "Is the supplier of the flour going to raise all of its prices?",
        "The following prices of the supplier are valid in the spring:",
        "x = foo(bar) -> baz; if (a == b) { return c; } and the rest of it",
    ],
)
def test_what_is_no_statement_is_worth_nothing(text: str) -> None:
    assert worth(text) == 0.0


def test_praise_and_blame_are_not_mixed_up() -> None:
    assert has_tone("The oven is fast.", GOOD, cued=True)
    assert not has_tone("The oven is not fast.", GOOD, cued=True)
    assert has_tone("The oven is slow.", BAD, cued=True)
    assert not has_tone("The slow oven was fixed.", BAD, cued=True)
