from pathlib import Path

import pytest

from agents.data_model import Issue
from tests.agents.data.loaded import load_one


def column(
    place: Path, *values: str, delimiter: str = ","
) -> tuple[str, list[object], list[Issue]]:
    """Load a column of a CSV file; return its type, its values and what was found."""
    lines = "\n".join(f'"{value}"{delimiter}x' for value in values)
    manifest, table = load_one(place, "t.csv", f"v{delimiter}other\n{lines}\n")
    return table.types[0], [row[0] for row in table.rows], list(manifest.issues)


@pytest.mark.parametrize(
    ("values", "type_", "read"),
    [
        (["1", "-2", " 3 "], "BIGINT", [1, -2, 3]),
        (["1", "2.5", "-.5", "1e3"], "DOUBLE", [1.0, 2.5, -0.5, 1000.0]),
        (["+5", "-3", "0"], "DOUBLE", [5.0, -3.0, 0.0]),
        (["true", "False", "TRUE"], "BOOLEAN", [True, False, True]),
        (["2024-02-29", "2024-3-1"], "DATE", ["2024-02-29", "2024-03-01"]),
        (["2024/02/29"], "DATE", ["2024-02-29"]),
        (["29.02.2024"], "DATE", ["2024-02-29"]),
        (["13/02/2024", "01/02/2024"], "DATE", ["2024-02-13", "2024-02-01"]),
        (["02/13/2024", "01/02/2024"], "DATE", ["2024-02-13", "2024-01-02"]),
        (["Feb 29 2024", "Mar 1, 2024", "March 2, 2024"], "DATE", ["2024-02-29", "2024-03-01", "2024-03-02"]),
        (["29 Feb 2024", "1 March 2024"], "DATE", ["2024-02-29", "2024-03-01"]),
        (["29-Feb-2024"], "DATE", ["2024-02-29"]),
        (["2024-02-29 10:20", "2024-02-29T10:20:30.5"], "TIMESTAMP", ["2024-02-29T10:20:00", "2024-02-29T10:20:30.5"]),
        (["2024-02-29T10:20:30Z", "2024-02-29 10:20:30+02:00"], "TIMESTAMP", ["2024-02-29T10:20:30", "2024-02-29T08:20:30"]),
        (["2/13/2024 9:05", "2/14/2024 10:05:06"], "TIMESTAMP", ["2024-02-13T09:05:00", "2024-02-14T10:05:06"]),
        (["9:05", "23:59:59"], "TIME", ["09:05:00", "23:59:59"]),
        (["1,234", "12", "1,234,567"], "BIGINT", [1234, 12, 1234567]),
        (["1,234.5", "12"], "DOUBLE", [1234.5, 12.0]),
        (["$1,234.50", "$3"], "DOUBLE", [1234.5, 3.0]),
        (["12.5%", "3 %"], "DOUBLE", [12.5, 3.0]),
    ],
)  # fmt: skip
def test_texts_of_one_format_become_values(
    tmp_path: Path, values: list[str], type_: str, read: list[object]
) -> None:
    assert column(tmp_path, *values)[:2] == (type_, read)


@pytest.mark.parametrize(
    "values",
    [
        ["01234", "98765"],
        ["007", "7"],
        ["1234567890123456789012345", "1"],
        ["+4930123456", "+4930123457"],
        ["2024-02-30", "2024-02-28"],
        ["1/2", "3/4"],
        ["1.2.3", "1.2.4"],
        ["nan", "inf"],
        ["0x10", "0x11"],
        ["1_000", "2_000"],
        ["yes", "no"],
    ],
)
def test_what_is_no_value_stays_as_it_was_written(tmp_path: Path, values: list[str]) -> None:
    type_, read, _ = column(tmp_path, *values)

    assert type_ == "VARCHAR"
    assert read == [None if value == "nan" else value for value in values]


def test_a_comma_before_decimals_is_read_where_semicolons_part_the_cells(tmp_path: Path) -> None:
    type_, read, issues = column(tmp_path, "3,5", "1.234,25", delimiter=";")

    assert (type_, read) == ("DOUBLE", [3.5, 1234.25])
    assert [issue.code for issue in issues] == ["number_format"]


def test_one_value_that_does_not_fit_keeps_the_column_text_and_is_told(tmp_path: Path) -> None:
    type_, read, issues = column(tmp_path, *map(str, range(2000)), "abc")

    assert type_ == "VARCHAR"
    assert read[0] == "0"
    assert [(issue.code, issue.severity, issue.column) for issue in issues] == [
        ("mixed_types", "warning", "v")
    ]
    assert "1 of 2,001 values" in issues[0].message
    assert "\u201cabc\u201d" in issues[0].message


def test_codes_with_zeros_in_front_are_no_mixture(tmp_path: Path) -> None:
    type_, _, issues = column(tmp_path, *map(str, range(10_000, 12_000)), "01234")

    assert (type_, issues) == ("VARCHAR", [])


def test_words_for_nothing_among_numbers_become_nulls_and_are_told(tmp_path: Path) -> None:
    type_, read, issues = column(tmp_path, *"12345678", "-", "unknown")

    assert type_ == "BIGINT"
    assert read == [1, 2, 3, 4, 5, 6, 7, 8, None, None]
    assert issues[0].code == "missing_values"
    assert "\u201c-\u201d, \u201cunknown\u201d" in issues[0].message


def test_a_dash_among_texts_is_a_text(tmp_path: Path) -> None:
    assert column(tmp_path, "a", "-", "b")[:2] == ("VARCHAR", ["a", "-", "b"])


def test_dates_whose_order_is_unclear_are_told(tmp_path: Path) -> None:
    type_, read, issues = column(tmp_path, "01/02/2024", "03/04/2024")

    assert (type_, read) == ("DATE", ["2024-01-02", "2024-03-04"])
    assert [issue.code for issue in issues] == ["ambiguous_dates"]


def test_times_with_a_zone_are_told_to_be_utc(tmp_path: Path) -> None:
    _, _, issues = column(tmp_path, "2024-02-29T10:20:30Z")

    assert [issue.message for issue in issues] == ["Its times are given in UTC."]


def test_a_column_without_values_is_text(tmp_path: Path) -> None:
    assert column(tmp_path, "", "NA")[:2] == ("VARCHAR", [None, None])


def test_values_that_come_late_are_still_recognised(tmp_path: Path) -> None:
    type_, _, _ = column(tmp_path, *[""] * 1500, "5", "6")

    assert type_ == "BIGINT"
