import pytest

from agents.data.headers import layout


@pytest.mark.parametrize(
    "rows",
    [
        [["name", "age"], ["Ada", "36"]],
        [["name", "city"], ["Ada", "London"]],
        [["country", "1990", "2000"], ["Chad", "1.5", "2.5"]],
        [["a", ""], ["1", "2"]],
        [["id"], ["1"], ["2"]],
        [["when", "2024 total"], ["2024-01-01", "5"]],
    ],
)
def test_a_first_row_that_names_columns_is_a_header(rows: list[list[str]]) -> None:
    assert layout(rows).titles == tuple(rows[0])


@pytest.mark.parametrize(
    "rows",
    [
        [["Ada", "36"], ["Alan", "41"]],
        [["Ada", "1815"], ["Alan", "1912"]],
        [["1", "2"], ["3", "4"]],
        [["2024-01-01", "x"], ["2024-01-02", "y"]],
        [["1"]],
        [["", "5"], ["a", "6"]],
    ],
)
def test_a_first_row_like_the_others_is_none(rows: list[list[str]]) -> None:
    assert layout(rows).titles == ()


def test_rows_above_a_header_fill_fewer_cells() -> None:
    rows = [["Report"], [], ["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]]

    found = layout(rows)

    assert (found.skipped, found.titles, found.width) == (2, ("a", "b", "c"), 3)


def test_one_column_has_no_rows_above_it() -> None:
    assert layout([["name"], ["Ada"], ["Alan"]]).skipped == 0


def test_nothing_has_no_layout() -> None:
    assert layout([]).width == 0
    assert layout([[], ["", None]]).titles == ()
