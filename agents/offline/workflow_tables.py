"""Workflows about a whole table: its profile, and what is missing in it."""

from agents.chats import WorkflowResult
from agents.data.naming import quoted
from agents.data.wording import counted
from agents.data_model import Scalar, Table
from agents.offline.inline import escape
from agents.offline.workflow_shapes import Work, chart, result_table

MOST_BARS = 30
COLUMNS_AT_ONCE = 50


def profile(work: Work) -> WorkflowResult:
    """Count a table's columns again and tell its issues."""
    table = work.table()
    rows, columns = _counted(work, table)
    issues = [one for one in work.ask.model.issues if one.table == table.name]
    filled = [total - nulls for total, nulls in ((rows, entry[2]) for entry in columns)]
    cells = rows * len(columns)
    completeness = 100 * sum(filled) / cells if cells else 100.0
    lines = [
        f"**{escape(table.name)}** has {counted(rows, 'row')} and {counted(len(columns), 'column')}. "
        f"{completeness:.1f} % of its cells are filled; "
        f"{counted(table.duplicates, 'row')} repeat another one.",
        "",
    ]
    if table.primary_key:
        lines += [f"Its rows are told apart by {escape(', '.join(table.primary_key))}.", ""]
    lines += [f"- {one.severity}: {escape(one.message)}" for one in issues] or [
        "No issues were found."
    ]
    names = ("column", "kind", "missing", "different", "minimum", "maximum")
    types = ("VARCHAR", "VARCHAR", "BIGINT", "BIGINT", "VARCHAR", "VARCHAR")
    return WorkflowResult(
        title=f"Profile of {table.name}",
        text="\n".join(lines),
        table=result_table(names, types, columns),
        chart=chart(
            "bar", f"Different values in {table.name}", ("column", "different values"),
            [entry[0] for entry in columns[:MOST_BARS]],
            different=[entry[3] for entry in columns[:MOST_BARS]],
        ),
    )  # fmt: skip


def _counted(
    work: Work, table: Table
) -> tuple[int, list[tuple[str, str, int, int, Scalar, Scalar]]]:
    """Return the number of rows, and for each column its gaps, different values and range."""
    found: list[tuple[str, str, int, int, Scalar, Scalar]] = []
    rows = 0
    for start in range(0, len(table.columns), COLUMNS_AT_ONCE):
        columns = table.columns[start : start + COLUMNS_AT_ONCE]
        parts = ["count(*)"]
        for column in columns:
            name = quoted(column.name)
            parts += [f"count({name})", f"count(DISTINCT {name})", f"min({name})", f"max({name})"]
        sql = f"FROM {quoted(table.name)} SELECT {', '.join(parts)}"
        [row] = work.database.select(sql, most_rows=1).rows
        rows = _whole(row[0])
        for place, column in enumerate(columns):
            filled, distinct, low, high = row[1 + 4 * place : 5 + 4 * place]
            nulls = rows - _whole(filled)
            found.append(
                (column.name, column.kind, nulls, _whole(distinct), _text(low), _text(high))
            )
    return rows, found


def missing_values(work: Work) -> WorkflowResult:
    """Count what is missing in each column of a table."""
    table = work.table()
    rows, columns = _counted(work, table)
    gaps = sorted(((entry[0], entry[2]) for entry in columns), key=lambda one: (-one[1], one[0]))
    shares = [(name, nulls, round(100 * nulls / rows, 2) if rows else 0.0) for name, nulls in gaps]
    with_gaps = [entry for entry in shares if entry[1]]
    if with_gaps:
        name, nulls, share = with_gaps[0]
        text = (
            f"{counted(len(with_gaps), 'column')} of {len(shares)} have gaps. Most are in "
            f"**{escape(name)}**: {nulls:,} of {rows:,} values ({share:g} %) are missing."
        )
    else:
        text = f"No value is missing in the {counted(rows, 'row')} of {escape(table.name)}."
    bars = with_gaps[:MOST_BARS]
    return WorkflowResult(
        title=f"Missing values in {table.name}",
        text=text,
        table=result_table(
            ("column", "missing", "percent"), ("VARCHAR", "BIGINT", "DOUBLE"), shares
        ),
        chart=chart(
            "bar", f"Missing values in {table.name}", ("column", "missing"),
            [entry[0] for entry in bars], missing=[entry[1] for entry in bars],
        ),
    )  # fmt: skip


def _whole(value: Scalar) -> int:
    return value if isinstance(value, int) else 0


def _text(value: Scalar) -> Scalar:
    return value if value is None else str(value)[:80]
