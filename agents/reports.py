"""A report of a data set and a conversation about it, as Markdown."""

from collections.abc import Iterator, Sequence

from agents.chats import Turn
from agents.data_model import Column, DataModel, Table
from agents.offline.inline import escape

LONGEST_CELL = 80
MOST_ISSUES = 30
HEADING = "#" * 2


def report(model: DataModel, turns: Sequence[Turn], title: str = "") -> str:
    """Return what is in the data, how good it is, and what was asked and answered."""
    lines = [f"# {escape(title or model.name, 200)}", "", escape(model.summary), ""]
    lines += [*_quality(model), *_tables(model), *_conversation(turns)]
    return "\n".join(lines).rstrip() + "\n"


def _quality(model: DataModel) -> Iterator[str]:
    quality = model.quality
    yield f"{HEADING} Quality"
    yield ""
    yield "| Figure | Of 100 |"
    yield "|---|---:|"
    for name in ("score", "completeness", "uniqueness", "validity", "integrity"):
        yield f"| {name.capitalize()} | {getattr(quality, name):g} |"
    yield ""
    for issue in model.issues[:MOST_ISSUES]:
        place = escape(".".join(filter(None, (issue.table, issue.column))), LONGEST_CELL)
        yield f"- {issue.severity}: {place}: {escape(issue.message, 300)}"
    if len(model.issues) > MOST_ISSUES:
        yield f"- and {len(model.issues) - MOST_ISSUES} more"
    yield from ([""] if model.issues else [])
    for advice in model.recommendations:
        yield f"- {escape(advice, 400)}"
    yield from ([""] if model.recommendations else [])


def _tables(model: DataModel) -> Iterator[str]:
    yield f"{HEADING} Tables"
    yield ""
    for table in model.tables:
        yield from _table(table)
    for one in model.relationships:
        left = escape(f"{one.table}.{', '.join(one.columns)}", LONGEST_CELL)
        right = escape(f"{one.to_table}.{', '.join(one.to_columns)}", LONGEST_CELL)
        yield f"- {left} refers to {right}; {one.coverage:.1%} of its rows are found there"
    yield from ([""] if model.relationships else [])


def _table(table: Table) -> Iterator[str]:
    yield f"{HEADING}# {escape(table.name, LONGEST_CELL)}: {table.rows:,} rows"
    yield ""
    yield "| Column | Kind | Missing | Different | From | To |"
    yield "|---|---|---:|---:|---|---|"
    for column in table.columns:
        yield f"| {' | '.join(_cells(column))} |"
    yield ""


def _cells(column: Column) -> list[str]:
    ends = ("" if end is None else escape(str(end), 40) for end in (column.minimum, column.maximum))
    name = escape(column.name, LONGEST_CELL)
    return [name, column.kind, f"{column.nulls:,}", f"{column.distinct:,}", *ends]


def _conversation(turns: Sequence[Turn]) -> Iterator[str]:
    if not turns:
        return
    yield f"{HEADING} Questions and answers"
    yield ""
    for number, turn in enumerate(turns, start=1):
        yield f"{HEADING}# {number}. {escape(turn.question, 300)}"
        yield ""
        # The answer is Markdown already; its headings go below this one.
        yield from (f"{HEADING}{line}" if line.startswith("#") else line
                    for line in turn.answer.splitlines())  # fmt: skip
        yield ""
