"""The answer as Markdown, and its pieces as they are told."""

import re
from collections.abc import Iterator, Sequence

from agents.base import Delta
from agents.chats import Query, ResultTable
from agents.data_model import Scalar
from agents.offline.answering.wording import number_text
from agents.offline.inline import escape

SHOWN_ROWS, SHOWN_COLUMNS = 10, 8
LONGEST_CELL = 80
PIECE = re.compile(r"\S+\s*|\s+")


def deltas(text: str) -> Iterator[Delta]:
    """Yield the text word by word; joined, the pieces are the text."""
    for piece in PIECE.findall(text):
        yield Delta(text=piece)


def cell(value: Scalar, column: str = "") -> str:
    if value is None:
        return "(missing)"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value) if _is_year(value, column) else number_text(value)
    return escape(str(value), LONGEST_CELL)


def _is_year(value: float, column: str) -> bool:
    return "year" in column.lower() and value == int(value) and 1000 <= value <= 3000


def table(result: ResultTable) -> list[str]:
    """Return the first rows of a result as a Markdown table."""
    columns = result.columns[:SHOWN_COLUMNS]
    numeric = [_is_numeric(type_) for type_ in result.types]
    lines = [
        "| " + " | ".join(escape(name, LONGEST_CELL) for name in columns) + " |",
        "|" + "|".join("---:" if numeric[place] else "---" for place in range(len(columns))) + "|",
    ]
    for row in result.rows[:SHOWN_ROWS]:
        cells = [cell(value, name) for value, name in zip(row, columns, strict=False)]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _is_numeric(type_: str) -> bool:
    return "INT" in type_ or type_ in ("DOUBLE", "FLOAT") or type_.startswith("DECIMAL")


def sql_block(query: Query) -> list[str]:
    """Return the SQL as code, with its values."""
    lines = ["```sql", *query.sql.splitlines(), "```"]
    if query.values:
        told = ", ".join(f"`{escape(str(value), LONGEST_CELL)}`" for value in query.values)
        lines += ["", f"with {told} for the `?`."]
    return lines


def bullets(lines: Sequence[str]) -> list[str]:
    return [f"- {line}" for line in lines]
