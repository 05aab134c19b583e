from itertools import pairwise
from pathlib import Path

import pytest

from agents.data_model import Bin
from tests.agents.data.profiled import profile_of


def test_the_most_frequent_values_come_first_and_equals_in_order(tmp_path: Path) -> None:
    query = "SELECT unnest(['b', 'a', 'c', 'c', NULL, 'b', 'a', 'c']) AS v"
    column = profile_of(tmp_path, t=query).column("t.v")

    assert [(one.value, one.count) for one in column.top] == [("c", 3), ("a", 2), ("b", 2)]


def test_values_that_are_all_different_are_not_listed(tmp_path: Path) -> None:
    query = "SELECT i AS id, 'n' || i AS name FROM range(50) r(i)"
    found = profile_of(tmp_path, t=query)

    assert found.column("t.id").top == ()
    assert found.column("t.name").top == ()


def test_few_whole_numbers_get_a_bin_each(tmp_path: Path) -> None:
    column = profile_of(tmp_path, t="SELECT unnest([1, 1, 2, 4]) AS v").column("t.v")

    assert column.histogram == (
        Bin(low=1, high=1, count=2),
        Bin(low=2, high=2, count=1),
        Bin(low=3, high=3, count=0),
        Bin(low=4, high=4, count=1),
    )


@pytest.mark.parametrize(
    "expression", ["i", "i * 1.1", "i::DECIMAL(9, 3) / 7", "-i * 1e12", "i * 90000000000000000"]
)
def test_numbers_fall_into_at_most_20_bins_without_a_gap(tmp_path: Path, expression: str) -> None:
    query = f"FROM range(100) r(i) SELECT {expression} AS v"
    bins = profile_of(tmp_path, t=query).column("t.v").histogram

    assert 0 < len(bins) <= 20
    assert sum(one.count for one in bins) == 100
    for one, next_ in pairwise(bins):
        assert next_.low in (one.high, int(one.high or 0) + 1)


@pytest.mark.parametrize(
    ("step", "count", "bins", "low", "high"),
    [
        ("DAY", 10, 10, "2024-01-01", "2024-01-02"),
        ("DAY", 365, 12, "2024-01-01", "2024-02-01"),
        ("MONTH", 100, 9, "2024-01-01", "2025-01-01"),
        ("YEAR", 100, 20, "2024-01-01", "2029-01-01"),
    ],
)
def test_dates_are_counted_by_units_of_the_calendar(
    tmp_path: Path, step: str, count: int, bins: int, low: str, high: str
) -> None:
    query = (
        f"FROM range({count}) r(i) SELECT (DATE '2024-01-01' + INTERVAL 1 {step} * i)::DATE AS v"
    )
    found = profile_of(tmp_path, t=query).column("t.v").histogram

    assert len(found) == bins
    assert (found[0].low, found[0].high) == (low, high)
    assert sum(one.count for one in found) == count


def test_moments_within_a_day_are_counted_by_the_hour(tmp_path: Path) -> None:
    query = (
        "SELECT TIMESTAMP '2024-01-01 05:30:00' + INTERVAL 1 MINUTE * i AS v FROM range(90) r(i)"
    )
    found = profile_of(tmp_path, t=query).column("t.v").histogram

    assert [(one.low, one.count) for one in found] == [
        ("2024-01-01T05:00:00", 30),
        ("2024-01-01T06:00:00", 60),
    ]


def test_dates_without_end_do_no_harm(tmp_path: Path) -> None:
    query = "SELECT unnest([DATE '2024-01-01', DATE '2024-01-05', DATE 'infinity']) AS v"
    found = profile_of(tmp_path, t=query)

    assert sum(one.count for one in found.column("t.v").histogram) == 2
    assert found.column("t.v").maximum == "infinity"


def test_a_constant_has_no_histogram(tmp_path: Path) -> None:
    column = profile_of(tmp_path, t="SELECT 5 AS v FROM range(10)").column("t.v")

    assert column.histogram == ()
    assert [(one.value, one.count) for one in column.top] == [(5, 10)]
