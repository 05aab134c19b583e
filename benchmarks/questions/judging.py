"""Whether a reply is right, wrong, or declines to answer.

Right is what the executed query gave, not what the text says: the asked values in the right
rows. A table may have more columns than asked for, but not more rows, so listing everything is
never right. One value among many figures of a single row is not an answer either.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from agents.chats import Reply, ResultTable
from agents.data_model import Scalar
from benchmarks.questions.cells import forms, is_same
from benchmarks.questions.loading import Question, Reading

Outcome = Literal["right", "wrong", "declined"]
# A single value may stand beside a few others: the count beside an average, the day of a record.
MOST_OTHER_FIGURES = 4
Row = tuple[Scalar, ...]
Places = dict[str, int]  # of the gold columns that are shown: in which column of the reply


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    reason: str


def judge(question: Question, reply: Reply | None) -> Verdict:
    """Judge a reply; None stands for one that asked back what was meant."""
    if question.expect != "answer":
        silent = reply is None or _tells_nothing(reply)
        return Verdict("right", "declined") if silent else Verdict("wrong", "should have declined")
    if reply is None:
        return Verdict("declined", "asked back")
    if reply.status == "declined":
        return Verdict("declined", "declined")
    if reply.status != "answered" or reply.query is None:
        return Verdict("wrong", f"{reply.status} without a query")
    text = f"{reply.query.interpretation}\n{reply.text}"
    reasons = [_mismatch(reading, reply.query.result, text) for reading in question.readings]
    return Verdict("wrong", reasons[0]) if all(reasons) else Verdict("right", "")


def _tells_nothing(reply: Reply) -> bool:
    """Say whether a reply makes no claim: it declines, says it cannot tell, or found no rows."""
    if reply.status in ("declined", "denied"):
        return True
    if reply.query is None:
        return reply.status == "answered" and reply.intent.intent_type in ("UNRELATED", "HELP")
    return all(cell is None for row in reply.query.result.rows for cell in row)


def _mismatch(reading: Reading, table: ResultTable, text: str) -> str:
    """Return why a table does not give the answer of a reading; nothing if it does."""
    if reason := _wrong_size(reading, table):
        return reason
    figures = [name for name in reading.optional if _is_figure(_column(reading, name))]
    for needed in _needed(reading):
        if _find(reading, table, (*needed, *figures), text) is not None:
            return ""
        found = _find(reading, table, needed, text)
        if found is not None and not _other_figures(table, found):
            return ""
    return "the asked values are not in the right rows"


def _wrong_size(reading: Reading, table: ResultTable) -> str:
    rows, most = table.row_count, len(reading.answer)
    if reading.compare == "set":
        return ""  # counted without what is repeated, in _find
    least = {"ordered": reading.take, "row": 1}.get(reading.compare, most)
    is_one_or_all = reading.compare != "row" or rows in (1, most)
    if not least <= rows <= most or not is_one_or_all:
        return f"has {rows} rows instead of {least}"
    if reading.compare == "scalar" and len(_other_figures(table, {})) > MOST_OTHER_FIGURES + 1:
        return "one value among many figures"
    return ""


def _needed(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Give the sets of gold columns of which one must be shown."""
    if not reading.either:
        yield reading.required
    for name in reading.either:
        yield (*reading.required, name)


def _column(reading: Reading, name: str) -> list[Scalar]:
    at = reading.columns.index(name)
    return [row[at] for row in reading.answer]


def _is_figure(values: Sequence[Scalar]) -> bool:
    told = [value for value in values if value is not None]
    return bool(told) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in told
    )


def _other_figures(table: ResultTable, found: Places) -> list[str]:
    return [
        name
        for at, name in enumerate(table.columns)
        if at not in found.values() and _is_figure([row[at] for row in table.rows])
    ]


def _find(reading: Reading, table: ResultTable, names: Sequence[str], text: str) -> Places | None:
    """Return in which columns of the table the gold columns `names` are, if the rows match."""
    candidates = [
        [at for at in range(len(table.columns)) if _may_be(reading, table, name, at, text)]
        for name in names
    ]
    for chosen in _choices(candidates):
        places = dict(zip(names, chosen, strict=True))
        if _rows_match(reading, table, places, text):
            return places
    return None


def _choices(candidates: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Give all ways to take a different column from each list of candidates."""
    if not candidates:
        yield ()
        return
    for first in candidates[0]:
        rest = [[at for at in others if at != first] for others in candidates[1:]]
        for chosen in _choices(rest):
            yield (first, *chosen)


def _may_be(reading: Reading, table: ResultTable, name: str, at: int, text: str) -> bool:
    """Say whether each value of a column is one of the gold column's: a quick first look."""
    gold = _column(reading, name)
    return all(
        any(_agree(reading, name, value, row[at], table.columns[at], text) for value in gold)
        for row in table.rows
    )


def _agree(reading: Reading, name: str, gold: Scalar, told: Scalar, label: str, text: str) -> bool:
    if name in reading.percent:
        return any(is_same(form, told) for form in forms(gold, label, text))
    return is_same(gold, told, name)


def _rows_match(reading: Reading, table: ResultTable, places: Places, text: str) -> bool:
    def is_row(gold: Row, told: Row) -> bool:
        return all(
            _agree(reading, name, gold[reading.columns.index(name)], told[at],
                   table.columns[at], text)
            for name, at in places.items()
        )  # fmt: skip

    rows: Sequence[Row] = table.rows
    if reading.compare == "set":
        rows = _unrepeated(rows, places)
        if table.row_count > len(table.rows) or len(rows) != len(reading.answer):
            return False
    unused = list(reading.answer)
    for position, told in enumerate(rows):
        allowed = _allowed(reading, unused, position)
        match = next((gold for gold in allowed if is_row(gold, told)), None)
        if match is None:
            return False
        unused.remove(match)
    return True


def _unrepeated(rows: Sequence[Row], places: Places) -> list[Row]:
    seen = {tuple(row[at] for at in places.values()): row for row in rows}
    return list(seen.values())


def _allowed(reading: Reading, unused: Sequence[Row], position: int) -> Sequence[Row]:
    """Return the gold rows that may stand at a position: in a ranking, those that tie there."""
    if reading.compare != "ordered":
        return unused
    at = reading.columns.index(reading.order)
    return [row for row in unused if row[at] == reading.answer[position][at]]


def shown(reply: Reply | None) -> str:
    """Return what a reply answered, in one line."""
    if reply is None:
        return "asked back"
    if reply.query is None:
        return f"{reply.status}: {' '.join(reply.text.split())[:160]}"
    result = reply.query.result
    cells = list(chain.from_iterable(result.rows))[:8]
    return f"{reply.query.interpretation} -> {result.row_count} rows {cells}"
