"""Reliability of what a model says: numbers that come from nowhere are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import grounding
from agents.chats import Query, ResultTable

ROWS = (("UA", 12.6839, 0.125), ("AA", 336776, None), ("Bob 7", -42, 0.5))
TABLE = ResultTable(
    columns=("carrier", "mean", "share"),
    types=("VARCHAR", "DOUBLE", "DOUBLE"),
    rows=ROWS,
    row_count=16,
)
SQL = "SELECT carrier FROM flights WHERE year = 2013 AND day < DATE '2013-03-05' LIMIT 9"
KNOWN = grounding.of_queries([Query(interpretation="", sql=SQL, values=(77,), result=TABLE)])


@pytest.mark.parametrize(
    "text",
    [
        "The mean is 12.6839 minutes.",
        "The mean is 12.68, or 12.7, or 13.",
        "There were 336,776, about 336,800, 337 thousand, 0.34 million or 337k flights.",
        "UA has 12.5%, that is 0.125 or 13 per cent.",
        "Shares are 50% and 12.5 percent.",
        "It fell by 42, to -42.",
        "In 2013, before 2013-03-05, March 5, 2013 or 5 March 2013, and in March 2013.",
        "The first 9 of 16 rows, where x is 77.",
        "1. One\n2. Two\n\n## 4. Four\n\nThe 8th of all, as [report-99#8] says.",
        "Step 4 of the plan; see https://example.org/123/45 and [this](docs/99.md).",
        "The A320 and the N725MB, and Bob 7.",
        "No number at all.",
    ],
)
def test_numbers_that_were_executed_are_known(text: str) -> None:
    assert grounding.unverified(text, KNOWN) == ()


@pytest.mark.parametrize(
    ("text", "lies"),
    [
        ("The mean is 12.6.", ("12.6",)),
        ("The mean is 14 minutes.", ("14",)),
        ("There were 335,000 flights.", ("335,000",)),
        ("UA has 12.4%.", ("12.4%",)),
        ("A share of 0.2% is small.", ("0.2%",)),
        ("In 2014 it rose.", ("2014",)),
        ("On 2013-03-06 it rose.", ("2013-03-06",)),
        ("On 6 April 2014 it rose.", ("6 April 2014",)),
        ("It left at 14:35.", ("14:35",)),
        ("Revenue was $1.2 million, €3.4m and 5bn.", ("$1.2 million", "€3.4m", "5bn")),
        ("A table in code:\n```\nUA 99\n```\nand `98`.", ("99", "98")),
        ("Twice 1.5, and 1.5 again.", ("1.5",)),
        ("The difference is 336,763.", ("336,763",)),  # right, but no result says it
        ("1 250 and 1.250,75 of them", ("1 250", "1.250,75")),
    ],
)
def test_numbers_from_nowhere_are_found(text: str, lies: tuple[str, ...]) -> None:
    assert grounding.unverified(text, KNOWN) == lies


def test_the_mark_stands_behind_the_number() -> None:
    text, lies = grounding.marked("A mean of 12.9 and 99% of 16 rows.", KNOWN)

    assert text == "A mean of 12.9 [unverified] and 99% [unverified] of 16 rows."
    assert lies == ("12.9", "99%")


def test_what_is_marked_is_not_marked_again() -> None:
    once, _ = grounding.marked("A mean of 12.9.", KNOWN)

    assert grounding.marked(once, KNOWN) == (once, ())


def test_the_note_names_each_number_and_is_empty_without_one() -> None:
    assert "**Not verified:** 5, 7%" not in grounding.note(())
    assert grounding.note(()) == ""
    assert "5 [unverified], 7% [unverified]" in grounding.note(("5", "7%"))


def test_evidence_of_texts_reads_separators_both_ways() -> None:
    known = grounding.evidence(texts=["It costs EUR 1.234 in 2025, or 3.4m."])

    assert grounding.unverified("1,234 or 1.234; 3.4 million, in 2025", known) == ()


def test_a_date_is_known_by_its_columns() -> None:
    known = grounding.evidence(values=[2013, 1, 5, 1435])

    assert grounding.unverified("On January 5, 2013 at 14:35.", known) == ()
    assert grounding.unverified("On January 6, 2013.", known) == ("January 6, 2013",)


def test_truth_values_and_nulls_are_no_numbers() -> None:
    assert grounding.evidence(values=[True, None]).values == ()


@given(st.integers(0, 10**12))
def test_a_result_is_always_known_as_it_is_written(number: int) -> None:
    known = grounding.evidence(values=[number])

    assert grounding.unverified(f"There are {number:,} of them.", known) == ()


@given(st.floats(0.01, 1e9), st.integers(1, 4))
def test_a_result_is_known_however_it_is_rounded(number: float, decimals: int) -> None:
    known = grounding.evidence(values=[number])

    assert grounding.unverified(f"It is {number:,.{decimals}f}.", known) == ()


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    marked, lies = grounding.marked(text, KNOWN)

    assert marked.count(grounding.MARK) >= len(lies)
