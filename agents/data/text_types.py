"""Types for columns of text: all values of a column have to fit, or it stays text."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from agents.data.batches import batches
from agents.data.limits import Note
from agents.data.naming import literal, quoted
from agents.data.text_formats import Format, formats
from agents.data.wording import counted
from agents.data.work import Work

SAMPLE_ROWS = 1_000
# Of these: wide tables have many columns, and there are many formats.
FIRST_VALUES, MOST_VALUES = 20, 200
# Of the sample: below it, a format is not worth trying on all rows.
LEAST_SHARE = 0.8
AMBIGUOUS = {"%m/%d/%Y": "%d/%m/%Y", "%m/%d/%y": "%d/%m/%y"}
# What people write into a column of numbers where there is none.
MISSING = (
    *("-", "--", "?", ".", "..", "*", "unknown", "missing", "none", "nil", "nd", "n/d", "nan"),
    *("#n/a", "#value!", "#div/0!", "#ref!", "#name?", "#null!", "#num!"),
)
TOLD_VALUES = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """A query for the rows of a table with their types, and what is to be said about them."""

    select: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column `source` of the texts, and the formats that its first values are of."""

    name: str
    source: str
    candidates: tuple[Format, ...]

    @property
    def text(self) -> str:
        return f"trim({self.source})"

    @property
    def is_missing(self) -> str:
        listed = ", ".join(map(literal, MISSING))
        return f"(lower({self.text}) IN ({listed}))"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many values a column has, how many of them say that there is none, how many fit."""

    filled: int
    missing: int
    fitting: dict[str, int]

    def chosen(self, column: Column) -> Format | None:
        """Return the first format that all values are of."""
        values = self.filled - self.missing
        fits = (one for one in column.candidates if self.fitting.get(one.name, 0) == values)
        return next(fits, None) if values else None


def typed(
    work: Work,
    rows: str,
    names: Sequence[str],
    *,
    only_text: Collection[int] = (),
    kept: Collection[int] = (),
    decimal_comma: bool = False,
) -> Typed:
    """Find the types of the columns `c1`, `c2`... of what may stand after FROM.

    The columns at the places `only_text` (from 0) hold what was text at its source: digits there
    are no numbers. Those at the places `kept` have their types already.
    """
    known = formats(decimal_comma=decimal_comma)
    columns = []
    for place, values in enumerate(_samples(work, rows, len(names), kept)):
        tried = [one for one in known if not (one.is_number and place in only_text)]
        candidates = tuple(one for one in tried if _is_likely(one, values))
        columns.append(Column(names[place], f"c{place + 1}", candidates))
    results = _counted(work, rows, columns)
    selected: list[str] = []
    notes: list[Note] = []
    for column, counts in zip(columns, results, strict=True):
        found = counts.chosen(column)
        value = found.sql.format(column.text) if found else column.source
        selected.append(f"{value} AS {quoted(column.name)}")
        if found:
            notes += _said_of(column, found, counts, work, rows)
        elif column.candidates:
            notes.append(_mixed(column, counts, work, rows))
    return Typed(f"SELECT {', '.join(selected)} FROM {rows}", tuple(notes))


def _samples(work: Work, rows: str, width: int, kept: Collection[int]) -> Iterator[list[str]]:
    first = work.connection.rows(f"FROM {rows} LIMIT {SAMPLE_ROWS}")
    for place in range(width):
        if place in kept:
            yield []
            continue
        values = [row[place] for row in first if row[place] is not None]
        if not values:
            found = work.connection.rows(
                f"SELECT c{place + 1} FROM {rows} WHERE c{place + 1} IS NOT NULL LIMIT 100"
            )
            values = [row[0] for row in found]
        yield [value.strip() for value in values if value.strip().lower() not in MISSING]


def _is_likely(one: Format, values: Sequence[str]) -> bool:
    first = values[:FIRST_VALUES]
    if not first or sum(map(one.fits, first)) * 2 < len(first):
        return False
    some = values[:: len(values) // MOST_VALUES + 1]
    return sum(map(one.fits, some)) >= LEAST_SHARE * len(some)


def _counted(work: Work, rows: str, columns: Sequence[Column]) -> list[Counts]:
    """Count what fits: the likeliest format first, the others only where that does not do."""
    first = [column.candidates[:1] for column in columns]
    results = _query(work, rows, columns, first, missing="0")
    others = [
        column.candidates
        if counts.chosen(column) is None
        else tuple(one for one in column.candidates[1:] if one.name == _twin(column.candidates[0]))
        for column, counts in zip(columns, results, strict=True)
    ]
    again = _query(work, rows, columns, others)
    return [
        Counts(one.filled, other.missing, {**one.fitting, **other.fitting})
        for one, other in zip(results, again, strict=True)
    ]


def _query(
    work: Work,
    rows: str,
    columns: Sequence[Column],
    tried: Sequence[Sequence[Format]],
    *,
    missing: str = "",
) -> list[Counts]:
    found: list[Counts] = []
    for part in batches(list(zip(columns, tried, strict=True))):
        counted = []
        for column, candidates in part:
            if candidates:
                counted += [f"count({column.source})"]
                counted += [missing or f"count_if({column.is_missing})"]
                counted += [f"count_if({one.test(column.text)})" for one in candidates]
        [row] = (
            work.connection.rows(f"SELECT {', '.join(counted)} FROM {rows}") if counted else [()]
        )
        numbers = iter(row)
        for _, candidates in part:
            filled, unknown = (next(numbers), next(numbers)) if candidates else (0, 0)
            fitting = {one.name: next(numbers) for one in candidates}
            found.append(Counts(filled, unknown, fitting))
    return found


def _twin(one: Format) -> str:
    """Return the name of the format that reads the same text with day and month exchanged."""
    kind, _, code = one.name.partition(" ")
    return f"{kind} {AMBIGUOUS.get(code)}"


def _said_of(
    column: Column, found: Format, counts: Counts, work: Work, rows: str
) -> Iterator[Note]:
    if found.note:
        yield Note(code="number_format", column=column.name, message=found.note)
    if counts.fitting.get(_twin(found)) == counts.fitting[found.name]:
        message = (
            "The order of day and month is not clear from the values; the month was read first. "
            "Write dates as 2024-12-31 to be sure."
        )
        yield Note(code="ambiguous_dates", column=column.name, message=message, severity="warning")
    if counts.missing:
        told = _examples(work, rows, column, column.is_missing)
        message = f"{counted(counts.missing, 'value')} read as missing: {told}."
        yield Note(code="missing_values", column=column.name, message=message)


def _mixed(column: Column, counts: Counts, work: Work, rows: str) -> Note:
    """Most values are of one format, but not all: say which are not."""
    best = max(column.candidates, key=lambda one: counts.fitting[one.name])
    fitting = counts.fitting[best.name]
    odd = f"{column.source} IS NOT NULL AND {best.test(column.text)} IS NOT TRUE"
    what = "numbers" if best.is_number else f"{best.name.partition(' ')[0]}s"
    message = (
        f"{counts.filled - fitting:,} of {counts.filled:,} values are no {what}, "
        f"so the column is kept as text: {_examples(work, rows, column, odd)}."
    )
    return Note(code="mixed_types", column=column.name, message=message, severity="warning")


def _examples(work: Work, rows: str, column: Column, condition: str) -> str:
    found = work.connection.rows(
        f"SELECT DISTINCT left({column.source}, 40) AS v FROM {rows} WHERE {condition} "
        f"ORDER BY v LIMIT {TOLD_VALUES + 1}"
    )
    told = ", ".join(f"\u201c{value}\u201d" for (value,) in found[:TOLD_VALUES])
    return told + (" and others" if len(found) > TOLD_VALUES else "")
