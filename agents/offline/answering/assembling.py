"""From what the rules found to one logical query."""

from agents.offline.answering.logic import Field, Logical, Measure, Order
from agents.offline.answering.reading import Rank, Reading
from agents.offline.answering.reading_groups import group_field
from agents.offline.answering.reading_measures import counted, number_field
from agents.offline.answering.resolving import choices
from agents.offline.answering.words import singular

MOST_ROWS_SHOWN = 10


def assemble(reading: Reading) -> Logical | None:
    """Return the query, or None if nothing was asked that can be worked out."""
    if reading.ranks:
        return _ranked(reading, reading.ranks[0])
    _default_measure(reading)
    if reading.measures:
        return _query(reading, order=_order(reading))
    return None


def _order(reading: Reading) -> tuple[Order, ...]:
    if not reading.groups:
        return ()
    first = reading.place_of(reading.groups[0])
    is_time = reading.groups[0].unit or first.column.role == "time" or first.is_number
    return (Order(by="group", descending=False),) if is_time else (Order(by="measure"),)


def _query(reading: Reading, **more: object) -> Logical:
    return Logical(
        base=reading.base,
        groups=tuple(reading.groups),
        measures=tuple(reading.measures),
        where=tuple(reading.conditions),
        having=tuple(reading.having),
    ).model_copy(update=more)


def _default_measure(reading: Reading) -> None:
    """Without an aggregate, a measure that is named is averaged; groups alone are counted."""
    if reading.measures:
        return
    for place in reading.unused_names():
        item = reading.items[place]
        if any(one.place.is_measure for one in choices(reading, item)):
            field = number_field(reading, item)
            if field is not None:
                reading.measures.append(Measure(aggregate="mean", field=field))
                reading.use(place)
                reading.note("took the average; ask for the total if that is meant")
                reading.less_sure(0.9, "no aggregate was named")
                return
    if reading.groups:
        reading.measures.append(Measure(aggregate="count"))


def _ranked(reading: Reading, rank: Rank) -> Logical | None:
    subject = _subject(reading, rank)
    measure = _measure(reading, rank)
    if measure is None:
        return None
    order = Order(by="measure", descending=rank.descending)
    if subject is not None and subject not in reading.groups:
        reading.groups.insert(0, subject)
    if not reading.groups:
        aggregate = "max" if rank.descending else "min"
        if measure.aggregate == "mean":
            measure = measure.model_copy(update={"aggregate": aggregate})
        reading.measures = [measure]
        return _query(reading)
    reading.measures = [measure]
    return _query(reading, order=(order,), limit=rank.count, offset=rank.offset)


def _subject(reading: Reading, rank: Rank) -> Field | None:
    """Return what is ranked: "which carrier has the most ...", "top 5 carriers by ..."."""
    for place in reading.unused_names():
        item = reading.items[place]
        is_dimension = any(not one.place.is_measure for one in choices(reading, item))
        if item.cue is None and (is_dimension or item.tables or item.unit):
            if place > rank.place and rank.word in ("most", "fewest", "least") and item.tables:
                continue
            field = group_field(reading, item)
            if field is not None:
                reading.use(place)
                return field
    return None


def _measure(reading: Reading, rank: Rank) -> Measure | None:
    if reading.measures:
        return reading.measures[0]
    if rank.kind == "count":
        return Measure(aggregate="count")
    for place in reading.unused_names():
        item = reading.items[place]
        if any(one.place.is_measure for one in choices(reading, item)):
            field = number_field(reading, item)
            if field is not None:
                reading.use(place)
                return Measure(aggregate="mean", field=field)
        if item.tables:
            reading.use(place)
            return counted(reading, item, distinct=False)
    return _by_adjective(reading, rank)


def _by_adjective(reading: Reading, rank: Rank) -> Measure | None:
    for noun in rank.nouns:
        for match in reading.schema.places_of(reading.base):
            if noun in map(singular, match.column.name.lower().split("_")):
                field = Field(table=reading.base, name=match.column.name)
                return Measure(aggregate="mean", field=field)
    if rank.word in ("most", "fewest", "least", "top"):
        return Measure(aggregate="count")
    return None
