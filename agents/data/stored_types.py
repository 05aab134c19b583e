"""Columns that come with types of their own (Parquet, JSON), as the types that tables keep."""

import re
from collections.abc import Iterator, Sequence

from agents.data import text_types
from agents.data.limits import Note
from agents.data.naming import column_names
from agents.data.text_types import Typed
from agents.data.work import Work

KEPT = re.compile(
    r"(?:U?(?:TINY|SMALL|BIG)?INT(?:EGER)?|HUGEINT|DOUBLE|FLOAT|DECIMAL\(\d+,\d+\)|BOOLEAN|VARCHAR"
    r"|DATE|TIME|TIMESTAMP)$"
)
NESTED = re.compile(r"STRUCT\(|MAP\(|UNION\(|VARIANT|.*\[\d*\]$|JSON$", re.DOTALL)
LONGEST_BYTES = 50


def selection(
    work: Work, columns: Sequence[tuple[str, str]], source: str, *, only_dates: bool = False
) -> Typed:
    """Return the rows of `source`, whose columns have these names and types.

    Texts that are all dates become dates, and numbers too unless `only_dates`.
    """
    names = column_names([name for name, _ in columns])
    inner = [f"c{place}" for place in range(1, len(columns) + 1)]
    selected, kept = [], []
    notes: list[Note] = []
    for place, (column, (_, type_)) in enumerate(zip(inner, columns, strict=True)):
        selected.append(f"{_kept(column, type_)} AS {column}")
        notes += _said_of(names[place], type_)
        if type_ != "VARCHAR":
            kept.append(place)
    rows = f"(SELECT {', '.join(selected)} FROM {source} AS t({', '.join(inner)}))"
    only_text = range(len(names)) if only_dates else ()
    found = text_types.typed(work, rows, names, only_text=only_text, kept=kept)
    return Typed(found.select, (*notes, *found.notes))


def _kept(column: str, type_: str) -> str:
    if KEPT.match(type_):
        return column
    if type_.startswith("TIMESTAMP"):
        return f"TRY_CAST({column} AS TIMESTAMP)"
    if type_ == "BLOB":
        return f"hex({column}[1:{LONGEST_BYTES}])"
    if type_ == "JSON":
        # A JSON text is itself with quotes; json_extract_string takes them off.
        return f"json_extract_string({column}, '$')"
    if NESTED.match(type_):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def _said_of(name: str, type_: str) -> Iterator[Note]:
    if type_ == "JSON":
        message = "The values are of several types, so the column is kept as text."
        yield Note(code="mixed_types", column=name, message=message, severity="warning")
    elif NESTED.match(type_):
        message = "The values are lists or objects; they are kept as JSON text."
        yield Note(code="nested_values", column=name, message=message)
    elif type_ == "BLOB":
        message = f"The values are bytes; the first {LONGEST_BYTES} are kept as hexadecimal text."
        yield Note(code="binary_values", column=name, message=message)
    elif type_.startswith("TIMESTAMP WITH"):
        yield Note(code="number_format", column=name, message="Its times are given in UTC.")
