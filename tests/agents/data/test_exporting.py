import csv
from io import StringIO

import pytest

from agents.data.exporting import csv_safe, csv_text
from agents.data_model import Scalar


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1+2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\uff1d1+1",
    ],
)
def test_what_a_spreadsheet_would_execute_is_marked_as_text(text: str) -> None:
    assert csv_safe(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["plain", "a=b", "", None, -5, 1.5, True, "'=1"])
def test_other_cells_stay_as_they_are(cell: Scalar) -> None:
    assert csv_safe(cell) == cell


def test_a_table_becomes_csv_with_a_header() -> None:
    text = csv_text(("name", "=evil", "v"), [('a "quoted", cell', "=1", -1.5), (None, "x\ny", 2)])

    assert list(csv.reader(StringIO(text, newline=""))) == [
        ["name", "'=evil", "v"],
        ['a "quoted", cell', "'=1", "-1.5"],
        ["", "x\ny", "2"],
    ]
