"""Answers from the data model alone: what is in the data, how good it is, and how to ask."""

from collections.abc import Sequence

from agents.data_model import Column, DataModel, Table
from agents.offline.answering.wording import value_text
from agents.offline.inline import escape

MOST_COLUMNS, MOST_ISSUES, MOST_TABLES = 40, 8, 12
LONGEST = 60


def describe(model: DataModel, tables: Sequence[str], suggestions: Sequence[str]) -> str:
    """Return what is in the tables, for somebody who sees them for the first time."""
    chosen = [table for table in model.tables if table.name in tables]
    lines: list[str] = []
    if len(chosen) == len(model.tables):
        lines += [escape(model.summary), ""]
    for table in chosen[:MOST_TABLES]:
        lines += [*_table(table), ""]
    if len(chosen) > MOST_TABLES:
        lines += [f"and {len(chosen) - MOST_TABLES} more tables.", ""]
    lines += _relationships(model, {table.name for table in chosen})
    lines += _issues(model, {table.name for table in chosen})
    if suggestions:
        lines += ["Some questions to start with:", "", *(f"- {one}" for one in suggestions), ""]
    return "\n".join(lines)


def _table(table: Table) -> list[str]:
    columns = f"{len(table.columns):,} columns"
    lines = [f"**{escape(table.name, LONGEST)}** has {table.rows:,} rows and {columns}:", ""]
    lines += [f"- {_column(column)}" for column in table.columns[:MOST_COLUMNS]]
    if len(table.columns) > MOST_COLUMNS:
        lines.append(f"- and {len(table.columns) - MOST_COLUMNS} more")
    return lines


def _column(column: Column) -> str:
    parts = [f"`{escape(column.name, LONGEST)}`: {_kind(column)}"]
    if column.kind in ("category", "boolean") and column.top:
        shown = ", ".join(escape(value_text(one.value), 30) for one in column.top[:3])
        more = ", \u2026" if column.distinct > len(column.top[:3]) else ""
        parts.append(f"{column.distinct:,} values ({shown}{more})")
    elif column.minimum is not None and column.maximum is not None:
        low, high = (_end(end, column) for end in (column.minimum, column.maximum))
        parts.append(f"from {low} to {high}")
    else:
        parts.append(f"{column.distinct:,} different values")
    if column.nulls:
        parts.append(f"{column.nulls:,} missing")
    return ", ".join(parts)


def _end(value: str | int | float | bool, column: Column) -> str:
    is_year = column.role == "time" and isinstance(value, int)
    return str(value) if is_year else escape(value_text(value), 40)


def _kind(column: Column) -> str:
    return "key" if column.role == "identifier" else column.kind


def _relationships(model: DataModel, tables: set[str]) -> list[str]:
    lines = [
        f"- {escape(one.table, LONGEST)}.{escape(', '.join(one.columns), LONGEST)} refers to "
        f"{escape(one.to_table, LONGEST)}"
        for one in model.relationships
        if {one.table, one.to_table} & tables
    ]
    return ["How the tables belong together:", "", *lines, ""] if lines else []


def _issues(model: DataModel, tables: set[str]) -> list[str]:
    quality = model.quality
    lines = [
        f"Quality: {quality.score:g} of 100 (complete {quality.completeness:g}, unique "
        f"{quality.uniqueness:g}, valid {quality.validity:g}, references found "
        f"{quality.integrity:g}).",
        "",
    ]
    issues = [one for one in model.issues if one.table in tables]
    lines += [f"- {one.severity}: {escape(one.message, 300)}" for one in issues[:MOST_ISSUES]]
    if len(issues) > MOST_ISSUES:
        lines.append(f"- and {len(issues) - MOST_ISSUES} more")
    return [*lines, ""] if issues else lines


def help_text(model: DataModel, suggestions: Sequence[str]) -> str:
    """Return how to ask here, with questions that work."""
    lines = [
        "Ask about the data in plain English: counts, averages, totals, the largest and smallest, "
        "groups, shares, comparisons, changes over time, and relations of two columns.",
        "",
        "Every answer shows how the question was read, the SQL that was executed and how many "
        "rows it gave. This is not a language model: it reads the words of the question with the "
        "names and values of the data, and says so when it is not sure.",
        "",
    ]
    if suggestions:
        lines += [f"About {escape(model.name, LONGEST)}, for example:", ""]
        lines += [*(f"- {one}" for one in suggestions), ""]
    lines += [
        "After an answer, short questions build on it: *and by month?*, *only for ...*, "
        "*as a percentage*, *top 5 instead*, *why?*",
        "",
    ]
    return "\n".join(lines)


def goodbye_text() -> str:
    return "Goodbye. The conversation and its results stay here.\n"
