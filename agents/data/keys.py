"""Exact numbers of distinct values, and the key of a table: the columns that tell rows apart."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from agents.data.batches import DISTINCT_AT_ONCE, batches
from agents.data.connection import Connection
from agents.data.drafts import ColumnDraft, TableDraft
from agents.data.likeness import is_identifying, words

# Above it, each column is counted in a query of its own, so that only one has to be remembered.
CELLS_AT_ONCE = 20_000_000
LONGEST_KEY = 3
CANDIDATES = 12
TRIED_ON_ALL = 8
LARGEST_TABLE = 2_000_000  # for keys of several columns
LONGEST_TEXT = 50
TIME_WORDS = "date day hour minute month quarter second time timestamp week year"
TIMES = frozenset(TIME_WORDS.split())
NAMES = frozenset(("label", "name", "title"))
# Unique by chance in a small table.
TELLING = frozenset(("address", "comment", "comments", "description", "first", "last", "notes"))


def find_keys(table: TableDraft, connection: Connection) -> str:
    """Count distinct values, and find the primary key: declared, or one, two or three columns."""
    _count(table, connection)
    table.primary_key = _key(table, connection)
    return f"key {', '.join(table.primary_key)}" if table.primary_key else "no key"


def is_unique(table: TableDraft, column: ColumnDraft) -> bool:
    """Whether no value comes twice and none is missing."""
    return table.rows > 0 and column.distinct == table.rows


def _count(table: TableDraft, connection: Connection) -> None:
    # Texts were counted when their kinds were found.
    columns = [one for one in table.columns if one.kind not in ("text", "category")]
    at_once = min(DISTINCT_AT_ONCE, max(1, CELLS_AT_ONCE // max(table.rows, 1)))
    for part in batches(columns, at_once):
        counted = ", ".join(f"count(DISTINCT {column.sql})" for column in part)
        [found] = connection.rows(f"SELECT {counted} FROM {table.sql}")
        for column, distinct in zip(part, found, strict=True):
            column.distinct = distinct


def _key(table: TableDraft, connection: Connection) -> tuple[str, ...]:
    declared = table.stored.primary_key
    if declared and _is_key(table, declared, connection):
        return declared
    unique = [
        (_worth(table, one, connection), -place, one.name)
        for place, one in enumerate(table.columns)
        if is_unique(table, one) and _may_be_key(one)
    ]
    worth, _, name = max(unique, default=(0, 0, ""))
    if worth:
        return (name,)
    if table.rows < 2 or table.rows > LARGEST_TABLE:
        return ()
    tried = (key for key in _combined(table) if _is_key(table, key, connection))
    return next(tried, ())


def _may_be_key(column: ColumnDraft) -> bool:
    """Fractions and prose may tell rows apart, but only by chance."""
    if column.kind == "number":
        return column.is_whole
    return column.kind != "boolean" and column.average_length <= LONGEST_TEXT


def _worth(table: TableDraft, column: ColumnDraft, connection: Connection) -> int:
    """Return how likely it is that a unique column is a key; 0 if it is one only by chance."""
    named = set(words(column.name))
    if is_identifying(column.name, table.name):
        return 4
    if TELLING.intersection(named):
        return 0
    if column.kind in ("category", "text"):
        return 2 if NAMES.intersection(named) else 3
    if column.kind != "number" or (named and TIMES.issuperset(named)):
        return 1
    return 1 if _is_counted(table, column, connection) else 0


def _is_counted(table: TableDraft, column: ColumnDraft, connection: Connection) -> bool:
    """Whether unique whole numbers leave none out, as numbers of rows do."""
    [(low, high)] = connection.rows(f"SELECT min({column.sql}), max({column.sql}) FROM {table.sql}")
    return bool(high - low + 1 == table.rows)


def _is_key(table: TableDraft, key: Sequence[str], connection: Connection) -> bool:
    names = [table.column(name).sql for name in key]
    filled = " AND ".join(f"{name} IS NOT NULL" for name in names)
    [(different,)] = connection.rows(
        f"SELECT count(*) FROM (SELECT DISTINCT {', '.join(names)} FROM {table.sql} WHERE {filled})"
    )
    return table.rows > 0 and bool(different == table.rows)


def _combined(table: TableDraft) -> Iterator[tuple[str, ...]]:
    """Give the few keys of two or three columns that hold for the sample, likeliest first."""
    candidates = [
        (place, column)
        for place, column in enumerate(table.columns)
        if column.distinct > 1 and _may_be_combined(table, column)
    ]
    candidates.sort(key=lambda pair: (-_fitness(table, pair[1]), pair[0]))
    candidates = sorted(candidates[:CANDIDATES])
    given = 0
    for size in range(2, LONGEST_KEY + 1):
        fitting = [
            combined for combined in combinations(candidates, size) if _holds(table, combined)
        ]
        fitting.sort(key=lambda combined: -sum(_fitness(table, one) for _, one in combined))
        for combined in fitting[: TRIED_ON_ALL - given]:
            given += 1
            yield tuple(column.name for _, column in combined)


def _may_be_combined(table: TableDraft, column: ColumnDraft) -> bool:
    """What is measured tells rows apart by chance; what groups them does so on purpose."""
    place = table.columns.index(column)
    if not _may_be_key(column) or any(row[place] is None for row in table.sample):
        return False
    return _fitness(table, column) > 0


def _fitness(table: TableDraft, column: ColumnDraft) -> int:
    named = set(words(column.name))
    if is_identifying(column.name, table.name) or column.kind in ("date", "datetime"):
        return 4
    if TELLING.intersection(named):
        return 0
    if column.kind == "category":
        return 3
    if named and TIMES.issuperset(named):
        return 2
    return 1 if column.kind == "text" else 0


def _holds(table: TableDraft, combined: Sequence[tuple[int, ColumnDraft]]) -> bool:
    """Whether the columns may tell rows apart, and do so in the sample."""
    product = 1
    for _, column in combined:
        product *= column.distinct
    if product < table.rows:
        return False
    places = [place for place, _ in combined]
    seen: set[tuple[object, ...]] = set()
    for row in table.sample:
        values = tuple(row[place] for place in places)
        if values in seen:
            return False
        seen.add(values)
    return True
