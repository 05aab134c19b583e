import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.offline.figures import data_points, in_sentence
from agents.plans import Citation, DataPoint


def points(text: str, *, is_row: bool = False) -> tuple[DataPoint, ...]:
    return data_points(text, Citation(document="d", sentence=1, quote=text), is_row=is_row)


@pytest.mark.parametrize(
    ("text", "kind", "written", "value", "high", "unit"),
    [
        ("Revenue was EUR 3.4m then.", "money", "EUR 3.4m", 3.4e6, None, "EUR"),
        ("It costs \u20ac1,200.50 today.", "money", "\u20ac1,200.50", 1200.5, None, "EUR"),
        ("Costs of 1.200,50 EUR arise.", "money", "1.200,50 EUR", 1200.5, None, "EUR"),
        ("We pay $3 to $5 million.", "money", "$3 to $5 million", 3e6, 5e6, "USD"),
        ("A loan of 2 billion dollars.", "money", "2 billion dollars", 2e9, None, "USD"),
        ("We grew by 5-7 % there.", "percent", "5-7 %", 5, 7, "%"),
        ("Between 5 and 7 percent left.", "percent", "5 and 7 percent", 5, 7, "%"),
        ("A change of -3.5% came.", "percent", "-3.5%", -3.5, None, "%"),
        ("It ends on 12 March 2024 there.", "date", "12 March 2024", 20240312, None, "yyyymmdd"),
        ("It ends on 2024-03-12 there.", "date", "2024-03-12", 20240312, None, "yyyymmdd"),
        ("It ends in April 2026 there.", "date", "April 2026", 202604, None, "yyyymm"),
        ("It ends in Q3 2026 there.", "date", "Q3 2026", 20263, None, "yyyyq"),
        ("It grew in 2024, then fell.", "date", "2024", 2024, None, "year"),
        ("From 2019\u20132023 it grew.", "date", "2019\u20132023", 2019, 2023, "year"),
        ("It takes two to three weeks here.", "duration", "two to three weeks", 2, 3, "weeks"),
        ("A 12-month contract binds.", "duration", "12-month", 12, None, "months"),
        ("It needs 1.5 GB there.", "quantity", "1.5 GB", 1.5, None, "GB"),
        ("It has 3.4m users there.", "count", "3.4m users", 3.4e6, None, "users"),
        ("All 1,200 active customers.", "count", "1,200 active customers", 1200, None, None),
    ],
)
def test_a_figure_is_read_with_its_value_and_unit(
    text: str, kind: str, written: str, value: float, high: float | None, unit: str | None
) -> None:
    (point,) = points(text)

    assert (point.kind, point.text, point.value, point.high) == (kind, written, value, high)
    assert unit is None or point.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "we may do it as well",
        "Version 1.2.3 of Python 3.11 is out",
        "See section 3 rules and CVE-2024-1234 there",
        "Issue #12 bugs, RFC 2119 rules",
        "Use $1 as the group of 10.0.0.1",
        "Read page 7 notes",
    ],
)
def test_numbers_that_name_something_are_no_figures(text: str) -> None:
    assert [point.text for point in points(text) if point.kind != "money"] == []


def test_labels_are_words_of_the_sentence() -> None:
    first, second = points("Revenue grew to EUR 3.4m, and rent rose by 12%.")

    assert (first.label, second.label) == ("Revenue grew", "rent rose")


def test_cells_of_a_row_are_named_by_their_columns() -> None:
    row = "Row 3: region = North; revenue_eur = 1200; year = 2020; share % = 5; id = 7."

    told = [
        (point.kind, point.label, point.value, point.unit) for point in points(row, is_row=True)
    ]

    assert told == [
        ("money", "revenue_eur (North)", 1200, "EUR"),
        ("percent", "share % (North)", 5, "%"),
    ]


def test_a_sentence_with_too_many_figures_is_a_table_that_lost_its_lines() -> None:
    assert in_sentence(", ".join(f"{number} %" for number in range(20))) == ()


@given(st.integers(1, 10**9), st.sampled_from(["%", " km", " GB", " days", " users"]))
def test_any_whole_number_keeps_its_value_with_and_without_commas(number: int, unit: str) -> None:
    for written in (f"{number}{unit}", f"{number:,}{unit}"):
        (point,) = points(f"The total came to {written} altogether.")

        assert point.value == number
        assert point.text == written


@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from(["-", "\u2013", " to ", " - "]))
def test_any_range_keeps_both_ends(low: int, high: int, dash: str) -> None:
    (point,) = points(f"It rises by {low}{dash}{high}% then.")

    assert (point.value, point.high, point.unit) == (low, high, "%")


@given(st.text(max_size=200))
def test_any_text_gives_figures_that_stand_in_it(text: str) -> None:
    for point in points(text):
        assert point.text in text
        assert point.label
