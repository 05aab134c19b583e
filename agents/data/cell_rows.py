"""Rows of Python values as a CSV file: for sources that know more types than text."""

import csv
import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

NULL = "\\N"
LONGEST_BYTES = 50


class CellWriter:
    """Writes rows of one width, and notes which columns hold text and nothing else."""

    def __init__(self, path: Path, width: int) -> None:
        self.rows = 0
        self._width = width
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="")
        self._writer = csv.writer(self._file, quoting=csv.QUOTE_ALL)
        self._texts = [False] * width
        self._others = [False] * width

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def only_text(self) -> tuple[int, ...]:
        """The places of the columns whose values were all text."""
        pairs = enumerate(zip(self._texts, self._others, strict=True))
        return tuple(place for place, (text, other) in pairs if text and not other)

    def write(self, rows: Iterable[Sequence[object]]) -> None:
        for row in rows:
            self._writer.writerow([self._cell(place, value) for place, value in self._fitted(row)])
            self.rows += 1

    def _fitted(self, row: Sequence[object]) -> Iterable[tuple[int, object]]:
        padded = [*row, *[None] * (self._width - len(row))]
        return enumerate(padded[: self._width])

    def _cell(self, place: int, value: object) -> str:
        if value is None or value == "":
            return NULL if value is None else ""
        if isinstance(value, str):
            self._texts[place] = True
            return value.replace("\0", "")
        self._others[place] = True
        return text_of(value)


def text_of(value: object) -> str:
    """Return a value that is no text as text, in a form that `text_types` reads back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value or abs(value) == float("inf"):
            return NULL
        return repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value.total_seconds())
    if isinstance(value, bytes):
        return value[:LONGEST_BYTES].hex()
    return str(value)
