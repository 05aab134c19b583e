from datetime import date

import pytest

from agents.offline.answering.dates import Period, period_at
from agents.offline.answering.words import tokens


def first(text: str) -> tuple[Period, int] | None:
    """Return the first date phrase of a text, and how many tokens it has."""
    words = tokens(text)
    for place in range(len(words)):
        found = period_at(words, place)
        if found is not None:
            return found[0], found[1] - place
    return None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in 2013", "2013-01-01", "2014-01-01"),
        ("in March 2013", "2013-03-01", "2013-04-01"),
        ("december of 2013", "2013-12-01", "2014-01-01"),
        ("on 4 July 2013", "2013-07-04", "2013-07-05"),
        ("on July 4th, 2013", "2013-07-04", "2013-07-05"),
        ("on 2013-07-04", "2013-07-04", "2013-07-05"),
        ("in 2013-07", "2013-07-01", "2013-08-01"),
        ("on 7/4/2013", "2013-07-04", "2013-07-05"),
        ("on 24/12/2013", "2013-12-24", "2013-12-25"),
        ("Q2 2013", "2013-04-01", "2013-07-01"),
        ("the first quarter of 2013", "2013-01-01", "2013-04-01"),
        ("in the 1990s", "1990-01-01", "2000-01-01"),
        ("summer 2013", "2013-06-01", "2013-09-01"),
        ("Christmas 2013", "2013-12-25", "2013-12-26"),
    ],
)
def test_a_phrase_with_a_year_has_a_first_day_and_an_end(text: str, start: str, end: str) -> None:
    found = first(text)
    assert found is not None
    assert found[0].bounds() == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("in March", Period(None, (3,))),
        ("on Mondays", Period(weekdays=(1,))),
        ("on weekends", Period(weekdays=(6, 7))),
        ("in winter", Period(None, (12, 1, 2))),
        ("25 December", Period(None, (12,), 25)),
    ],
)
def test_a_phrase_without_a_year_leaves_it_open(text: str, period: Period) -> None:
    found = first(text)
    assert found is not None
    assert found[0] == period


@pytest.mark.parametrize(
    "text",
    [
        "it may be so",
        "they march on",
        "31 February 2013",
        "2013-13-01",
        "99/99/2013",
        "12345",
        "fall down",
    ],
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    found = first(text)
    assert found is None or found[0].day is None


def test_may_is_a_month_where_a_month_may_stand() -> None:
    assert first("orders in may") == (Period(None, (5,)), 1)
    assert first("orders in May 2013") == (Period(2013, (5,)), 2)
