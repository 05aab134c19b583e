"""Statistics of the columns of a result, over the rows that were fetched."""

from statistics import fmean, stdev

from agents.chats import ColumnStatistics, ResultTable
from agents.data_model import Scalar


def statistics(result: ResultTable) -> tuple[ColumnStatistics, ...]:
    return tuple(
        _column(name, [row[place] for row in result.rows])
        for place, name in enumerate(result.columns)
    )


def _column(name: str, values: list[Scalar]) -> ColumnStatistics:
    kept = [value for value in values if value is not None]
    numbers = [float(value) for value in kept if _is_number(value)]
    are_numbers = bool(numbers) and len(numbers) == len(kept)
    ordered = sorted(kept, key=lambda value: (float(value) if are_numbers else 0.0, str(value)))
    return ColumnStatistics(
        column=name,
        count=len(kept),
        nulls=len(values) - len(kept),
        minimum=ordered[0] if ordered else None,
        maximum=ordered[-1] if ordered else None,
        mean=fmean(numbers) if are_numbers else None,
        deviation=stdev(numbers) if are_numbers and len(numbers) > 1 else None,
    )


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
