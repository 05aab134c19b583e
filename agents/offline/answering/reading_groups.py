"""Groups: "by carrier and month", "for each species", "per year", "monthly"."""

from agents.offline.answering.linking import Item, adverb_unit
from agents.offline.answering.logic import Field, Unit
from agents.offline.answering.reading import Reading
from agents.offline.answering.resolving import Choice, absorb, choices, hints, name_bonus, pick
from agents.offline.answering.schema import Place
from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import name_words

UNIT: dict[str, Unit] = {
    "hour": "hour", "day": "day", "week": "week", "month": "month", "quarter": "quarter",
    "year": "year", "decade": "decade", "weekday": "weekday", "month_of_year": "month_of_year",
    "hour_of_day": "hour_of_day",
}  # fmt: skip
JOINING = ("and", ",", "by", "per", "the", "each", "for", "then", "also")
# What may stand between "by" and the name of a group.
# "among the customers" means all of them, not each.
OVER_ALL = frozenset({"among", "across", "across all", "across the", "for all", "for all the"})
FEW_NUMBERS = 30  # different numbers that still make groups
KINDS = frozenset(
    words_of("""
kind kinds type types number different distinct of
""")
)


def read_groups(reading: Reading) -> None:
    """Make groups of the names and units that follow a word for grouping."""
    for place in reading.cues("group"):
        if not reading.items[place].is_used:
            _read_after(reading, place)
    for place, item in enumerate(reading.items):
        unit = adverb_unit(item)
        if unit and not item.is_used:
            field = time_group(reading, unit)
            reading.use(place)
            if field is not None and not _is_row(reading, unit):
                reading.add_group(field)


def _is_row(reading: Reading, unit: str) -> bool:
    """Whether each row is such a unit already: "the daily low" of one row for each day."""
    return unit == "day" and any(one.is_time and one.is_unique for one in reading.places())


def _read_after(reading: Reading, place: int) -> None:
    next_ = reading.after(place, over=_is_between)
    if next_ is not None and _is_ranking(reading, place, next_):
        reading.use(place)
        return
    if (
        next_ is not None
        and reading.word(place) in OVER_ALL
        and _is_base(reading, reading.items[next_])
    ):
        reading.use(place, next_)
        return
    while next_ is not None:
        field = group_field(reading, next_)
        if field is None:
            return
        reading.add_group(field)
        reading.use(*range(place, next_ + 1))
        place, next_ = next_, _continued(reading, next_)


def _is_ranking(reading: Reading, place: int, next_: int) -> bool:
    """Whether "by" tells what is ranked by: "top 5 countries by population"."""
    if not reading.word(place).startswith("by"):
        return False
    if not any(rank.place < place for rank in reading.ranks):
        return False
    between = reading.items[place:next_]
    options = choices(reading, reading.items[next_])
    is_measure = bool(options) and options[0].place.is_measure
    return is_measure or any(item.is_cue("aggregate") for item in between)


def _is_between(item: Item) -> bool:
    return (
        item.is_cue("distinct")
        or item.is_cue("aggregate", "count")
        or (item.text.lower() in KINDS and not item.is_name)
    )


def _continued(reading: Reading, place: int) -> int | None:
    """Return the item after "and" or a comma, if it can be a group as well."""
    place += 1
    seen = False
    if reading.word(place) == "," and reading.word(place + 1) in ("the", "which", "what", "only"):
        return None
    while reading.word(place) in JOINING:
        seen = seen or reading.word(place) in ("and", ",", "by", "per")
        place += 1
    while reading.word(place) in ("number of", "the", "kind of", "type of"):
        place += 1
    item = reading.item(place)
    if not seen or item is None or item.is_used or (item.cue is not None and not item.unit):
        return None
    can_be_group = bool(item.unit or item.tables) or any(
        not one.place.is_measure or one.place.column.distinct <= FEW_NUMBERS
        for one in choices(reading, item)
    )
    return place if can_be_group else None


def group_field(reading: Reading, place: int) -> Field | None:
    """Return the field that groups by an item: a dimension, the key of a table, or a time unit."""
    item = reading.items[place]
    if item.is_used or item.is_cue("aggregate") or item.is_cue("superlative"):
        return None
    if item.unit:
        unit = item.unit
        if unit == "day" and _is_of(reading, place, "week"):
            unit = "weekday"
        if unit == "month" and _is_of(reading, place, "year"):
            unit = "month_of_year"
        field = time_group(reading, unit, item, of_day=_is_of(reading, place, "day"))
        if field is not None:
            _use_rest(reading, place)
            return field
    entity_ = entity(reading, place)
    if entity_ is not None:
        absorb(reading, place, entity_)
        return entity_
    choice = pick(reading, item, dimensions_first(choices(reading, item)))
    if choice is None:
        return base_entity(reading) if _is_base(reading, item) else None
    absorb(reading, place, choice.field)
    return choice.field


