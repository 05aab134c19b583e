import csv
import datetime
from pathlib import Path

import pytest

from agents.data.cell_rows import NULL, CellWriter, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (1.0, "1.0"),
        (1e300, "1e+300"),
        (float("nan"), NULL),
        (float("-inf"), NULL),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (datetime.datetime.fromisoformat("2024-02-29"), "2024-02-29"),
        (datetime.datetime.fromisoformat("2024-02-29T10:20"), "2024-02-29T10:20:00"),
        (datetime.time(9, 5), "09:05:00"),
        (datetime.timedelta(minutes=2), "120.0"),
        (b"\xaa\xbb", "aabb"),
        (bytes(1000), "00" * 50),
        (2**70, str(2**70)),
    ],
)  # fmt: skip
def test_values_become_texts_that_can_be_read_back(value: object, text: str) -> None:
    assert text_of(value) == text


def written(
    place: Path, rows: list[list[object]], width: int
) -> tuple[list[list[str]], CellWriter]:
    path = place / "t.csv"
    with CellWriter(path, width) as writer:
        writer.write(rows)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file)), writer


def test_rows_get_one_width_and_null_differs_from_empty(tmp_path: Path) -> None:
    cells, writer = written(tmp_path, [["a", None, ""], ["b"], ["c", 1, "d", "beyond"]], 3)

    assert cells == [["a", NULL, ""], ["b", NULL, NULL], ["c", "1", "d"]]
    assert writer.rows == 3


def test_columns_of_nothing_but_text_are_noted(tmp_path: Path) -> None:
    _, writer = written(tmp_path, [["1", 1, "1", None], ["2", 2, 2, None]], 4)

    assert writer.only_text == (0,)


def test_characters_that_no_file_may_hold_are_taken_out(tmp_path: Path) -> None:
    cells, _ = written(tmp_path, [["a\0b", "c\ud800d", 'e"f\n']], 3)

    assert cells == [["ab", "c?d", 'e"f\n']]
