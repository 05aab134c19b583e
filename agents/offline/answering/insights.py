"""What a result says, worked out from all its rows before any is left out."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass

from agents.chats import Insight, ResultTable
from agents.data_model import Scalar
from agents.offline.answering.charts import is_time
from agents.offline.answering.logic import Field, Logical
from agents.offline.answering.wording import Wording, number_text
from agents.offline.answering.writing import cell

STRENGTHS = ((0.7, "strong"), (0.4, "moderate"), (0.2, "weak"), (0.0, "hardly any"))
ADDED_UP = ("count", "sum", "missing")


@dataclass(frozen=True)
class View:
    """A result to speak about: what is shown, and all of it."""

    query: Logical
    wording: Wording
    shown: ResultTable
    full: ResultTable
    asks_whether: bool = False

    @property
    def value(self) -> int:
        """The place of the first measure."""
        return len(self.query.groups)

    def label(self, row: Sequence[Scalar]) -> str:
        fields, names = self.query.groups, self.full.columns
        parts = [
            self._named(field, value) or cell(value, name)
            for field, value, name in zip(fields, row, names, strict=False)
        ]
        return ", ".join(dict.fromkeys(parts))

    def _named(self, field: Field, value: Scalar) -> str:
        """Return the name of a month or weekday that is given by its number."""
        if not isinstance(value, int) or field.parts:
            return ""
        if field.unit == "weekday":
            return calendar.day_name[value - 1] if 1 <= value <= 7 else ""
        place = self.wording.schema.place(field.table, field.name)
        if field.unit == "month_of_year" or (not field.unit and place.is_part("month")):
            return calendar.month_name[value] if 1 <= value <= 12 else ""
        return ""

    def figure(self, row: Sequence[Scalar]) -> str:
        text = cell(row[self.value], self.full.columns[self.value])
        is_share = self.query.measures[0].aggregate == "share"
        return f"{text} %" if is_share and row[self.value] is not None else text


def insight(view: View) -> Insight:
    """Return what answers the question, and facts beside it."""
    query = view.query
    if query.count_groups:
        return Insight(text=f"**{cell(view.full.rows[0][0])}** {_groups_name(view)} meet that.")
    if query.measures and not query.groups:
        return _single(view)
    if not view.full.rows:
        return Insight(text="No rows match.")
    return _grouped(view) if query.measures else _rows(view)


def _groups_name(view: View) -> str:
    return f"values of {view.wording.field(view.query.groups[0])}"


def _single(view: View) -> Insight:
    row = view.full.rows[0]
    if view.asks_whether and isinstance(row[0], int):
        answer = "**Yes**" if row[0] else "**No**"
        return Insight(text=f"{answer}: {cell(row[0])} rows of {view.query.base} match.")
    if view.query.measures[0].aggregate == "correlation":
        return _correlation(view, row[0])
    parts = []
    for measure, value in zip(view.query.measures, row, strict=True):
        name = _upper(view.wording.measure(measure))
        sign = " %" if measure.aggregate == "share" and value is not None else ""
        parts.append(f"{name} is **{cell(value)}{sign}**.")
    if view.query.where:
        parts.append(f"Only rows count where {view.wording.conditions()}.")
    if row[0] is None:
        parts.append("There are no values to work it out of.")
    return Insight(text=" ".join(parts))


def _correlation(view: View, value: Scalar) -> Insight:
    name = _upper(view.wording.measure(view.query.measures[0]))
    if not isinstance(value, int | float):
        return Insight(text=f"{name} cannot be worked out: one of the columns never changes.")
    strength = next(word for least, word in STRENGTHS if abs(value) >= least)
    sign = "rise and fall together" if value > 0 else "move against each other"
    relation = f"a {strength} linear relation" if strength != STRENGTHS[-1][1] else (
        "hardly any linear relation"
    )  # fmt: skip
    fact = "A correlation does not say which causes which."
    return Insight(
        text=f"{name} is **{value:.3f}**: {relation}; they tend to {sign}.", facts=(fact,)
    )


def _grouped(view: View) -> Insight:
    rows = [row for row in view.full.rows if _number(row[view.value]) is not None]
    if not rows:
        return Insight(text="No group has a value.")
    if view.query.best_of_each:
        return Insight(text=f"The best of each of {len(view.full.rows):,} groups is in the table.")
    first = view.query.groups[0]
    if view.query.limit is None and is_time(view.wording.schema, first) and _is_one_series(view):
        return _over_time(view, rows)
    if view.query.limit is None and len(rows) == 2:
        return _pair(view, rows)
    return _ranking(view, rows)


def _is_one_series(view: View) -> bool:
    starts = {row[0] for row in view.full.rows}
    return len(starts) == len(view.full.rows) > 2


def _over_time(view: View, rows: list[tuple[Scalar, ...]]) -> Insight:
    ordered = sorted((row for row in rows if row[0] is not None), key=lambda row: _order(row[0]))
    peak, low = _largest(view, ordered), _smallest(view, ordered)
    name = _upper(view.wording.measure(view.query.measures[0]))
    start, end = ordered[0], ordered[-1]
    change = _value(view, end) - _value(view, start)
    told = "rose" if change > 0 else "fell" if change < 0 else "stayed the same"
    text = (
        f"{name} was largest in **{view.label(peak)}** ({view.figure(peak)}) and smallest in "
        f"{view.label(low)} ({view.figure(low)})."
    )
    fact = f"From {view.label(start)} to {view.label(end)} it {told}"
    fact += (
        f" by {number_text(abs(change))}{_percent(change, _value(view, start))}." if change else "."
    )
    return Insight(text=text, facts=(fact, *_missing_group(view)))


def _pair(view: View, rows: list[tuple[Scalar, ...]]) -> Insight:
    best, worst = _largest(view, rows), _smallest(view, rows)
    name = view.wording.measure(view.query.measures[0])
    difference = _value(view, best) - _value(view, worst)
    text = (
        f"{_upper(name)} is larger for **{view.label(best)}** ({view.figure(best)}) than for "
        f"{view.label(worst)} ({view.figure(worst)}): the difference is "
        f"{number_text(difference)}{_percent(difference, _value(view, worst))}."
    )
    return Insight(text=text, facts=_missing_group(view))


def _ranking(view: View, rows: list[tuple[Scalar, ...]]) -> Insight:
    order = view.query.order[0] if view.query.order else None
    smallest_first = order is not None and order.by == "measure" and not order.descending
    best, worst = _largest(view, rows), _smallest(view, rows)
    name = _upper(view.wording.measure(view.query.measures[0]))
    first = view.shown.rows[0] if view.query.limit is not None and view.shown.rows else None
    facts = [*_share_of_all(view, first or best, rows), *_missing_group(view)]
    if first is not None:
        side = "smallest" if smallest_first else "largest"
        place = "" if not view.query.offset else f" number {view.query.offset + 1}, by place,"
        text = f"{name} is {side}{place} for **{view.label(first)}**: {view.figure(first)}."
        facts.append(f"{len(view.full.rows):,} groups were compared.")
        return Insight(text=text, facts=tuple(facts))
    text = (
        f"{name} is largest for **{view.label(best)}** ({view.figure(best)})"
        + (f" and smallest for {view.label(worst)} ({view.figure(worst)})" if worst != best else "")
        + f", of {view.full.row_count:,} groups."
    )
    return Insight(text=text, facts=tuple(facts))


def _share_of_all(
    view: View, row: Sequence[Scalar], rows: list[tuple[Scalar, ...]]
) -> tuple[str, ...]:
    measure = view.query.measures[0]
    total = sum(_value(view, one) for one in rows)
    is_all = view.full.row_count == len(view.full.rows) and not view.query.having
    if measure.aggregate not in ADDED_UP or measure.per or total <= 0 or not is_all:
        return ()
    share = 100 * _value(view, row) / total
    return (f"{view.label(row)} has {share:.1f} % of the total of {number_text(total)}.",)


def _missing_group(view: View) -> tuple[str, ...]:
    """Name the group of rows without a value, which nobody asked for."""
    for row in view.full.rows:
        if row[0] is None:
            name = view.wording.field(view.query.groups[0])
            return (f"Rows without {name} are a group of their own: {view.figure(row)}.",)
    return ()


def _rows(view: View) -> Insight:
    count, row = view.shown.row_count, view.shown.rows[0]
    if view.query.limit is not None and view.query.order:
        figure = view.query.order[0].field
        name = figure.name if figure is not None and not figure.parts else ""
        if name in view.shown.columns:
            value = cell(row[view.shown.columns.index(name)], name)
            label = next((cell(one) for one in row if isinstance(one, str)), cell(row[0]))
            return Insight(text=f"**{label}** comes first, with {name} {value}.")
    if view.query.distinct:
        names = [", ".join(cell(one) for one in found) for found in view.shown.rows[:10]]
        more = f" and {count - 10:,} more" if count > 10 else ""
        return Insight(text=f"**{count:,}** values: {'; '.join(names)}{more}.")
    return Insight(text=f"**{count:,}** rows of {view.query.base} match.")


def _largest(view: View, rows: list[tuple[Scalar, ...]]) -> tuple[Scalar, ...]:
    return max(rows, key=lambda row: _value(view, row))


def _smallest(view: View, rows: list[tuple[Scalar, ...]]) -> tuple[Scalar, ...]:
    return min(rows, key=lambda row: _value(view, row))


def _value(view: View, row: Sequence[Scalar]) -> float:
    return _number(row[view.value]) or 0.0


def _order(value: Scalar) -> tuple[float, str]:
    number = _number(value)
    return (number, "") if number is not None else (0.0, str(value))


def _percent(change: float, start: float) -> str:
    return f" ({abs(100 * change / start):.1f} %)" if start > 0 else ""


def _number(value: Scalar) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None else None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
