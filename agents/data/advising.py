"""What to do about a data set's issues, and the set in one paragraph."""

from collections.abc import Callable, Sequence

from agents.data.drafts import TableDraft
from agents.data.findings import shown
from agents.data.wording import counted, enumerated
from agents.data_model import Issue, Quality, Relationship

MOST_ADVICE = 8


def recommend(
    tables: Sequence[TableDraft], issues: Sequence[Issue], relationships: Sequence[Relationship]
) -> tuple[str, ...]:
    """Return what is worth doing, most important first."""
    advice = [
        say(_named([issue for issue in issues if issue.code == code]))
        for code, say in ADVICE
        if any(issue.code == code for issue in issues)
    ]
    keyless = [table.name for table in tables if not table.primary_key and table.rows > 1]
    if keyless:
        advice.append(
            f"No column, and no two or three together, tell the rows of {enumerated(keyless)} apart; "
            "add an identifier if rows have to be found again."
        )
    if len(tables) > 1 and not relationships:
        advice.append(
            "The tables share no keys that could be recognised; "
            "name the columns that belong together alike to ask across tables."
        )
    return tuple(advice[:MOST_ADVICE])


def summarise(
    name: str,
    tables: Sequence[TableDraft],
    relationships: Sequence[Relationship],
    quality: Quality,
    issues: Sequence[Issue],
) -> str:
    """Return one paragraph for people: how much there is, of when, and how good it is."""
    rows = sum(table.rows for table in tables)
    columns = sum(len(table.columns) for table in tables)
    largest = max(tables, key=lambda table: table.rows)
    parts = [
        f"{name} has {counted(len(tables), 'table')} with {rows:,} rows "
        f"and {counted(columns, 'column')}."
    ]
    if len(tables) > 1:
        parts.append(f"The largest table is {largest.name} with {largest.rows:,} rows.")
        parts.append(f"{counted(len(relationships), 'relationship')} between them were found.")
    parts += _period(largest)
    warnings = sum(issue.severity != "info" for issue in issues)
    parts.append(
        f"Its quality is {quality.score:g} of 100: {quality.completeness:g} % of the cells are "
        f"filled, and there {_are(warnings, 'warning')}."
    )
    return " ".join(parts)


def _period(table: TableDraft) -> list[str]:
    """Say from when to when the values of the table's first date are."""
    for column in table.of_kind("date", "datetime"):
        if column.minimum is not None:
            low, high = f"{column.minimum}"[:10], f"{column.maximum}"[:10]
            return [f"{column.name} of {table.name} goes from {low} to {high}."]
    for column in table.columns:
        if column.role == "time" and column.name.lower().endswith("year"):
            low, high = shown(column.minimum), shown(column.maximum)
            return [f"{column.name} of {table.name} goes from {low} to {high}."]
    return []


def _named(issues: Sequence[Issue]) -> str:
    """Name the columns; a table without one, only if none of its columns is named."""
    columns = [f"{one.table}.{one.column}" for one in issues if one.column]
    named = {one.table for one in issues if one.column}
    return enumerated([*columns, *(one.table for one in issues if one.table not in named)])


def _are(number: int, noun: str) -> str:
    verb = "is" if number == 1 else "are"
    return f"{verb} {counted(number, noun)}" if number else f"are no {noun}s"


ADVICE: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("duplicate_rows", lambda where: f"Remove repeated rows from {where} before counting."),
    (
        "mixed_types",
        lambda where: (
            f"Clean the values of {where}: they are kept as text, so no sums are possible."
        ),
    ),
    (
        "orphan_references",
        lambda where: (
            f"Rows without a match in {where} are lost when tables are joined; "
            "ask for unmatched rows to see them."
        ),
    ),
    (
        "stand_in_values",
        lambda where: f"Leave out the numbers that stand for missing values in {where}.",
    ),
    ("future_dates", lambda where: f"Check the latest dates of {where}."),
    ("ambiguous_dates", lambda where: f"Make sure that day and month of {where} are right."),
    (
        "inconsistent_spelling",
        lambda where: f"Bring the spellings in {where} together, or groups will fall apart.",
    ),
    ("ragged_lines", lambda where: f"Mend the lines of {where} that have too few or many cells."),
    ("many_nulls", lambda where: f"Results about {where} leave out the many missing values."),
    ("no_values", lambda where: f"Leave out {where}: there are no values."),
    ("constant", lambda where: f"{where} cannot tell rows apart: the value is always the same."),
    (
        "outliers",
        lambda where: f"Prefer the median to the average for {where}: a few values lie far out.",
    ),
    (
        "numeric_identifier",
        lambda where: f"Count the numbers in {where} instead of adding them up: they name things.",
    ),
)
