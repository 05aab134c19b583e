"""Where a table of plain cells begins, and whether its first row names the columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

Cell = object
Row = Sequence[Cell]

SAMPLE_ROWS = 100
DATA_LIKE = re.compile(
    r"\s*(?:[$\u20ac\u00a3]?[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*%?"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?|\d{1,2}:\d\d(?::\d\d)?|true|false)\s*",
    re.IGNORECASE,
)
YEARS = range(1800, 2201)


@dataclass(frozen=True, slots=True)
class Layout:
    """`skipped` rows come before the table; `titles` is empty where no row names the columns."""

    skipped: int
    titles: tuple[Cell, ...]
    width: int


def layout(rows: Sequence[Row]) -> Layout:
    """Tell from the first rows of a file or sheet how its table is laid out."""
    widths = [filled_width(row) for row in rows]
    usual = _usual(widths)
    # A title or remark above the table fills fewer cells than the table has columns.
    skipped = next(
        (place for place, width in enumerate(widths) if width and _is_full(rows[place], usual)), 0
    )
    first = list(rows[skipped]) if rows else []
    width = max(usual, filled_width(first))
    rest = rows[skipped + 1 :]
    titles = tuple(first[:width]) if _is_header(first, rest) else ()
    return Layout(skipped, titles, width)


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_data(cell: Cell) -> bool:
    """Whether a cell looks like a value rather than the name of a column."""
    return bool(DATA_LIKE.fullmatch(cell)) if isinstance(cell, str) else cell is not None


def filled_width(row: Row) -> int:
    """Return how many cells a row has up to the last one that is filled."""
    return next((place for place in range(len(row), 0, -1) if not is_blank(row[place - 1])), 0)


def _usual(widths: Sequence[int]) -> int:
    """Return the most frequent width; the larger one of two equally frequent ones."""
    filled = [width for width in widths if width]
    return max(filled, key=lambda width: (filled.count(width), width), default=0)


def _is_full(row: Row, usual: int) -> bool:
    filled = sum(not is_blank(cell) for cell in row)
    return filled * 2 >= usual


def _is_header(first: Row, rest: Sequence[Row]) -> bool:
    """A row names the columns unless it looks like the rows below it."""
    if not rest:
        return not any(is_data(cell) for cell in first)
    texts = [cell for cell in first if not is_blank(cell) and not is_data(cell)]
    values = [cell for cell in first if is_data(cell)]
    if not values:
        return bool(texts)
    if texts and _are_years(values):
        return True
    typed = [place for place in range(len(first)) if _is_typed(place, rest)]
    named = [place for place in typed if not is_data(first[place])]
    return len(named) * 2 > len(typed)


def _is_typed(place: int, rest: Sequence[Row]) -> bool:
    """Whether most cells of a column below the first row look like values."""
    cells = [row[place] for row in rest if place < len(row) and not is_blank(row[place])]
    return bool(cells) and sum(map(is_data, cells)) * 10 > len(cells) * 7


def _are_years(cells: Sequence[Cell]) -> bool:
    """Whether cells are years in order, as in `country, 1990, 1991`: names after all."""
    years = [str(cell).strip().removesuffix(".0") for cell in cells]
    if len(years) < 2 or not all(year.isdecimal() and int(year) in YEARS for year in years):
        return False
    return years == sorted(set(years)) or years == sorted(set(years), reverse=True)
