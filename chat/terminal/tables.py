"""Results as text: columns side by side, as many as the terminal is wide."""

from collections.abc import Sequence
from typing import Any

from runs.terminal.text import cut, one_line, width

MOST_ROWS = 10
WIDEST = 30  # columns of the terminal, for one of the table
GAP = "  "


def render(columns: Sequence[str], rows: Sequence[Sequence[Any]], row_count: int) -> list[str]:
    """Return the first rows, numbers to the right; the last line says how many more there are."""
    shown = [[_cell(value) for value in row] for row in rows[:MOST_ROWS]]
    head = [cut(one_line(name), WIDEST) for name in columns]
    sizes = [max(width(line[index]) for line in (head, *shown)) for index in range(len(head))]
    right = [all(_is_number(row[index]) for row in rows) for index in range(len(head))]
    lines = [_row(line, sizes, right) for line in (head, *shown)]
    if row_count > len(shown):
        lines.append(f"... {row_count - len(shown):,} more")
    return lines


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    return cut(one_line(str(value)), WIDEST)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _row(cells: Sequence[str], sizes: Sequence[int], right: Sequence[bool]) -> str:
    parts = [
        " " * (size - width(cell)) + cell if to_right else cell + " " * (size - width(cell))
        for cell, size, to_right in zip(cells, sizes, right, strict=True)
    ]
    return GAP.join(parts).rstrip()
