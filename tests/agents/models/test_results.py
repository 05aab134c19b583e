"""Facts and charts of a result, worked out without a model."""

from pathlib import Path
from typing import Any

import pytest

from agents.chats import ColumnStatistics, PlotHint, ResultTable
from agents.contract import Flag
from agents.data.querying import Database
from agents.models import results


def table(
    columns: tuple[str, ...], *rows: tuple[Any, ...], count: int | None = None
) -> ResultTable:
    return ResultTable(
        columns=columns,
        types=("VARCHAR",) * len(columns),
        rows=rows,
        row_count=len(rows) if count is None else count,
    )


BY_TOWN = table(("town", "loaves"), ("Bern", 445), ("Thun", 285.5))


@pytest.mark.parametrize(
    ("result", "counted", "text"),
    [
        (table(("a",)), (), "No row fits."),
        (table(("loaves",), (1234567,)), (), "loaves: 1,234,567."),
        (table(("loaves",), (None,)), (), "loaves: nothing."),
        (BY_TOWN, (), "2 rows."),
        (
            BY_TOWN,
            (ColumnStatistics(column="loaves", count=2, nulls=0, minimum=285.5, maximum=445, mean=365.25),),
            "2 rows. loaves: from 285.5 to 445, 365.2 on average.",
        ),
    ],
)  # fmt: skip
def test_a_result_says_what_is_in_it(
    result: ResultTable, counted: tuple[ColumnStatistics, ...], text: str
) -> None:
    assert results.insight(result, counted).text == text


@pytest.mark.parametrize(
    ("result", "kind", "hint"),
    [
        (BY_TOWN, "bar", PlotHint(kind="bar", x="town", y="loaves")),
        (BY_TOWN, "none", PlotHint(kind="none")),
        (table(("x", "y"), (1, 2), (3, 4)), "scatter", PlotHint(kind="scatter", x="x", y="y")),
        (table(("a",), (1,), (2,)), "bar", PlotHint(kind="none")),
        (table(("a", "b"), ("x", "y"), ("x", "y")), "bar", PlotHint(kind="none")),
        (table(("a", "b"), ("x", 1)), "line", PlotHint(kind="none")),
    ],
)
def test_a_chart_is_drawn_only_of_what_can_be_drawn(
    result: ResultTable, kind: Any, hint: PlotHint
) -> None:
    assert results.plot(result, kind) == hint
    chart = results.chart(result, hint)
    assert (chart is None) == (hint.kind == "none")
    if chart is not None:
        assert len(chart.x) == len(chart.series[0].values) == len(result.rows)


def test_statistics_are_of_all_rows_and_none_where_columns_share_a_name(
    sales: dict[str, Any],
) -> None:
    with Database.open(Path(sales["folder"]), Flag()) as database:
        sql = "SELECT loaves FROM sales;"
        one = database.select(sql, most_rows=1)
        (counted,) = results.measured(database, sql, one)
        twice = "SELECT loaves, loaves FROM sales"
        none = results.measured(database, twice, database.select(twice))

    assert (counted.count, counted.maximum) == (6, 175)
    assert none == () or none[0].count == 6
