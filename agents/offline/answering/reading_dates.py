"""Conditions from dates: "in 2013", "since May", "from January to March", "on 4 July"."""

from datetime import date, timedelta

from agents.data_model import Scalar
from agents.offline.answering.dates import Period
from agents.offline.answering.logic import Condition, Field, Operator
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import time_fields
from agents.offline.answering.resolving import name_bonus
from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import name_words

AFTER = frozenset(
    words_of("""
after since from following past starting beginning later
""")
)
BEFORE = frozenset(
    words_of("""
before until till by through earlier prior
""")
)
INCLUDING_START = frozenset(
    words_of("""
since from starting beginning
""")
)
INCLUDING_END = frozenset(
    words_of("""
until till by through
""")
)
ONE_DAY = timedelta(days=1)


def read_dates(reading: Reading) -> None:
    """Make conditions of all periods that no number rule has used."""
    place = 0
    while place < len(reading.items):
        item = reading.items[place]
        if item.period is not None and not item.is_used:
            end = _range_end(reading, place)
            if end is not None:
                _between(reading, place, end)
                place = end
            else:
                _one(reading, place)
        place += 1


def _range_end(reading: Reading, place: int) -> int | None:
    """Return the second period of "from A to B" or "between A and B"."""
    before = (
        reading.word(place - 1) if reading.word(place - 1) != "the" else reading.word(place - 2)
    )
    joint = reading.word(place + 1)
    if before == "between" and reading.cues("compare_groups"):
        reading.use(*(p for p in (place - 1, place - 2) if reading.word(p) == "between"))
        return None
    is_range = (before == "between" and joint == "and") or (
        joint in ("to", "through", "until", "till", "-") and before != "between"
    )
    other = reading.item(place + 2)
    if is_range and other is not None and other.period is not None and not other.is_used:
        return place + 2
    return None


def _one(reading: Reading, place: int) -> None:
    item = reading.items[place]
    assert item.period is not None
    field = _field(reading, place, item.period)
    if field is None:
        return
    word = _relation(reading, place)
    if word in AFTER | BEFORE:
        made = _open(reading, field, item.period, word)
    else:
        made = _within(reading, field, item.period)
    if not made:
        return
    reading.use(place)
    for condition in made:
        _merge(reading, condition, place)


def _relation(reading: Reading, place: int) -> str:
    for before in (place - 1, place - 2):
        word = reading.word(before)
        if word in AFTER | BEFORE:
            return word
        if word not in ("the", "year", "in", "of", "and"):
            break
    if reading.word(place + 1) in ("onwards", "onward") or _is_open(reading, place):
        return "since"
    return ""


def _is_open(reading: Reading, place: int) -> bool:
    after = reading.item(place + 1)
    return after is not None and after.is_cue("or_more", "ge")


def _between(reading: Reading, start: int, end: int) -> None:
    first, last = reading.items[start].period, reading.items[end].period
    assert first is not None
    assert last is not None
    if first.year is None and last.year is not None:
        first = Period(last.year, first.months, first.day)
    field = _field(reading, start, first)
    if field is None:
        return
    made = _span(reading, field, first, last)
    if made:
        reading.use(start, end)
        for before in (start - 1, start - 2):
            if reading.word(before) in ("between", "from"):
                reading.use(before)
        for condition in made:
            reading.add_condition(condition, start)


def _field(reading: Reading, place: int, period: Period) -> Field | None:
    """Return the field that tells when; the words before the period may name one of several."""
    fields = [one for one in time_fields(reading) if _can_tell(reading, one, period)]
    if len(fields) < 2:
        return fields[0] if fields else None
    words = [reading.word(before) for before in range(place - 1, max(place - 5, -1), -1)]
    scored = sorted(
        fields, key=lambda one: -name_bonus(name_words(one.name), words) if one.name else 0.0
    )
    return scored[0]


def _can_tell(reading: Reading, field: Field, period: Period) -> bool:
    if field.parts or reading.place_of(field).is_time:
        return True
    return period.year is not None and not period.months and not period.weekdays


def _within(reading: Reading, field: Field, period: Period) -> list[Condition]:
    if field.parts:
        return _by_parts(field, period)
    if not reading.place_of(field).is_time:
        assert period.year is not None
        values = (period.year, period.year + 9) if period.decade else (period.year,)
        operator: Operator = "between" if period.decade else "="
        return [Condition(field=field, operator=operator, values=values)]
    if period.weekdays:
        return [_one_of(field.model_copy(update={"unit": "weekday"}), period.weekdays)]
    known = _with_year(reading, field, period)
    if known.is_span:
        return _of_span(field, *known.bounds())
    made = []
    if known.year is not None:
        made += _of_span(field, *Period(known.year).bounds())
    if known.months:
        made.append(_one_of(field.model_copy(update={"unit": "month_of_year"}), known.months))
    return made if known.day is None else []


def _with_year(reading: Reading, field: Field, period: Period) -> Period:
    """Add the year if the data has only one."""
    column = reading.place_of(field).column
    low, high = str(column.minimum)[:4], str(column.maximum)[:4]
    if period.year is None and low == high and low.isdecimal():
        return Period(int(low), period.months, period.day)
    return period


