from pathlib import Path

import pytest

from agents.data.findings import shown
from tests.agents.data.profiled import profile_of


@pytest.mark.parametrize(
    ("column", "code", "severity", "message"),
    [
        ("5 AS v", "constant", "info", "The value is the same in all rows: 5."),
        ("NULL::INTEGER AS v", "no_values", "warning", "The column has no values."),
        (
            "CASE WHEN i % 4 = 0 THEN i END AS v",
            "many_nulls",
            "warning",
            "75 of 100 values are missing (75.0 %).",
        ),
        (
            "CASE WHEN i % 4 > 0 THEN i END AS v",
            "many_nulls",
            "info",
            "25 of 100 values are missing (25.0 %).",
        ),
        (
            "i * 7 AS v_id",
            "numeric_identifier",
            "info",
            "The numbers name things; sums and averages of them mean nothing.",
        ),
        (
            "CASE WHEN i < 2 THEN 10000 + i ELSE i * 3 % 91 END AS v",
            "outliers",
            "info",
            "2 values lie far from the others: above 209.75.",
        ),
        (
            "CASE WHEN i < 3 THEN -999 ELSE i * 3 % 91 END AS v",
            "stand_in_values",
            "warning",
            "3 values are -999, which may stand for a missing value.",
        ),
        (
            "CASE WHEN i = 5 THEN DATE '9999-12-31' ELSE DATE '2024-01-01' + i::INTEGER END AS v",
            "future_dates",
            "warning",
            "1 value lies far in the future of the others, up to 9999-12-31.",
        ),
        (
            "CASE WHEN i = 5 THEN DATE '2042-01-01' ELSE DATE '2024-01-01' + i::INTEGER END AS v",
            "future_dates",
            "warning",
            "1 value lies far in the future of the others, up to 2042-01-01.",
        ),
        (
            "CASE WHEN i = 5 THEN 'NORTH ' WHEN i % 2 = 0 THEN 'North' ELSE 'South' END AS v",
            "inconsistent_spelling",
            "warning",
            "1 value differs from others only in upper and lower case or in spaces.",
        ),
    ],
)
def test_what_is_odd_is_found(
    tmp_path: Path, column: str, code: str, severity: str, message: str
) -> None:
    found = profile_of(tmp_path, t=f"FROM range(100) r(i) SELECT {column}, 'k' || i AS key")

    [issue] = [issue for issue in found.model.issues if issue.code == code]
    assert (issue.severity, issue.message) == (severity, message)
    assert (issue.table, issue.column) == ("t", found.model.tables[0].columns[0].name)


@pytest.mark.parametrize(
    "column",
    [
        "i * 3 % 91 AS v",
        "(i - 50) ** 2 AS v",
        "CASE WHEN i > 0 THEN i END AS v",
        "DATE '2024-01-01' + i::INTEGER AS v",
        "CASE WHEN i % 2 = 0 THEN 'North' ELSE 'South' END AS v",
        "-99 + i AS v",
    ],
)
def test_what_is_usual_is_not(tmp_path: Path, column: str) -> None:
    found = profile_of(tmp_path, t=f"FROM range(100) r(i) SELECT {column}, 'k' || i AS key")

    assert found.model.issues == ()


def test_repeated_rows_are_counted(tmp_path: Path) -> None:
    query = "SELECT 'a' || i % 3 AS a, i % 3 * 1.5 AS b FROM range(10) r(i)"
    found = profile_of(tmp_path, t=query)

    assert found.table("t").duplicates == 7
    assert [issue.message for issue in found.issues("duplicate_rows")] == [
        "7 of 10 rows repeat another row completely."
    ]
    assert found.model.quality.uniqueness == 30


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2013, "2013"),
        (12_345, "12,345"),
        (0.5, "0.5"),
        (1234567.891, "1.23457e+06"),
        (None, "None"),
    ],
)
def test_values_are_shown_as_people_write_them(value: float | None, text: str) -> None:
    assert shown(value) == text
