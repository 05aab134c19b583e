"""How the values of a column are distributed: the most frequent ones, and a histogram."""

from collections.abc import Sequence
from typing import Any

from agents.data.cells import expression, scalar
from agents.data.connection import Connection
from agents.data.drafts import ColumnDraft, TableDraft
from agents.data.ranges import finite, moment, rounded
from agents.data.wording import counted
from agents.data_model import Bin, ValueCount

MOST_TOP = 10
MOST_BINS = 20
# Numbers with more different values than this are measured; no single one matters.
MOST_NUMBERS = 1_000
LARGEST_WHOLE = 2**52
UNITS = ("hour", "day", "month", "year")


def distribute(table: TableDraft, connection: Connection) -> str:
    """Find the most frequent values and the histogram of each column where they say something."""
    listed = 0
    for column in table.columns:
        if _has_top(table, column):
            column.top = _top(table, column, connection)
            listed += 1
        if column.kind == "number" and column.distinct > 1:
            column.histogram = _of_numbers(table, column, connection)
        elif column.kind in ("date", "datetime") and column.distinct > 1:
            column.histogram = _of_times(table, column, connection)
    drawn = sum(bool(column.histogram) for column in table.columns)
    return f"{counted(listed, 'list')} of frequent values, {counted(drawn, 'histogram')}"


def _has_top(table: TableDraft, column: ColumnDraft) -> bool:
    if not 0 < column.distinct < table.rows - column.nulls:
        return False
    if column.kind == "number":
        return column.distinct <= MOST_NUMBERS
    return column.kind in ("category", "boolean", "text", "date", "datetime")


def _top(table: TableDraft, column: ColumnDraft, connection: Connection) -> tuple[ValueCount, ...]:
    found = connection.rows(
        f"SELECT {expression('v', column.type)}, n FROM (SELECT {column.sql} AS v, count(*) AS n "
        f"FROM {table.sql} WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT {MOST_TOP})"
    )
    return tuple(ValueCount(value=scalar(value), count=count) for value, count in found)


def _of_numbers(table: TableDraft, column: ColumnDraft, connection: Connection) -> tuple[Bin, ...]:
    low, high = column.minimum, column.maximum
    if not isinstance(low, int | float) or not isinstance(high, int | float) or low >= high:
        return ()
    whole = column.is_whole and max(abs(low), abs(high)) < LARGEST_WHOLE
    # Bins of whole numbers hold equally many of them; the last one may reach beyond the greatest.
    width = -(-(int(high) - int(low) + 1) // MOST_BINS) if whole else (high - low) / MOST_BINS
    count = -(-(int(high) - int(low) + 1) // int(width)) if whole else MOST_BINS
    if not 0 < width < float("inf"):
        return ()
    found = connection.rows(
        f"SELECT least(CAST(floor((CAST(v AS DOUBLE) - ?) / ?) AS INTEGER), {count - 1}) AS b, "
        f"count(*) FROM (SELECT {finite(column)} AS v FROM {table.sql}) "
        "WHERE v IS NOT NULL GROUP BY b",
        [float(low), float(width)],
    )
    counts: dict[int, int] = dict(found)
    edges = [low + place * width for place in range(count + 1)]
    return tuple(
        Bin(
            low=edges[place] if whole else rounded(edges[place]),
            high=edges[place + 1] - 1 if whole else rounded(edges[place + 1]),
            count=counts.get(place, 0),
        )
        for place in range(count)
    )


def _of_times(table: TableDraft, column: ColumnDraft, connection: Connection) -> tuple[Bin, ...]:
    """Count by the smallest unit of the calendar that needs few enough bins, or several of them."""
    inside = f"{column.sql} IS NOT NULL AND isfinite({column.sql})"
    units = UNITS if column.kind == "datetime" else UNITS[1:]
    spans = ", ".join(
        f"date_diff('{unit}', min({column.sql}), max({column.sql}))" for unit in units
    )
    [found] = connection.rows(f"SELECT {spans} FROM {table.sql} WHERE {inside}")
    if found[0] is None:
        return ()
    fitting = [(unit, span) for unit, span in zip(units, found, strict=True) if span < MOST_BINS]
    unit, span = fitting[0] if fitting else (units[-1], found[-1])
    width = span // MOST_BINS + 1
    rows = connection.rows(
        f"WITH v AS (SELECT date_trunc('{unit}', {column.sql}) AS t FROM {table.sql} "
        f"WHERE {inside}), m AS (SELECT min(t) AS low FROM v), "
        f"b AS (SELECT date_diff('{unit}', low, t) // {width} AS bin FROM v, m), "
        f"c AS (SELECT bin, count(*) AS n FROM b GROUP BY bin) "
        f"SELECT CAST(low + to_{unit}s(CAST(bin * {width} AS INTEGER)) AS VARCHAR), "
        f"CAST(low + to_{unit}s(CAST((bin + 1) * {width} AS INTEGER)) AS VARCHAR), "
        f"coalesce(n, 0) FROM m, range({span // width + 1}) r(bin) "
        "LEFT JOIN c USING (bin) ORDER BY bin"
    )
    return _bins(rows, column)


def _bins(rows: Sequence[tuple[Any, ...]], column: ColumnDraft) -> tuple[Bin, ...]:
    length = len("2024-12-31") if column.kind == "date" else None
    return tuple(
        Bin(low=moment(low[:length]), high=moment(high[:length]), count=count)
        for low, high, count in rows
    )
