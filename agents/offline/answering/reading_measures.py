"""Measures: an aggregate and the column it is of, and counts of rows or of distinct values."""

from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Field, Measure
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import entity, time_group
from agents.offline.answering.resolving import Choice, choices, pick

SIMPLE = ("mean", "sum", "median", "deviation", "max", "min")


def read_measures(reading: Reading) -> None:
    for place in reading.cues("aggregate"):
        item = reading.items[place]
        if item.is_used or item.cue is None:
            continue
        if item.cue.argument == "count":
            _count(reading, place)
        elif item.cue.argument in SIMPLE:
            _simple(reading, place, item.cue.argument)


def _simple(reading: Reading, place: int, aggregate: str) -> None:
    target = _target(reading, place)
    if target is None:
        return
    field = number_field(reading, reading.items[target])
    if field is None:
        return
    reading.measures.append(Measure(aggregate=aggregate, field=field))  # type: ignore[arg-type]
    reading.use(place, target)
    more = _also(reading, target)
    while more is not None:
        field = number_field(reading, reading.items[more])
        if field is None:
            return
        reading.measures.append(Measure(aggregate=aggregate, field=field))  # type: ignore[arg-type]
        reading.use(more)
        more = _also(reading, more)


def _target(reading: Reading, place: int) -> int | None:
    after = reading.after(place, over=lambda item: item.is_used or item.is_cue("distinct"))
    if after is not None and _can_be_measure(reading, reading.items[after]):
        return after
    for other in reading.unused_names():
        if _can_be_measure(reading, reading.items[other]):
            return other
    return None


def _can_be_measure(reading: Reading, item: Item) -> bool:
    return not item.is_used and any(one.place.is_number for one in choices(reading, item))


def _also(reading: Reading, place: int) -> int | None:
    """Return the column after "and": "average height and weight"."""
    if reading.word(place + 1) not in ("and", ","):
        return None
    next_ = place + 2 + (reading.word(place + 2) in ("the", "and"))
    if next_ < len(reading.items) and _can_be_measure(reading, reading.items[next_]):
        return next_
    return None


def number_field(reading: Reading, item: Item) -> Field | None:
    options = [one for one in choices(reading, item) if one.place.is_number]
    choice = pick(reading, item, options)
    return choice.field if choice else None


def _count(reading: Reading, place: int) -> None:
    distinct = False
    after = reading.after(place, over=lambda item: item.is_used or item.is_cue("distinct"))
    if after is not None:
        between = reading.items[place:after]
        distinct = any(item.is_cue("distinct") for item in between)
        for item in between:
            item.is_used = item.is_used or item.is_cue("distinct")
    measure = Measure(aggregate="count")
    if after is not None and not reading.items[after].is_used:
        found = counted(reading, reading.items[after], distinct)
        if found is not None:
            measure = found
            reading.use(after)
    reading.use(place)
    reading.measures.append(measure)


def counted(reading: Reading, item: Item, distinct: bool) -> Measure | None:
    """Return what counts an item: rows of the base, or distinct keys or values."""
    is_base = any(name == reading.base for name, _ in item.tables)
    if is_base and not distinct:
        return Measure(aggregate="count")
    key = entity(reading, item)
    if key is not None:
        return Measure(aggregate="distinct", field=key)
    choice = pick(reading, item, choices(reading, item))
    if choice is not None:
        return _counted_column(reading, choice)
    if item.unit:
        field = time_group(reading, item.unit)
        return Measure(aggregate="distinct", field=field) if field else None
    return None


def _counted_column(reading: Reading, choice: Choice) -> Measure:
    if choice.place.is_measure and not choice.place.is_year:
        return Measure(aggregate="sum", field=choice.field)
    return Measure(aggregate="distinct", field=choice.field)
