"""Workflows about one column: its most frequent values, and its outliers."""

from agents.chats import Chart, WorkflowResult
from agents.data.naming import quoted
from agents.data.wording import counted
from agents.data_model import Scalar
from agents.offline.answering.wording import number_text, value_text
from agents.offline.inline import escape
from agents.offline.workflow_shapes import Work, chart, result_table

MOST_OUTLIERS = 50
BARS = 20


def top_values(work: Work) -> WorkflowResult:
    """Return the most frequent values of a column and their shares."""
    table, column = work.table(), work.column("column")
    name = quoted(column.name)
    sql = (
        f"FROM {quoted(table.name)} SELECT {name} AS value, count(*) AS count, "
        "100.0 * count(*) / sum(count(*)) OVER () AS percent GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"
    )
    found = work.database.select(sql, [int(work.number("limit"))])
    rows = [(value, number, round(_number(share), 2)) for value, number, share in found.rows]
    if not rows:
        return WorkflowResult(title=f"Values of {column.name}", text="The table has no rows.")
    value, number, share = rows[0]
    text = (
        f"**{escape(value_text(value), 80)}** is the most frequent value of "
        f"{escape(column.name)}: {number:,} rows, {share:g} %. "
        f"There are {counted(column.distinct, 'different value')}."
    )
    return WorkflowResult(
        title=f"Most frequent values of {column.name}",
        text=text,
        table=result_table(found.columns, found.types, rows),
        chart=chart(
            "bar", f"Rows by {column.name}", (column.name, "rows"),
            [value_text(row[0]) for row in rows], count=[row[1] for row in rows],
        ),
    )  # fmt: skip


def outliers(work: Work) -> WorkflowResult:
    """Return the values far outside the middle half, the farthest first."""
    table, column = work.table(), work.column("column")
    name, factor = quoted(column.name), work.number("factor")
    source = quoted(table.name)
    sql = (
        f"FROM {source} SELECT quantile_cont({name}, 0.25), median({name}), "
        f"quantile_cont({name}, 0.75), count({name})"
    )
    [(low, middle, high, total)] = work.database.select(sql, most_rows=1).rows
    title = f"Outliers of {column.name}"
    if low is None or high is None:
        return WorkflowResult(title=title, text=f"{escape(column.name)} has no values.")
    reach = factor * (_number(high) - _number(low))
    lower, upper = _number(low) - reach, _number(high) + reach
    far = work.database.select(
        f"FROM {source} SELECT * WHERE {name} < ? OR {name} > ? "
        f"ORDER BY abs({name} - ?) DESC, {name}",
        [lower, upper, _number(middle)],
        most_rows=MOST_OUTLIERS,
    )
    text = (
        f"{counted(far.row_count, 'value')} of {_number(total):,.0f} lie outside "
        f"{number_text(lower)} to {number_text(upper)}: more than {factor:g} times the width of "
        f"the middle half ({number_text(_number(low))} to {number_text(_number(high))}) away."
    )
    return WorkflowResult(
        title=title,
        text=text,
        table=far if far.row_count else None,
        chart=_histogram(work, column.name, source),
    )


def _histogram(work: Work, column: str, source: str) -> Chart | None:
    """Return the distribution of a column in bars of equal width."""
    name = quoted(column)
    ends = f"FROM {source} SELECT min({name}) AS low, max({name}) AS high"
    bar = f"least(floor(({name} - low) * {BARS}.0 / nullif(high - low, 0)), {BARS - 1})"
    sql = (
        f"FROM {source}, ({ends}) AS r SELECT low + {bar} * (high - low) / {BARS}.0 AS start, "
        f"count(*) WHERE {name} IS NOT NULL AND high > low GROUP BY 1 ORDER BY 1"
    )
    rows = work.database.select(sql).rows
    starts: list[Scalar] = [row[0] for row in rows]
    return chart(
        "histogram", f"Distribution of {column}", (column, "rows"),
        starts, count=[row[1] for row in rows],
    )  # fmt: skip


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
