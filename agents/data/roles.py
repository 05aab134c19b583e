"""What a column is for: to name things, to measure, to group, to say when, or to be read."""

from collections.abc import Sequence

from agents.data.drafts import ColumnDraft, Role, TableDraft
from agents.data.likeness import is_identifying, words
from agents.data_model import Relationship

# Parts of a date as whole numbers, and between what they lie.
PARTS = {
    "year": (1000, 2999),
    "yr": (1000, 2999),
    "quarter": (1, 4),
    "month": (1, 12),
    "week": (0, 53),
    "weekday": (0, 7),
    "day": (0, 366),
    "hour": (0, 24),
    "minute": (0, 60),
    "second": (0, 60),
}
# Whole numbers that stand for a group.
CODES = frozenset(
    ("class", "category", "cluster", "flag", "group", "level", "status", "type", "tz")
)
MOST_CODES = 50
LONGEST_GROUP = 50
LARGEST_SHARE_OF_GROUPS = 0.9


def assign_roles(tables: Sequence[TableDraft], relationships: Sequence[Relationship]) -> None:
    """Set the role of every column; what refers or is referred to names something."""
    linked = {
        (table, column)
        for one in relationships
        for table, columns in ((one.table, one.columns), (one.to_table, one.to_columns))
        if len(columns) == 1
        for column in columns
    }
    for table in tables:
        for column in table.columns:
            column.role = _role(table, column, is_linked=(table.name, column.name) in linked)


def _role(table: TableDraft, column: ColumnDraft, *, is_linked: bool) -> Role:
    if column.kind in ("date", "datetime", "time") or is_part_of_time(column):
        return "time"
    if is_linked or _is_identifier(table, column):
        return "identifier"
    if column.kind == "number":
        return "dimension" if _is_code(column) else "measure"
    if column.kind in ("text", "other") and not _groups(table, column):
        return "text"
    return "dimension"


def _groups(table: TableDraft, column: ColumnDraft) -> bool:
    """Whether short texts come often enough twice to say something of groups of rows."""
    filled = table.rows - column.nulls
    return (
        0 < column.average_length <= LONGEST_GROUP
        and column.distinct <= LARGEST_SHARE_OF_GROUPS * filled
    )


def is_part_of_time(column: ColumnDraft) -> bool:
    """Whether whole numbers are years, months, hours and the like, or times as in 1430."""
    low, high = column.minimum, column.maximum
    if not column.is_whole or not isinstance(low, int) or not isinstance(high, int):
        return False
    if column.is_clock:
        return True
    name = words(column.name)
    limits = PARTS.get(name[-1]) if name else None
    return limits is not None and limits[0] <= low and high <= limits[1]


def _is_identifier(table: TableDraft, column: ColumnDraft) -> bool:
    if column.kind == "number" and not column.is_whole:
        return False
    if column.kind == "boolean":
        return False
    if table.primary_key == (column.name,):
        return True
    return is_identifying(column.name, table.name)


def _is_code(column: ColumnDraft) -> bool:
    name = words(column.name)
    return column.is_whole and column.distinct <= MOST_CODES and bool(CODES.intersection(name[-1:]))
