"""Cells of a result as JSON scalars, made so by DuckDB itself: a huge cell never reaches Python."""

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from agents.data_model import Scalar

LONGEST = 2_000
CUT = "\u2026"

NUMBER = re.compile(
    r"(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL\(.*\)|BOOLEAN)$"
)
TIMESTAMP = re.compile(r"TIMESTAMP")


def expression(column: str, type_: str) -> str:
    """Return SQL for a column whose values are scalars: numbers as they are, all else as text."""
    if NUMBER.match(type_):
        return column
    text = f"CAST({column} AS VARCHAR)"
    if TIMESTAMP.match(type_):
        return f"replace({text}, ' ', 'T')"
    return (
        f"CASE WHEN length({text}) > {LONGEST} THEN left({text}, {LONGEST}) || '{CUT}' "
        f"ELSE {text} END"
    )


def scalars(row: Sequence[Any]) -> tuple[Scalar, ...]:
    return tuple(scalar(value) for value in row)


def scalar(value: Any) -> Scalar:
    """Return a value as JSON has it: no NaN or infinity, whole decimals as whole numbers."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def size(row: Sequence[Scalar]) -> int:
    """Return about how many characters a row takes."""
    return sum(len(value) if isinstance(value, str) else 8 for value in row)
