"""Groups: "by carrier and month", "for each species", "per year", "monthly"."""

from agents.offline.answering.linking import Item, adverb_unit
from agents.offline.answering.logic import Field
from agents.offline.answering.reading import Reading
from agents.offline.answering.resolving import choices, pick, time_fields, with_unit


def read_groups(reading: Reading) -> None:
    """Make groups of the names and units that follow a word for grouping."""
    for place in reading.cues("group"):
        _read_after(reading, place)
    for place, item in enumerate(reading.items):
        if adverb_unit(item) and not item.is_used:
            field = time_group(reading, adverb_unit(item))
            if field is not None:
                add_group(reading, field)
                reading.use(place)


def _read_after(reading: Reading, place: int) -> None:
    next_ = reading.after(place, over=lambda item: item.is_cue("distinct"))
    while next_ is not None:
        field = group_field(reading, reading.items[next_])
        if field is None:
            return
        add_group(reading, field)
        reading.use(place, next_)
        next_ = _continued(reading, next_)


def _continued(reading: Reading, place: int) -> int | None:
    """Return the item after "and" or a comma, if it can be a group as well."""
    place += 1
    seen = False
    while reading.word(place) in ("and", ",", "by", "per", "the", "each", "for"):
        seen = seen or reading.word(place) in ("and", ",")
        place += 1
    if not seen or place >= len(reading.items):
        return None
    item = reading.items[place]
    is_group = item.is_name or bool(item.unit)
    return place if is_group and item.cue is None and not item.is_used else None


def add_group(reading: Reading, field: Field) -> None:
    if field not in reading.groups:
        reading.groups.append(field)


def group_field(reading: Reading, item: Item) -> Field | None:
    """Return the field that groups by an item: a dimension, the key of a table, or a time unit."""
    if item.is_used:
        return None
    if item.unit:
        field = time_group(reading, item.unit, item)
        if field is not None:
            return field
    table = entity(reading, item)
    if table is not None:
        return table
    choice = pick(reading, item, choices(reading, item))
    return choice.field if choice else None


def entity(reading: Reading, item: Item) -> Field | None:
    """Return the key of the table that an item names, as seen from the base."""
    best = max((score for _, score in item.tables), default=0)
    column = max((match.score for match in item.columns), default=0)
    for name, score in item.tables:
        if name == reading.base or score < best or score < column - 0.1:
            continue
        for path in reading.schema.paths(reading.base).get(name, ()):
            one = reading.schema.relationship(path[-1])
            if len(one.columns) == 1:
                return Field(table=one.table, name=one.columns[0], path=path[:-1])
    return None


def time_group(reading: Reading, unit: str, item: Item | None = None) -> Field | None:
    """Return the field for "per month": a column of that name, or a date cut to the unit."""
    places = reading.schema.places_of(reading.base)
    if unit in ("month", "hour"):
        for place in places:
            if place.is_part(unit):
                return Field(table=reading.base, name=place.column.name)
    if item is not None and unit != "day":
        own = [one for one in item.columns if one.place.table.name == reading.base]
        if own and own[0].is_whole and not own[0].place.is_time:
            return Field(table=reading.base, name=own[0].place.column.name)
    for field in time_fields(reading):
        found = with_unit(reading, field, unit)
        if found is not None:
            return found
    return None
