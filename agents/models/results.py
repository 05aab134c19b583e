"""What a result says by itself, worked out here and not by a model: facts and a small chart."""

from collections.abc import Sequence

from agents.chats import Chart, ChartKind, ColumnStatistics, Insight, PlotHint, ResultTable, Series
from agents.data.querying import Database
from agents.data_model import Scalar
from agents.exceptions import Permanent
from agents.offline.answering.sql import Statement
from agents.offline.answering.statistics import statistics

MOST_BARS, MOST_POINTS = 30, 200
MOST_FACTS = 6


def measured(database: Database, sql: str, result: ResultTable) -> tuple[ColumnStatistics, ...]:
    """Return the statistics of a query over all its rows; none if its columns share a name."""
    statement = Statement(sql=sql.strip().rstrip(";"), values=())
    try:
        return statistics(database, statement, result)
    except Permanent:
        return ()


def insight(result: ResultTable, counted: Sequence[ColumnStatistics]) -> Insight:
    """Return what the rows of a result say: how many there are, and the range of each measure."""
    if not result.row_count:
        return Insight(text="No row fits.", facts=("0 rows",))
    if result.row_count == len(result.columns) == len(result.rows) == 1:
        fact = f"{result.columns[0]}: {_written(result.rows[0][0])}"
        return Insight(text=f"{fact}.", facts=(fact,))
    facts = tuple(_fact(one) for one in counted if one.mean is not None)[:MOST_FACTS]
    rows = f"{result.row_count:,} row{'s' if result.row_count != 1 else ''}."
    return Insight(text=" ".join([rows, *(f"{fact}." for fact in facts)]), facts=facts)


def plot(result: ResultTable, kind: ChartKind) -> PlotHint:
    """Return how a result can be drawn: a label or a time against the first measure."""
    numbers = [place for place in range(len(result.columns)) if _is_measure(result, place)]
    labels = [place for place in range(len(result.columns)) if place not in numbers]
    if kind == "none" or len(result.rows) < 2 or not numbers:
        return PlotHint(kind="none")
    x, y = _axes(kind, numbers, labels)
    if x == y:
        return PlotHint(kind="none")
    return PlotHint(kind=kind, x=result.columns[x], y=result.columns[y])


def chart(result: ResultTable, hint: PlotHint) -> Chart | None:
    if hint.kind == "none":
        return None
    x, y = result.columns.index(hint.x), result.columns.index(hint.y)
    most = MOST_BARS if hint.kind == "bar" else MOST_POINTS
    rows = result.rows[:most]
    values = tuple(_number(row[y]) for row in rows)
    return Chart(
        kind=hint.kind,
        title=f"{hint.y} by {hint.x}",
        x_label=hint.x,
        y_label=hint.y,
        x=tuple(row[x] for row in rows),
        series=(Series(name=hint.y, values=values),),
    )


def _axes(kind: ChartKind, numbers: list[int], labels: list[int]) -> tuple[int, int]:
    if kind == "scatter" and len(numbers) > 1:
        return numbers[0], numbers[1]
    if labels:
        return labels[0], numbers[0]
    return (numbers[0], numbers[1]) if len(numbers) > 1 else (numbers[0], numbers[0])


def _is_measure(result: ResultTable, place: int) -> bool:
    values = [row[place] for row in result.rows if row[place] is not None]
    return bool(values) and all(_number(value) is not None for value in values)


def _number(value: Scalar) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None else None


def _fact(one: ColumnStatistics) -> str:
    low, high, mean = _written(one.minimum), _written(one.maximum), _written(one.mean)
    return f"{one.column}: from {low} to {high}, {mean} on average"


def _written(value: Scalar) -> str:
    if isinstance(value, float) and value != int(value):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.0f}"
    return "nothing" if value is None else str(value)
