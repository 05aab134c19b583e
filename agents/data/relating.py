"""Which columns refer to which table: declared by the file, or told by names and values together.

Values alone prove nothing: small numbers are found everywhere. So a name has to speak for it, the
values referred to have to be unique, and enough of the referring ones have to be found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.data import likeness
from agents.data.connection import Connection
from agents.data.drafts import ColumnDraft, TableDraft
from agents.data.keys import is_unique
from agents.data_model import Relationship

# How many of the different values have to be found, for a name of each likeness.
LEAST_FOUND = {
    likeness.SAME: 0.5,
    likeness.STRONG: 0.5,
    likeness.FAIR: 0.8,
    likeness.BY_ROLE: 0.9,
}
SHORTEST_CODE, LONGEST_CODE = 2, 12
FEWEST_CODES = 20  # that a table of places has


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns of one table that may refer to those of another."""

    table: TableDraft
    columns: tuple[str, ...]
    to_table: TableDraft
    to_columns: tuple[str, ...]
    likeness: float
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    reference: Reference
    distinct: int
    distinct_found: int
    rows: int
    rows_found: int

    @property
    def is_founded(self) -> bool:
        share = self.distinct_found / self.distinct if self.distinct else 0.0
        return share >= LEAST_FOUND[self.reference.likeness]

    def relationship(self) -> Relationship:
        reference = self.reference
        return Relationship(
            table=reference.table.name,
            columns=reference.columns,
            to_table=reference.to_table.name,
            to_columns=reference.to_columns,
            kind="one_to_one" if self.distinct == self.rows else "many_to_one",
            coverage=round(self.rows_found / self.rows, 6) if self.rows else 1.0,
            declared=reference.declared,
        )


def relate(tables: Sequence[TableDraft], connection: Connection) -> list[Relationship]:
    """Find all relationships: declared ones first, then in the order of the tables."""
    found: list[Measured] = []
    for reference in _declared(tables):
        found.append(_measure(reference, connection))
    for table in tables:
        for column in table.columns:
            if not _is_taken(found, table, (column.name,)):
                found += _best(table, column, tables, found, connection)
    for table in tables:
        for reference in _composite(table, tables):
            if not _is_taken(found, table, reference.columns):
                measured = _measure(reference, connection)
                found += [measured] if measured.is_founded else []
    return [one.relationship() for one in found]


def _is_taken(found: Sequence[Measured], table: TableDraft, columns: Sequence[str]) -> bool:
    return any(
        one.reference.table is table and one.reference.columns == tuple(columns) for one in found
    )


def _declared(tables: Sequence[TableDraft]) -> Iterator[Reference]:
    by_name = {table.name: table for table in tables}
    for table in tables:
        for key in table.stored.foreign_keys:
            target = by_name[key.to_table]
            yield Reference(
                table, key.columns, target, key.to_columns, likeness.SAME, declared=True
            )


def _best(
    table: TableDraft,
    column: ColumnDraft,
    tables: Sequence[TableDraft],
    found: Sequence[Measured],
    connection: Connection,
) -> list[Measured]:
    """Return the reference of a column that its name and its values speak for most."""
    measured = [
        _measure(reference, connection)
        for reference in _single(table, column, tables)
        if not _is_reverse(found, reference)
    ]
    founded = [one for one in measured if one.is_founded and one.distinct]
    founded.sort(key=lambda one: (-one.reference.likeness, -one.distinct_found / one.distinct))
    return founded[:1]


def _is_reverse(found: Sequence[Measured], reference: Reference) -> bool:
    """Whether the same pair was found the other way round: one-to-one is told once."""
    return any(
        one.reference.table is reference.to_table
        and one.reference.to_table is reference.table
        and one.reference.columns == reference.to_columns
        and one.reference.to_columns == reference.columns
        for one in found
    )


def _single(
    table: TableDraft, column: ColumnDraft, tables: Sequence[TableDraft]
) -> Iterator[Reference]:
    if not _may_refer(column) or column.distinct == 0:
        return
    for target in tables:
        for other in target.columns:
            if other is column or not _may_refer(other) or not is_unique(target, other):
                continue
            if target is table:
                alike = likeness.STRONG if likeness.is_above(column.name) else likeness.NONE
            else:
                alike = likeness.likeness(column.name, target.name, other.name)
            if alike == likeness.BY_ROLE and not _are_codes(column, other, target):
                continue
            if alike and column.is_whole == other.is_whole:
                yield Reference(table, (column.name,), target, (other.name,), alike)


def _may_refer(column: ColumnDraft) -> bool:
    """Fractions, times and truth values refer to nothing."""
    return column.is_whole or column.kind in ("category", "text")


def _are_codes(column: ColumnDraft, other: ColumnDraft, target: TableDraft) -> bool:
    """Whether both are short texts of the same length, and the other has many of them."""
    lengths = (column.average_length, other.average_length)
    return (
        all(SHORTEST_CODE <= length <= LONGEST_CODE for length in lengths)
        and max(lengths) - min(lengths) < 0.5
        and target.rows >= FEWEST_CODES
    )


def _composite(table: TableDraft, tables: Sequence[TableDraft]) -> Iterator[Reference]:
    """Give the keys of several columns of other tables that this table has by the same names."""
    names = {column.name.casefold(): column for column in table.columns}
    for target in tables:
        key = target.primary_key
        if target is table or len(key) < 2:
            continue
        own = [names.get(name.casefold()) for name in key]
        if all(
            column is not None and column.kind == target.column(name).kind
            for column, name in zip(own, key, strict=True)
        ):
            columns = tuple(column.name for column in own if column is not None)
            if table.primary_key != columns or table.rows < target.rows:
                yield Reference(table, columns, target, key, likeness.SAME)


def _measure(reference: Reference, connection: Connection) -> Measured:
    """Count how many values and rows refer, and how many of them find what they refer to."""
    names = [reference.table.column(name).sql for name in reference.columns]
    others = [reference.to_table.column(name).sql for name in reference.to_columns]
    inner = [f"k{place}" for place in range(len(names))]
    selected = ", ".join(f"{name} AS {key}" for name, key in zip(names, inner, strict=True))
    targets = ", ".join(f"{name} AS {key}" for name, key in zip(others, inner, strict=True))
    filled = " AND ".join(f"{name} IS NOT NULL" for name in names)
    keys = ", ".join(inner)
    [(distinct, distinct_found, rows, rows_found)] = connection.rows(
        f"WITH r AS (SELECT {selected}, count(*) AS n FROM {reference.table.sql} "
        f"WHERE {filled} GROUP BY {keys}), "
        f"t AS (SELECT DISTINCT {targets}, TRUE AS is_found FROM {reference.to_table.sql}) "
        "SELECT count(*), count(is_found), coalesce(sum(n), 0), "
        "coalesce(sum(n) FILTER (WHERE is_found), 0) "
        f"FROM r LEFT JOIN t USING ({keys})"
    )
    return Measured(reference, distinct, distinct_found, int(rows), int(rows_found))
