"""What a workflow works with, and the parts of its card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.chats import Chart, ChartKind, ResultTable, Series, WorkflowInput
from agents.data.querying import Database
from agents.data_model import Column, Scalar, Table
from agents.offline.workflow_forms import column_of, table_of


@dataclass(frozen=True)
class Work:
    """The input, its parameters with defaults, and the open tables."""

    ask: WorkflowInput
    given: Mapping[str, Scalar]
    database: Database

    def table(self) -> Table:
        found = table_of(self.ask.model, self.given["table"])
        assert found is not None, "check_parameters let an unknown table through"
        return found

    def column(self, name: str) -> Column:
        found = column_of(self.ask.model, self.given["table"], self.given[name])
        assert found is not None, "check_parameters let an unknown column through"
        return found

    def number(self, name: str) -> float:
        value = self.given[name]
        assert isinstance(value, int | float)
        return value


def result_table(
    columns: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Scalar]]
) -> ResultTable:
    return ResultTable(
        columns=tuple(columns),
        types=tuple(types),
        rows=tuple(tuple(row) for row in rows),
        row_count=len(rows),
    )


def chart(
    kind: ChartKind,
    title: str,
    labels: tuple[str, str],
    x: Sequence[Scalar],
    **series: Sequence[Scalar],
) -> Chart | None:
    """Return a chart of one or more series of numbers; None if there is nothing to draw."""
    if len(x) < 2:
        return None
    return Chart(
        kind=kind,
        title=title,
        x_label=labels[0],
        y_label=labels[1],
        x=tuple(x),
        series=tuple(
            Series(name=name, values=tuple(map(number_or_none, values)))
            for name, values in series.items()
        ),
    )


def number_or_none(value: Scalar) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None else None
