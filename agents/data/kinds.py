"""The first rows of a table, and of what kind its columns are."""

import re
from collections.abc import Sequence

from agents.data.batches import DISTINCT_AT_ONCE, batches
from agents.data.connection import Connection
from agents.data.drafts import ColumnDraft, TableDraft
from agents.data.naming import quoted
from agents.data_model import Kind

SAMPLE_ROWS = 2_000
SAMPLE_CELLS = 100_000
CELLS_IN_MEMORY = 10_000_000
LONGEST_SAMPLED = 200
# Longer texts are prose, not names of groups.
LONGEST_CATEGORY = 50
LARGEST_CATEGORY = 20_000
# A category comes twice or more on the average.
LARGEST_SHARE = 0.5

NUMBER = re.compile(r"U?(?:TINY|SMALL|BIG|HUGE)?INT|INTEGER|DOUBLE|FLOAT|DECIMAL")
KINDS: dict[str, Kind] = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "datetime",
}


def sample(table: TableDraft, connection: Connection) -> str:
    """Keep the first rows of a table."""
    columns = connection.described(quoted(table.name))
    table.columns = [
        ColumnDraft(name, type_, f"c{place}") for place, (name, type_) in enumerate(columns, 1)
    ]
    numbered = ", ".join(column.sql for column in table.columns)
    # In memory, each of the many queries finds its columns at once.
    stored = "TABLE" if table.rows * len(columns) <= CELLS_IN_MEMORY else "VIEW"
    connection.rows(f"CREATE {stored} {table.sql} AS FROM {quoted(table.name)} AS t({numbered})")
    most = max(1, min(SAMPLE_ROWS, SAMPLE_CELLS // len(columns)))
    selected = ", ".join(
        f"left({column.sql}, {LONGEST_SAMPLED})" if column.type == "VARCHAR" else column.sql
        for column in table.columns
    )
    table.sample = connection.rows(f"SELECT {selected} FROM {table.sql} LIMIT {most}")
    return f"looked at {len(table.sample):,} of {table.rows:,} rows"


def find_kinds(table: TableDraft, connection: Connection) -> str:
    """Tell numbers, categories, texts and times apart; texts are counted for it."""
    for column in table.columns:
        column.kind = _kind(column.type)
    for part in batches(list(table.of_kind("text")), DISTINCT_AT_ONCE):
        _count_texts(table, part, connection)
    counts: dict[str, int] = {}
    for column in table.columns:
        counts[column.kind] = counts.get(column.kind, 0) + 1
    return "; ".join(f"{kind}: {count}" for kind, count in sorted(counts.items()))


def _count_texts(table: TableDraft, columns: Sequence[ColumnDraft], connection: Connection) -> None:
    counted = ", ".join(
        f"count({one.sql}), count(DISTINCT {one.sql}), avg(length({one.sql}))" for one in columns
    )
    [found] = connection.rows(f"SELECT {counted} FROM {table.sql}")
    numbers = iter(found)
    for column in columns:
        filled, column.distinct = next(numbers), next(numbers)
        column.average_length = next(numbers) or 0.0
        if _is_category(column, filled):
            column.kind = "category"


def _kind(type_: str) -> Kind:
    if NUMBER.match(type_):
        return "number"
    return "text" if type_ == "VARCHAR" else KINDS.get(type_, "other")


def _is_category(column: ColumnDraft, filled: int) -> bool:
    return (
        column.average_length <= LONGEST_CATEGORY
        and column.distinct <= LARGEST_CATEGORY
        and column.distinct <= max(LARGEST_SHARE * filled, 1)
    )
