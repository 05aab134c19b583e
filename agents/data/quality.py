"""Figures for the quality of a data set, and what is wrong with its references.

completeness   the share of all cells that are not missing
uniqueness     the share of all rows that repeat no other row of their table
validity       the share of columns whose values are of one plausible type
integrity      the share of referring values, over all relationships, that are found
score          0.35 completeness + 0.25 validity + 0.2 uniqueness + 0.2 integrity

Each is 0 to 100 with one decimal. What there is none of (cells, relationships) counts as 100.
"""

from collections.abc import Iterator, Sequence

from agents.data.drafts import TableDraft
from agents.data.findings import values
from agents.data_model import Issue, Quality, Relationship

WEIGHTS = {"completeness": 0.35, "validity": 0.25, "uniqueness": 0.2, "integrity": 0.2}
# Of these, a column holds more than one type of value, or values that stand for none.
INVALID = frozenset(("mixed_types", "stand_in_values", "future_dates", "no_values"))


def quality(tables: Sequence[TableDraft], relationships: Sequence[Relationship]) -> Quality:
    """Work out the figures from what was counted."""
    columns = [(table, column) for table in tables for column in table.columns]
    rows = sum(table.rows for table in tables)
    invalid = {
        (issue.table, issue.column)
        for table in tables
        for issue in table.issues
        if issue.code in INVALID
    }
    figures = {
        "completeness": _share(
            sum(column.nulls for _, column in columns), sum(table.rows for table, _ in columns)
        ),
        "uniqueness": _share(sum(table.duplicates for table in tables), rows),
        "validity": _share(len(invalid), len(columns)),
        "integrity": _share(*_orphans(tables, relationships)),
    }
    score = sum(WEIGHTS[name] * figure for name, figure in figures.items())
    return Quality(score=round(score, 1), **{name: round(one, 1) for name, one in figures.items()})


def find_orphans(tables: Sequence[TableDraft], relationships: Sequence[Relationship]) -> None:
    """Note every relationship whose references are not all found."""
    for table in tables:
        table.issues += [
            _orphaned(table, one)
            for one in relationships
            if one.table == table.name and one.coverage < 1
        ]


def _orphaned(table: TableDraft, one: Relationship) -> Issue:
    missing = round((1 - one.coverage) * _referring(table, one))
    message = (
        f"{values(missing, 'is', 'are')} not in {one.to_table}"
        f".{', '.join(one.to_columns)} ({100 * (1 - one.coverage):.1f} %)."
    )
    return Issue(
        severity="warning",
        code="orphan_references",
        table=table.name,
        column=one.columns[0] if len(one.columns) == 1 else "",
        message=message if len(one.columns) == 1 else f"{', '.join(one.columns)}: {message}",
    )


def _orphans(
    tables: Sequence[TableDraft], relationships: Sequence[Relationship]
) -> tuple[float, float]:
    """Return how many values refer to nothing, and how many refer at all."""
    by_name = {table.name: table for table in tables}
    pairs = [(one, _referring(by_name[one.table], one)) for one in relationships]
    return sum((1 - one.coverage) * rows for one, rows in pairs), sum(rows for _, rows in pairs)


def _referring(table: TableDraft, one: Relationship) -> int:
    """Return the rows that refer: exactly for one column, at most for several."""
    return table.rows - max(table.column(name).nulls for name in one.columns)


def _share(bad: float, all_: float) -> float:
    return 100.0 * (1 - bad / all_) if all_ else 100.0


def worst_first(issues: Sequence[Issue]) -> Iterator[Issue]:
    ranks = {"error": 0, "warning": 1, "info": 2}
    return iter(sorted(issues, key=lambda issue: ranks[issue.severity]))