def dimensions_first(options: list[Choice]) -> list[Choice]:
    """Prefer what groups are made of, where names fit equally well."""
    if not options:
        return options
    best = options[0].score
    near = [one for one in options if one.score >= best - 0.05]
    dimensions = [one for one in near if one.place.column.kind in ("category", "boolean")]
    return dimensions or options


def _is_of(reading: Reading, place: int, unit: str) -> bool:
    return reading.word(place + 1) == "of" and unit in (
        reading.word(place + 2), reading.word(place + 3),
    )  # fmt: skip


def _use_rest(reading: Reading, place: int) -> None:
    """Use the rest of "day of the year" and "hour of day"."""
    for after in (place + 2, place + 3):
        item = reading.item(after)
        if reading.word(place + 1) == "of" and item is not None and item.unit:
            item.is_used = True


def _is_base(reading: Reading, item: Item) -> bool:
    return any(name == reading.base for name, _ in item.tables)


def panel_entity(reading: Reading) -> Field | None:
    """Return what is observed again and again in the base table: the country, of each year."""
    times = [reading.place_of(one).column.distinct for one in time_fields(reading)]
    for place in reading.places():
        if place.column.kind in ("category", "text") and times:
            cells = place.column.distinct * max(times)
            if place.table.rows * 0.8 <= cells <= place.table.rows * 1.3:
                return Field(table=reading.base, name=place.column.name)
    return None


def base_entity(reading: Reading) -> Field | None:
    """Return what the rows of the base table are about, if rows repeat it: the stock, of prices."""
    places = reading.places()
    if any(one.column.kind == "text" or one.column.role == "identifier" for one in places):
        return None
    if any(one.is_unique for one in places) or not time_fields(reading):
        return None
    found = [one for one in places if one.column.kind == "category"]
    return Field(table=reading.base, name=found[0].column.name) if len(found) == 1 else None


def entity(reading: Reading, place: int) -> Field | None:
    """Return the key of the table that an item names, as seen from the base."""
    item = reading.items[place]
    best = max((score for _, score in item.tables), default=0)
    column = max((match.score for match in item.columns), default=0)
    found: list[Field] = []
    for name, score in item.tables:
        if name == reading.base or score < best or score < column - 0.1:
            continue
        for path in reading.schema.paths(reading.base).get(name, ()):
            one = reading.schema.relationship(path[-1])
            if path[-1] >= 0 and len(one.columns) == 1:
                found.append(Field(table=one.table, name=one.columns[0], path=path[:-1]))
    if len(found) < 2:
        return found[0] if found else None
    options = [Choice(field, reading.place_of(field), _role_score(reading, place, field))
               for field in found]  # fmt: skip
    choice = pick(reading, item, sorted(options, key=lambda one: -one.score))
    return choice.field if choice else None


def _role_score(reading: Reading, place: int, field: Field) -> float:
    return 1.0 + name_bonus(name_words(field.name), hints(reading, reading.items[place]))


def time_fields(reading: Reading) -> list[Field]:
    """Return the fields of the base that tell when: dates first, then years."""
    places = reading.places()
    parts = reading.schema.date_parts(reading.base)
    found = [Field(table=reading.base, name="", parts=parts)] if parts else []
    found += [Field(table=reading.base, name=one.column.name) for one in places if one.is_time]
    return found + [
        Field(table=reading.base, name=one.column.name) for one in places if one.is_year
    ]


def time_group(
    reading: Reading, unit: str, item: Item | None = None, *, of_day: bool = False
) -> Field | None:
    """Return the field for "per month": a column of that name, or a date cut to the unit."""
    part = next((one for one in reading.places() if _is_part(one, unit)), None)
    if part is not None:
        return Field(table=reading.base, name=part.column.name)
    fields = time_fields(reading)
    if item is not None:
        said = {match.place.key for match in item.columns if match.is_whole}
        fields.sort(key=lambda one: (one.table, one.name) not in said)
    for field in fields:
        found = with_unit(reading, field, "hour_of_day" if unit == "hour" and of_day else unit)
        if found is not None:
            return found
    return None


def _is_part(place: Place, unit: str) -> bool:
    if unit == "year":
        return place.is_year
    return unit in ("month", "hour") and place.is_part(unit)


def with_unit(reading: Reading, field: Field, unit: str) -> Field | None:
    """Return the field as days, months or the like; None if it is too coarse for that."""
    place = reading.place_of(field)
    if field.parts or place.is_time:
        if unit in ("hour", "hour_of_day") and (field.parts or place.column.kind == "date"):
            return None
        return field.model_copy(update={"unit": UNIT[unit]})
    if place.is_year and unit in ("year", "decade"):
        return field.model_copy(update={"unit": "decade" if unit == "decade" else ""})
    return None
