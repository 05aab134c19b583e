"""The workflow that compares two columns, each pair by its kinds."""

from collections.abc import Sequence

from agents.chats import ResultTable, WorkflowResult
from agents.data.naming import quoted
from agents.data_model import Column, Scalar
from agents.offline.answering.wording import number_text, value_text
from agents.offline.inline import escape
from agents.offline.workflow_shapes import Work, chart, result_table

MOST_POINTS, MOST_GROUPS, MOST_SERIES = 500, 30, 8
STRENGTHS = ((0.7, "strong"), (0.4, "moderate"), (0.2, "weak"), (0.0, "hardly any"))


def compare(work: Work) -> WorkflowResult:
    """Return how two columns go together."""
    first, second = work.column("first"), work.column("second")
    if first.kind == "number" and second.kind == "number":
        return _numbers(work, first, second)
    if second.kind == "number":
        return _grouped(work, first, second)
    if first.kind == "number":
        return _grouped(work, second=first, first=second)
    return _crosstab(work, first, second)


def _numbers(work: Work, first: Column, second: Column) -> WorkflowResult:
    source = quoted(work.table().name)
    one, two = quoted(first.name), quoted(second.name)
    found = work.database.select(
        f"FROM {source} SELECT corr({one}, {two}) AS correlation, "
        f"regr_slope({two}, {one}) AS slope, count(*) AS rows "
        f"WHERE {one} IS NOT NULL AND {two} IS NOT NULL",
        most_rows=1,
    )
    [(correlation, slope, rows)] = found.rows
    # Every nth row in a fixed order: the same points each time.
    points = work.database.select(
        f"FROM {source} SELECT {one} AS x, {two} AS y WHERE {one} IS NOT NULL "
        f"AND {two} IS NOT NULL QUALIFY row_number() OVER (ORDER BY {one}, {two}) "
        f"% greatest(1, count(*) OVER () // {MOST_POINTS}) = 0 ORDER BY 1, 2 LIMIT {MOST_POINTS}",
        most_rows=MOST_POINTS,
    )  # fmt: skip
    title = f"{first.name} and {second.name}"
    if not isinstance(correlation, int | float):
        text = f"{escape(title)} cannot be correlated: one of them never changes."
    else:
        strength = next(word for least, word in STRENGTHS if abs(correlation) >= least)
        direction = "rises" if correlation > 0 else "falls"
        text = (
            f"The correlation of {escape(first.name)} and {escape(second.name)} is "
            f"**{correlation:.3f}** over {rows:,} rows: {strength} linear relation. "
            f"As {escape(first.name)} rises by 1, {escape(second.name)} {direction} "
            f"by {number_text(abs(_number(slope)))} on the average. "
            "A correlation does not say which causes which."
        )
    drawn = chart(
        "scatter", title, (first.name, second.name),
        [row[0] for row in points.rows], **{second.name: [row[1] for row in points.rows]},
    )  # fmt: skip
    return WorkflowResult(title=title, text=text, table=found, chart=drawn)


def _grouped(work: Work, first: Column, second: Column) -> WorkflowResult:
    source = quoted(work.table().name)
    group, value = _group(first), quoted(second.name)
    is_time = first.kind in ("date", "datetime")
    order = "1" if is_time else "3 DESC NULLS LAST, 1"
    found = work.database.select(
        f"FROM {source} SELECT {group} AS {quoted(first.name)}, count({value}) AS count, "
        f"avg({value}) AS average, median({value}) AS median, min({value}) AS minimum, "
        f"max({value}) AS maximum, stddev_samp({value}) AS deviation "
        f"GROUP BY 1 ORDER BY {order}",
        most_rows=MOST_GROUPS * 10,
    )
    rows = [row for row in found.rows if row[0] is not None and row[2] is not None]
    title = f"{second.name} by {first.name}"
    if not rows:
        return WorkflowResult(title=title, text="No row has both values.", table=found)
    best = max(rows, key=lambda row: _number(row[2]))
    worst = min(rows, key=lambda row: _number(row[2]))
    text = (
        f"The average {escape(second.name)} is largest for "
        f"**{escape(value_text(best[0]), 80)}** ({number_text(_number(best[2]))}) and smallest "
        f"for {escape(value_text(worst[0]), 80)} ({number_text(_number(worst[2]))})."
    )
    shown = rows if is_time else rows[:MOST_GROUPS]
    drawn = chart(
        "line" if is_time else "bar", f"Average {second.name}", (first.name, second.name),
        [value_text(row[0]) for row in shown], average=[row[2] for row in shown],
    )  # fmt: skip
    return WorkflowResult(title=title, text=text, table=found, chart=drawn)


def _group(column: Column) -> str:
    """Return what rows are grouped by: months of a time, else the values."""
    name = quoted(column.name)
    if column.kind in ("date", "datetime"):
        return f"CAST(date_trunc('month', {name}) AS DATE)"
    return name


def _crosstab(work: Work, first: Column, second: Column) -> WorkflowResult:
    source = quoted(work.table().name)
    counted = work.database.select(
        f"FROM {source} SELECT {_group(first)} AS a, {_group(second)} AS b, count(*) AS n "
        "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        most_rows=10_000,
    )
    across = _largest(counted, 1, MOST_SERIES)
    down = _largest(counted, 0, MOST_GROUPS)
    counts = {(row[0], row[1]): row[2] for row in counted.rows}
    rows: list[list[Scalar]] = [
        [value, *(counts.get((value, other), 0) for other in across)] for value in down
    ]
    names = [first.name, *(value_text(value)[:60] for value in across)]
    title = f"{first.name} and {second.name}"
    if not counted.rows:
        return WorkflowResult(title=title, text="The table has no rows.")
    a, b, number = counted.rows[0]
    text = (
        f"The most frequent pair is **{escape(value_text(a), 80)}** with "
        f"**{escape(value_text(b), 80)}**: {_number(number):,.0f} rows. "
        f"{counted.row_count:,} pairs occur."
    )
    drawn = chart(
        "bar", title, (first.name, "rows"), [value_text(value) for value in down],
        **{value_text(other)[:60]: [counts.get((value, other), 0) for value in down]
           for other in across},
    )  # fmt: skip
    table = result_table(_unique(names), ["VARCHAR", *["BIGINT"] * len(across)], rows)
    return WorkflowResult(title=title, text=text, table=table, chart=drawn)


def _largest(counted: ResultTable, place: int, most: int) -> list[Scalar]:
    """Return the values of one of the columns that occur in most rows."""
    totals: dict[Scalar, float] = {}
    for row in counted.rows:
        totals[row[place]] = totals.get(row[place], 0) + _number(row[2])
    return sorted(totals, key=lambda value: (-totals[value], str(value)))[:most]


def _unique(names: Sequence[str]) -> list[str]:
    taken: list[str] = []
    for name in names:
        new, number = name, 2
        while new in taken:
            new, number = f"{name} {number}", number + 1
        taken.append(new)
    return taken


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
