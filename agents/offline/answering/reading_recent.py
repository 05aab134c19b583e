"""Times counted back from the end of the data: "in the last 30 days", "last month", "recent"."""

from datetime import date, timedelta

from agents.offline.answering.logic import Condition, Field
from agents.offline.answering.reading import Doubt, Reading
from agents.offline.answering.reading_groups import time_fields
from agents.offline.answering.word_lists import words_of

BEFORE = frozenset(words_of("in during for over within of since from on"))
BACK = frozenset({"last", "past", "previous", "latest", "final"})
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "week": 7}
MOST = 1000
RECENT = {
    "the last month": ("month", 1),
    "the last 3 months": ("month", 3),
    "the last year": ("year", 1),
}


def read_recent(reading: Reading) -> None:
    """Make conditions of phrases that count back from the last date of the data."""
    for place, item in enumerate(reading.items):
        if item.is_used:
            continue
        if item.is_cue("recent"):
            _recent(reading, place)
        elif item.text.lower() in BACK and _is_after_preposition(reading, place):
            _last(reading, place)


def _is_after_preposition(reading: Reading, place: int) -> bool:
    before = place - 1
    if reading.word(before) == "the":
        before -= 1
    return reading.word(before) in BEFORE


def _last(reading: Reading, place: int) -> None:
    """Read "last 30 days", "last month", "past 2 years"."""
    number, unit = reading.item(place + 1), place + 1
    count = 1
    if number is not None and number.number is not None:
        count, unit = max(1, min(int(number.number), MOST)), place + 2
    item = reading.item(unit)
    if item is None or not item.unit:
        return
    if _add(reading, item.unit, count, place):
        reading.use(*range(place, unit + 1))


def _recent(reading: Reading, place: int) -> None:
    """Ask how far back "recent" goes; a person may have said so already."""
    phrase = reading.word(place)
    options = [name for name, (unit, count) in RECENT.items() if _spans(reading, unit, count)]
    if not options:
        return
    chosen = reading.choices.get(phrase)
    if chosen not in options:
        reading.doubts.append(Doubt(phrase, tuple(options)))
        chosen = options[0]
    else:
        reading.note(f'"{phrase}" means {chosen}, as you said')
    unit, count = RECENT[chosen]
    if _add(reading, unit, count, place):
        reading.use(place)


def _spans(reading: Reading, unit: str, count: int) -> bool:
    """Whether the data goes back further than that."""
    field = _field(reading, unit)
    if field is None:
        return False
    low = str(reading.place_of(field).column.minimum)[:10]
    first = _first(reading, field, unit, count)
    return first is not None and low < first.isoformat()


def _field(reading: Reading, unit: str) -> Field | None:
    for field in time_fields(reading):
        if not field.parts and reading.place_of(field).is_time:
            return field
        if not field.parts and unit == "year":
            return field
    return None


def _end(reading: Reading, field: Field) -> date | None:
    try:
        return date.fromisoformat(str(reading.place_of(field).column.maximum)[:10])
    except ValueError:
        return None


def _first(reading: Reading, field: Field, unit: str, count: int) -> date | None:
    """Return the first day of so many units, of which the last one has the data's last day."""
    end = _end(reading, field)
    if end is None:
        return None
    if unit in DAYS:
        days = count * DAYS[unit] - 1
        return end - timedelta(days=min(days, (end - date.min).days))
    if unit not in MONTHS:
        return None
    size = MONTHS[unit]
    index = end.year * 12 + end.month - 1
    index = index - index % size - (count - 1) * size
    return date(index // 12, index % 12 + 1, 1) if index >= 12 else None


def _add(reading: Reading, unit: str, count: int, place: int) -> bool:
    field = _field(reading, unit)
    if field is None:
        return False
    if not reading.place_of(field).is_time:
        last = reading.place_of(field).column.maximum
        if not isinstance(last, int | float):
            return False
        condition = Condition(field=field, operator=">", values=(int(last) - count,))
        reading.note(f"counted back from {int(last)}, the last year of the data")
    else:
        first = _first(reading, field, unit, count)
        if first is None:
            return False
        day = field.model_copy(update={"unit": "day"})
        condition = Condition(field=day, operator=">=", values=(first.isoformat(),))
        reading.note(f"counted back from {_end(reading, field)}, the last date of the data")
    reading.add_condition(condition, place)
    return True