def _by_parts(field: Field, period: Period) -> list[Condition]:
    if period.weekdays:
        return [_one_of(field.model_copy(update={"unit": "weekday"}), period.weekdays)]
    year, month, day = (Field(table=field.table, name=part) for part in field.parts)
    made = []
    if period.year is not None:
        last = period.year + 9 if period.decade else period.year
        made.append(_one_of(year, tuple(range(period.year, last + 1))))
    if period.months:
        made.append(_one_of(month, period.months))
    if period.day is not None:
        made.append(_one_of(day, (period.day,)))
    return made


def _one_of(field: Field, values: tuple[int, ...]) -> Condition:
    operator: Operator = "=" if len(values) == 1 else "in"
    return Condition(field=field, operator=operator, values=values)


def _of_span(field: Field, start: date, end: date) -> list[Condition]:
    last = end - ONE_DAY
    day = field.model_copy(update={"unit": "day"})
    if start == last:
        return [Condition(field=day, operator="=", values=(start.isoformat(),))]
    values = (start.isoformat(), last.isoformat())
    return [Condition(field=day, operator="between", values=values)]


def _open(reading: Reading, field: Field, period: Period, word: str) -> list[Condition]:
    """Return the condition for a period and all before or after it."""
    is_after = word in AFTER
    inclusive = word in INCLUDING_START | INCLUDING_END
    if not field.parts and not reading.place_of(field).is_time:
        signs: tuple[Operator, ...] = (">=", "<=") if inclusive else (">", "<")
        sign = signs[0] if is_after else signs[1]
        return [Condition(field=field, operator=sign, values=(period.year,))]
    if field.parts and period.year is None and period.months and period.day is None:
        month = Field(table=field.table, name=field.parts[1])
        signs = (">=", "<=") if inclusive else (">", "<")
        edge = period.months[-1 if is_after != inclusive else 0]
        return [Condition(field=month, operator=signs[0 if is_after else 1], values=(edge,))]
    known = _with_year(reading, field, period)
    if not known.is_span:
        return []
    start, end = known.bounds()
    day = field.model_copy(update={"unit": "day"})
    if is_after:
        return [
            Condition(field=day, operator=">=", values=((start if inclusive else end).isoformat(),))
        ]
    last = end if inclusive else start
    return [Condition(field=day, operator="<", values=(last.isoformat(),))]


def _span(reading: Reading, field: Field, first: Period, last: Period) -> list[Condition]:
    if not field.parts and not reading.place_of(field).is_time:
        values: tuple[Scalar, ...] = (first.year, last.year)
        return [Condition(field=field, operator="between", values=values)]
    is_months = bool(first.months and last.months)
    if first.year is None and is_months and first.day is None and last.day is None:
        months = _months(first.months[0], last.months[-1])
        if field.parts:
            return [_one_of(Field(table=field.table, name=field.parts[1]), months)]
        return [_one_of(field.model_copy(update={"unit": "month_of_year"}), months)]
    begin, end = _with_year(reading, field, first), _with_year(reading, field, last)
    if begin.is_span and end.is_span:
        return _of_span(field, begin.bounds()[0], end.bounds()[1])
    return []


def _months(first: int, last: int) -> tuple[int, ...]:
    if first <= last:
        return tuple(range(first, last + 1))
    return (*range(first, 13), *range(1, last + 1))


def _merge(reading: Reading, condition: Condition, place: int) -> None:
    """Join periods that are told side by side: "in 2013 or 2014", "in June and July"."""
    for number, known in enumerate(reading.conditions):
        if known.field == condition.field and {known.operator, condition.operator} <= {"=", "in"}:
            if reading.cues("compare_groups") and condition.operator == "in":
                reading.less_sure(0.4, "seasons and quarters are not compared with each other")
            values = tuple(dict.fromkeys([*known.values, *condition.values]))
            reading.conditions[number] = Condition(
                field=known.field, operator="in" if len(values) > 1 else "=", values=values
            )
            return
        if _are_years(known, condition):
            _merge_years(reading, number, condition)
            return
    reading.add_condition(condition, place)


def _are_years(known: Condition, other: Condition) -> bool:
    """Whether one is a year, or some, and the other is a whole year."""
    if not _year_of(other):
        return False
    is_list = known.field.unit == "year" and known.operator == "in"
    return (is_list or bool(_year_of(known))) and known.field.model_copy(
        update={"unit": "day"}
    ) == other.field


def _year_of(condition: Condition) -> str:
    if condition.field.unit != "day" or condition.operator != "between":
        return ""
    start, last = (str(value) for value in condition.values)
    whole = start[:4] == last[:4] and start.endswith("-01-01") and last.endswith("-12-31")
    return start if whole else ""


def _merge_years(reading: Reading, number: int, other: Condition) -> None:
    known = reading.conditions[number]
    values = known.values if known.operator == "in" else (_year_of(known),)
    reading.conditions[number] = Condition(
        field=known.field.model_copy(update={"unit": "year"}),
        operator="in",
        values=tuple(dict.fromkeys([*values, _year_of(other)])),
    )
