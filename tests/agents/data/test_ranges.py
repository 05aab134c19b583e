from pathlib import Path

import pytest

from tests.agents.data.profiled import profile_of


def test_numbers_are_measured(tmp_path: Path) -> None:
    column = profile_of(tmp_path, t="SELECT unnest([1, 2, 3, 4, NULL]) AS v").column("t.v")

    assert (column.minimum, column.maximum, column.nulls) == (1, 4, 1)
    assert (column.mean, column.median) == (2.5, 2.5)
    assert column.deviation == pytest.approx(1.29099444874)


def test_infinity_and_nan_are_left_out(tmp_path: Path) -> None:
    query = "SELECT unnest([1.0, 2.0, 'nan'::DOUBLE, 'inf'::DOUBLE, '-inf'::DOUBLE]) AS v"
    column = profile_of(tmp_path, t=query).column("t.v")

    assert (column.minimum, column.maximum, column.mean) == (1, 2, 1.5)
    assert sum(one.count for one in column.histogram) == 2


def test_the_largest_numbers_do_no_harm(tmp_path: Path) -> None:
    query = """
    SELECT unnest([170141183460469231731687303715884105727::HUGEINT, 0]) AS huge,
           unnest([1e308, -1e308]) AS wide, unnest([9223372036854775807, -9223372036854775807]) AS whole,
           unnest([1.5::DECIMAL(38, 10), 99999999999999999999.5]) AS exact
    """
    found = profile_of(tmp_path, t=query)

    assert found.column("t.huge").maximum == 2.0**127  # Parquet has no whole numbers so large
    assert found.column("t.wide").maximum == 1e308
    assert found.column("t.whole").minimum == -(2**63) + 1
    assert found.column("t.exact").minimum == 1.5


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        ("DATE '2024-01-01' + i::INTEGER", "2024-01-01", "2024-01-10"),
        (
            "TIMESTAMP '2024-01-01 05:00:00' + INTERVAL 1 DAY * i",
            "2024-01-01T05:00:00",
            "2024-01-10T05:00:00",
        ),
        ("TIME '05:00:00' + INTERVAL 1 HOUR * i", "05:00:00", "14:00:00"),
    ],
)
def test_times_are_given_in_iso_8601(tmp_path: Path, expression: str, low: str, high: str) -> None:
    column = profile_of(tmp_path, t=f"FROM range(10) r(i) SELECT {expression} AS v").column("t.v")

    assert (column.minimum, column.maximum) == (low, high)


def test_a_column_without_values_has_no_range(tmp_path: Path) -> None:
    query = "SELECT NULL::DOUBLE AS v, NULL::DATE AS d, 1 AS id"
    found = profile_of(tmp_path, t=query)

    for name in ("t.v", "t.d"):
        column = found.column(name)
        assert (column.minimum, column.mean, column.nulls, column.distinct) == (None, None, 1, 0)
        assert (column.top, column.histogram) == ((), ())
