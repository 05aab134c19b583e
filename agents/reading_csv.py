"""A CSV file as sentences, one for each row, so that a row can be cited."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import zip_longest

from agents.reading_limits import Limits, Unreadable

DELIMITERS = ",;\t|"
SAMPLE_LINES = 20


def text(content: str, name: str, limits: Limits) -> str:
    """Return "Row 3: region = North; revenue = 1200." for each row of the file.

    Rows are numbered as a spreadsheet numbers them: the header is row 1.
    """
    rows = list(_rows(content, name, limits))
    if not rows:
        raise Unreadable(f"{name} has no rows. Upload a file with a header and rows.", code="empty")
    header = [cell or f"column {place}" for place, cell in enumerate(rows[0], start=1)]
    count = len(rows) - 1
    columns = ", ".join(header)
    lines = [f"Row 1: the {len(header)} columns of {count} rows are {columns}."]
    lines += [_sentence(number, header, row) for number, row in enumerate(rows[1:], start=2)]
    return "\n".join(line for line in lines if line)


def _rows(content: str, name: str, limits: Limits) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(content, newline=""), delimiter=_delimiter(content), strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            _check(number, row, name, limits)
            yield [" ".join(cell.split()) for cell in row]
    except csv.Error as error:
        message = (
            f"{name} breaks the rules of CSV in line {reader.line_num}: {error}. "
            "Mend the quotes in that line, or export the file again."
        )
        raise Unreadable(message, code="corrupt") from error


def _check(number: int, row: Sequence[str], name: str, limits: Limits) -> None:
    if number > limits.rows:
        message = f"{name} has more than {limits.rows:,} rows. Upload a part or a summary of it."
        raise Unreadable(message, code="too_large")
    if len(row) > limits.columns:
        message = (
            f"{name} has {len(row):,} columns in row {number}; at most {limits.columns:,} are "
            "read. Leave out the columns that do not matter."
        )
        raise Unreadable(message, code="too_large")


def _delimiter(content: str) -> str:
    """Return the delimiter that splits the first lines most evenly; a comma if none does."""
    lines = [line for line in content.splitlines()[:SAMPLE_LINES] if line.strip()]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        first = counts[0] if counts else 0
        return (sum(count == first for count in counts) if first else 0, first)

    return max(DELIMITERS, key=evenness)


def _sentence(number: int, header: Sequence[str], row: Sequence[str]) -> str:
    named = zip_longest(header, row, fillvalue="")
    cells = [
        f"{name or f'column {place}'} = {cell}"
        for place, (name, cell) in enumerate(named, start=1)
        if cell
    ]
    return f"Row {number}: {'; '.join(cells)}." if cells else ""
