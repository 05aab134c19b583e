"""Small charts of results, and the hint which kind will be drawn."""

from collections.abc import Sequence

from agents.chats import Chart, ChartKind, PlotHint, ResultTable, Series
from agents.data_model import Scalar
from agents.offline.answering.logic import Field, Logical
from agents.offline.answering.schema import Schema
from agents.offline.answering.sql import Writer
from agents.offline.answering.statistics import is_number_type
from agents.offline.answering.wording import value_text

MOST_BARS, MOST_POINTS, MOST_SERIES = 30, 400, 6


def hint(schema: Schema, query: Logical) -> PlotHint:
    """Return how the result of a query would best be drawn."""
    kind = _kind(schema, query)
    if kind == "none":
        return PlotHint(kind="none")
    if kind == "scatter":
        measure = query.measures[0]
        assert measure.field is not None
        assert measure.second is not None
        return PlotHint(kind=kind, x=measure.field.name, y=measure.second.name)
    names = Writer(schema, query).names()
    return PlotHint(kind=kind, x=names[0], y=names[len(query.groups)])


def _kind(schema: Schema, query: Logical) -> ChartKind:
    if not query.measures or query.count_groups:
        return "none"
    if query.measures[0].aggregate == "correlation" and not query.groups:
        return "scatter"
    if not query.groups:
        return "none"
    first = query.groups[0]
    if first.bins:
        return "histogram"
    is_ranking = query.limit is not None and query.order[:1] and query.order[0].by == "measure"
    return "line" if is_time(schema, first) and not is_ranking else "bar"


def is_time(schema: Schema, field: Field) -> bool:
    """Whether the values of a field follow each other in time."""
    if field.unit or field.parts:
        return True
    place = schema.place(field.table, field.name)
    return place.is_time or place.is_year or place.column.role == "time"


def chart(schema: Schema, query: Logical, result: ResultTable) -> Chart | None:
    """Return a chart of the rows of a result; None where a table says it better."""
    kind = _kind(schema, query)
    if kind in ("none", "scatter") or len(result.rows) < 2:
        return None
    places = _value_places(query, result)
    if not places:
        return None
    second = _second_group(schema, query)
    if second is not None:
        return _series_chart(kind, query, result, second, places[0])
    rows = result.rows[: MOST_POINTS if kind == "line" else MOST_BARS]
    series = tuple(
        Series(name=result.columns[place], values=tuple(_number(row[place]) for row in rows))
        for place in places
    )
    return Chart(
        kind=kind,
        title=f"{result.columns[places[0]]} by {result.columns[0]}",
        x_label=result.columns[0],
        y_label=result.columns[places[0]],
        x=tuple(_label(row[0]) for row in rows),
        series=series,
    )


def _value_places(query: Logical, result: ResultTable) -> list[int]:
    """Return where the figures are that share a scale: those of the first aggregate."""
    first = len(query.groups)
    kind = query.measures[0].aggregate
    return [
        first + place
        for place, measure in enumerate(query.measures)
        if measure.aggregate == kind and is_number_type(result.types[first + place])
    ]


def _second_group(schema: Schema, query: Logical) -> int | None:
    """Return the place of the group that makes series, which is not just the first one's name."""
    for place, field in enumerate(query.groups[1:], start=1):
        before = query.groups[place - 1]
        label = schema.label(field.table)
        is_name = label is not None and label.column.name == field.name
        if not (is_name and field.path and len(field.path) == len(before.path) + 1):
            return place
    return None


def _series_chart(
    kind: ChartKind, query: Logical, result: ResultTable, second: int, value: int
) -> Chart | None:
    x = list(dict.fromkeys(row[0] for row in result.rows))[:MOST_POINTS]
    sizes: dict[Scalar, float] = {}
    for row in result.rows:
        sizes[row[second]] = sizes.get(row[second], 0.0) + abs(_number(row[value]) or 0.0)
    names = sorted(sizes, key=lambda name: (-sizes[name], str(name)))[:MOST_SERIES]
    cells = {(row[0], row[second]): _number(row[value]) for row in result.rows}
    if kind != "line":
        x = x[:MOST_BARS]
    return Chart(
        kind=kind,
        title=f"{result.columns[value]} by {result.columns[0]} and {result.columns[second]}",
        x_label=result.columns[0],
        y_label=result.columns[value],
        x=tuple(map(_label, x)),
        series=tuple(
            Series(name=value_text(name), values=tuple(cells.get((one, name)) for one in x))
            for name in names
        ),
    )


def scatter(result: ResultTable) -> Chart | None:
    """Return the points of two columns of numbers."""
    if len(result.rows) < 2:
        return None
    x_label, y_label = result.columns[:2]
    return Chart(
        kind="scatter",
        title=f"{y_label} and {x_label}",
        x_label=x_label,
        y_label=y_label,
        x=tuple(row[0] for row in result.rows),
        series=(Series(name=y_label, values=tuple(_number(row[1]) for row in result.rows)),),
    )


def points(schema: Schema, query: Logical) -> Logical:
    """Return the query for the rows that a scatter chart shows."""
    measure = query.measures[0]
    assert measure.field is not None
    assert measure.second is not None
    return Logical(base=query.base, fields=(measure.field, measure.second), where=query.where)


def sampled(rows: Sequence[Sequence[Scalar]]) -> list[Sequence[Scalar]]:
    """Return about so many rows as a chart has room for, evenly spread over all."""
    step = max(1, len(rows) // MOST_POINTS)
    return list(rows[::step][:MOST_POINTS])


def _label(value: Scalar) -> Scalar:
    return "(missing)" if value is None else value


def _number(value: Scalar) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None else None
