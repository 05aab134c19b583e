"""How many values are missing, and between what the others lie."""

import math
from typing import Any

from agents.data.batches import batches
from agents.data.cells import scalar
from agents.data.connection import Connection
from agents.data.drafts import ColumnDraft, TableDraft
from agents.data.likeness import words
from agents.data.wording import counted
from agents.data_model import Scalar

DIGITS = 12  # of a figure that is worked out: its last ones would be noise
LARGEST_CLOCK = 2400


def count_nulls(table: TableDraft, connection: Connection) -> str:
    """Count the missing values of each column."""
    for part in batches(table.columns):
        counts = ", ".join(f"count({column.sql})" for column in part)
        [found] = connection.rows(f"SELECT {counts} FROM {table.sql}")
        for column, filled in zip(part, found, strict=True):
            column.nulls = table.rows - filled
    cells = table.rows * len(table.columns)
    missing = sum(column.nulls for column in table.columns)
    share = 100 * missing / cells if cells else 0
    return f"{missing:,} of {cells:,} values missing ({share:.1f} %)"


def find_ranges(table: TableDraft, connection: Connection) -> str:
    """Find least and greatest values, and of numbers also mean, median and deviation."""
    numbers, times = list(table.of_kind("number")), list(table.of_kind("date", "datetime", "time"))
    if not table.rows or (not numbers and not times):
        return "nothing to measure"
    for part in batches(numbers):
        selected = [one for column in part for one in _of_number(column)]
        [found] = connection.rows(f"SELECT {', '.join(selected)} FROM {table.sql}")
        values = iter(found)
        for column in part:
            column.minimum, column.maximum = scalar(next(values)), scalar(next(values))
            column.mean, column.deviation = rounded(next(values)), rounded(next(values))
            _set_quantiles(column, next(values))
            column.is_clock = bool(next(values))
    for part in batches(times):
        selected = [
            f"CAST({what}({one.sql}) AS VARCHAR)" for one in part for what in ("min", "max")
        ]
        [found] = connection.rows(f"SELECT {', '.join(selected)} FROM {table.sql}")
        for column, low, high in zip(part, found[::2], found[1::2], strict=True):
            column.minimum, column.maximum = moment(low), moment(high)
    return f"measured {counted(len(numbers), 'number')} and {counted(len(times), 'time')}"


def rounded(value: Any) -> float | None:
    """Return a figure without the digits that depend on the order of adding up."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{float(value):.{DIGITS}g}")


def moment(text: str | None) -> Scalar:
    """Return DuckDB's text of a date or time in ISO-8601."""
    return None if text is None else text.replace(" ", "T")


def finite(column: ColumnDraft) -> str:
    """Return SQL for the values of a column of numbers, without NaN and infinity."""
    if column.type in ("DOUBLE", "FLOAT"):
        return f"CASE WHEN isfinite({column.sql}) THEN {column.sql} END"
    return column.sql


def _of_number(column: ColumnDraft) -> list[str]:
    value = finite(column)
    as_float = f"CAST({value} AS DOUBLE)"
    clock = "NULL"
    if column.is_whole and "time" in words(column.name):
        inside = f"{column.sql} BETWEEN 0 AND {LARGEST_CLOCK} AND {column.sql} % 100 < 60"
        clock = f"bool_and({inside}) AND max({column.sql}) > 60"
    return [
        f"min({value})",
        f"max({value})",
        f"avg({as_float})",
        # Of numbers whose squares are infinite there is no deviation, but an error.
        f"CASE WHEN max(abs({as_float})) < 1e150 THEN stddev_samp({as_float}) END",
        f"quantile_cont({as_float}, [0.25, 0.5, 0.75])",
        clock,
    ]


def _set_quantiles(column: ColumnDraft, found: list[float] | None) -> None:
    low, middle, high = map(rounded, found or (None, None, None))
    column.median = middle
    column.quartiles = (low, high) if low is not None and high is not None else None
