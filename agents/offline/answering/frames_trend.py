"""Questions for a distribution, or for a measure over time."""

from datetime import date

from agents.offline.answering.defaults import (
    implied_target,
    measure_of,
    named_target,
    sole_target,
)
from agents.offline.answering.frame_queries import row_query
from agents.offline.answering.logic import Field, Logical, Measure, Order
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import panel_entity, time_fields, time_group, with_unit
from agents.offline.answering.reading_measures import counted, is_rows
from agents.offline.answering.resolving import choices, pick
from agents.offline.answering.subjects import is_base

BINS = 15
MOST_POINTS = 150
DAYS_FOR_MONTHS, DAYS_FOR_YEARS = 100, 366 * 4


def distribution(reading: Reading) -> Logical | None:
    """Count the values of a column: each of a category, ranges of a number, units of a date."""
    cues = reading.cues("aggregate", "distribution")
    if not cues:
        return None
    reading.use(*cues)
    names = [p for p in reading.unused_names() if not is_base(reading, reading.items[p])]
    if not names:
        return None
    place = names[0]
    choice = pick(reading, reading.items[place], choices(reading, reading.items[place]))
    if choice is None:
        return None
    reading.use(place)
    for other in reading.unused_names():
        if is_base(reading, reading.items[other]):
            reading.use(other)
    field = choice.field
    is_wide = choice.place.is_number and choice.place.column.distinct > BINS
    if is_wide and not choice.place.is_year:
        field = field.model_copy(update={"bins": BINS})
    elif choice.place.is_time:
        field = with_unit(reading, field, _unit_for(reading, field)) or field
    ordered = field.bins or field.unit or choice.place.is_number
    order = Order(by="group", descending=False) if ordered else Order(by="measure")
    groups = (field, *reading.groups)
    return row_query(reading, measures=(Measure(aggregate="count"),), groups=groups, order=(order,))


def trend(reading: Reading) -> Logical | None:
    """Return a measure over time."""
    cues = reading.cues("trend")
    if not cues:
        return None
    field = time_axis(reading, cues)
    if field is None:
        return None
    if not reading.measures:
        target = named_target(reading) or implied_target(reading)
        if target is None and panel_entity(reading) is not None:
            target = sole_target(reading)
        reading.measures.append(measure_of(reading, target) if target else _counted(reading))
    reading.use(*cues)
    for place in reading.unused_names():
        if is_base(reading, reading.items[place]):
            reading.use(place)
    groups = (field, *(one for one in reading.groups if one != field))
    order = (Order(by="group", descending=False),)
    return row_query(reading, measures=tuple(reading.measures), groups=groups, order=order)


def _counted(reading: Reading) -> Measure:
    for place, item in enumerate(reading.items):
        if not item.is_used and (is_rows(item) or is_base(reading, item)):
            found = counted(reading, place, distinct=False)
            if found is not None:
                reading.use(place)
                return found
    return Measure(aggregate="count")


def time_axis(reading: Reading, cues: list[int]) -> Field | None:
    for cue in cues:
        item = reading.items[cue]
        unit = item.cue.argument if item.cue else ""
        after = reading.item(cue + 1)
        if unit == "trend" and after is not None and after.unit and not after.is_used:
            after.is_used = True
            return time_group(reading, after.unit, after)
        if unit not in ("trend", ""):
            return time_group(reading, unit)
    for field in reading.groups:
        if field.unit or reading.place_of(field).column.role == "time":
            return field
    fields = time_fields(reading)
    if not fields:
        return None
    unit = _unit_for(reading, fields[0])
    return time_group(reading, unit) or with_unit(reading, fields[0], unit)


def _unit_for(reading: Reading, field: Field) -> str:
    """Return the unit in which the whole range of a date makes a readable line."""
    place = reading.place_of(field)
    if field.parts:
        return "month" if place.column.distinct < 4 else "year"
    if not place.is_time:
        return "year"
    low, high = (date.fromisoformat(str(end)[:10])
                 for end in (place.column.minimum, place.column.maximum))  # fmt: skip
    if place.column.distinct <= MOST_POINTS and panel_entity(reading) is not None:
        return "month" if (high - low).days > 27 * place.column.distinct else "day"
    days = (high - low).days
    if days > DAYS_FOR_YEARS:
        return "year"
    return "month" if days > DAYS_FOR_MONTHS else "day"
