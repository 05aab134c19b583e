"""Statistics of the columns of a result, over all of its rows, however many there are."""

from collections.abc import Sequence

from agents.chats import ColumnStatistics, ResultTable
from agents.data.naming import quoted
from agents.data.querying import Database
from agents.data_model import Scalar
from agents.offline.answering.sql import Statement

MOST_COLUMNS = 30


def is_number_type(type_: str) -> bool:
    return "INT" in type_ or type_ in ("DOUBLE", "FLOAT") or type_.startswith("DECIMAL")


def statistics(
    database: Database, statement: Statement, result: ResultTable
) -> tuple[ColumnStatistics, ...]:
    """Work out the statistics in the database: the first rows are not all of them."""
    columns = list(zip(result.columns, result.types, strict=True))[:MOST_COLUMNS]
    parts = ["count(*)"]
    for name, type_ in columns:
        column = quoted(name)
        parts += [f"count({column})", f"min({column})", f"max({column})"]
        if is_number_type(type_):
            parts += [f"avg({column})", f"stddev_samp({column})"]
    sql = f"FROM (\n{statement.sql}\n) AS r SELECT {', '.join(parts)}"
    [row] = database.select(sql, statement.values, most_rows=1).rows
    return tuple(_columns(columns, row))


def _columns(columns: Sequence[tuple[str, str]], row: Sequence[Scalar]) -> list[ColumnStatistics]:
    total, place = _whole(row[0]), 1
    found = []
    for name, type_ in columns:
        count = _whole(row[place])
        has_mean = is_number_type(type_)
        found.append(
            ColumnStatistics(
                column=name,
                count=count,
                nulls=total - count,
                minimum=row[place + 1],
                maximum=row[place + 2],
                mean=_number(row[place + 3]) if has_mean else None,
                deviation=_number(row[place + 4]) if has_mean else None,
            )
        )
        place += 5 if has_mean else 3
    return found


def _whole(value: Scalar) -> int:
    return value if isinstance(value, int) else 0


def _number(value: Scalar) -> float | None:
    return float(value) if isinstance(value, int | float) else None
