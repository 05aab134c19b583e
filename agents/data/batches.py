"""Wide tables in parts: what one query works out for all columns takes long for very many."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# DuckDB needs time for counting distinct values that grows with the square of the columns.
DISTINCT_AT_ONCE = 20
AT_ONCE = 100


def batches(items: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
