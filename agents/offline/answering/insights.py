"""What a result says, worked out from all its rows before any is left out."""

from collections.abc import Sequence

from agents.chats import Insight, ResultTable
from agents.data_model import Scalar
from agents.offline.answering.logic import Logical
from agents.offline.answering.wording import Wording
from agents.offline.answering.writing import cell


def insight(query: Logical, wording: Wording, full: ResultTable) -> Insight:
    """Return one sentence that answers, and facts beside it."""
    if not full.rows or not full.row_count:
        return Insight(text="No rows match.", facts=())
    if query.count_groups or (query.measures and not query.groups):
        return _single(query, wording, full)
    if query.measures:
        return _grouped(query, wording, full)
    return Insight(text=f"{full.row_count:,} rows match.")


def _single(query: Logical, wording: Wording, full: ResultTable) -> Insight:
    if query.count_groups:
        return Insight(text=f"**{cell(full.rows[0][0])}** groups meet that.")
    parts = [
        f"{_upper(wording.measure(measure))} is **{cell(value)}**"
        for measure, value in zip(query.measures, full.rows[0], strict=True)
    ]
    return Insight(text=". ".join(parts) + ".")


def _grouped(query: Logical, wording: Wording, full: ResultTable) -> Insight:
    place = len(query.groups)
    rows = [row for row in full.rows if isinstance(row[place], int | float)]
    if not rows:
        return Insight(text="No group has a value.")
    best = max(rows, key=lambda row: _number(row[place]))
    worst = min(rows, key=lambda row: _number(row[place]))
    name = wording.measure(query.measures[0])
    text = (
        f"{_upper(name)} is largest for **{_label(query, full, best)}** "
        f"({cell(best[place])}) and smallest for {_label(query, full, worst)} "
        f"({cell(worst[place])}), of {full.row_count:,} groups."
    )
    return Insight(text=text)


def _label(query: Logical, full: ResultTable, row: Sequence[Scalar]) -> str:
    names = full.columns[: len(query.groups)]
    return ", ".join(cell(value, name) for value, name in zip(row, names, strict=False))


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
