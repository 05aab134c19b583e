"""Measures: an aggregate and the column it is of, and counts of rows or of distinct values."""

from agents.offline.answering.lexicon_columns import is_additive, is_rate
from agents.offline.answering.lexicon_fillers import BEYOND, PEOPLE, ROW_NOUNS, SOFT
from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Aggregate, Field, Measure
from agents.offline.answering.nouns import by_nouns
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import (
    base_entity,
    dimensions_first,
    entity,
    time_group,
)
from agents.offline.answering.resolving import Choice, absorb, choices, pick
from agents.offline.answering.words import singular

SIMPLE: dict[str, Aggregate] = {
    "mean": "mean", "sum": "sum", "median": "median", "deviation": "deviation", "max": "max",
    "min": "min",
    "difference": "difference",
}  # fmt: skip
TOTAL_OF_RATE = 0.5
UNKNOWN_NOUN, UNKNOWN_NOUN_ELSEWHERE = 0.72, 0.5
OF_NOUN = frozenset({"have", "has", "had", "with"})
LARGEST = {"max": True, "min": False}


def read_measures(reading: Reading) -> None:
    """Make measures of all words for aggregates that have something to be worked out of."""
    for place in reading.cues("aggregate", *SIMPLE):
        item = reading.items[place]
        if not item.is_used and item.cue is not None:
            _simple(reading, place, item.cue.argument)
    _share_column(reading)
    _range(reading)
    for place in reading.cues("aggregate", "count"):
        if not reading.items[place].is_used:
            _count(reading, place)


def _simple(reading: Reading, place: int, aggregate: str) -> None:
    more: int | None = _target(reading, place)
    while more is not None:
        field = number_field(reading, more, largest=LARGEST.get(aggregate))
        if field is None:
            return
        reading.measures.append(Measure(aggregate=SIMPLE[aggregate], field=field))
        if aggregate == "sum" and is_rate(reading.place_of(field)):
            reading.less_sure(TOTAL_OF_RATE, f"a total of {field.name} makes no sense")
        reading.use(place, more)
        place, more = more, _also(reading, more)


def _share_column(reading: Reading) -> None:
    """Read "minimum and maximum price", where two aggregates share one column."""
    for place in reading.cues("aggregate", *SIMPLE):
        for other in (place - 2, place + 2):
            joint = reading.word((place + other) // 2)
            item, cue = reading.item(other), reading.items[place].cue
            is_pair = item is not None and item.is_used and item.is_cue("aggregate", *SIMPLE)
            if joint in ("and", ",", "or") and is_pair and reading.measures and cue is not None:
                kept = reading.measures[-1]
                found = kept.model_copy(update={"aggregate": SIMPLE[cue.argument]})
                reading.measures.append(found)
                reading.use(place)
                break


def _range(reading: Reading) -> None:
    """Read "the range of X" as its smallest and largest value."""
    for place in reading.cues("aggregate", "range"):
        target = _target(reading, place)
        field = number_field(reading, target) if target is not None else None
        if field is not None and target is not None:
            reading.measures += [
                Measure(aggregate="min", field=field),
                Measure(aggregate="max", field=field),
            ]
            reading.use(place, target)


def _target(reading: Reading, place: int) -> int | None:
    after = reading.after(place, over=_is_passed)
    counts = [
        number
        for number in range(place, after or place)
        if reading.items[number].is_cue("aggregate", "count")
    ]
    if counts:
        if after is None or not _is_figure(reading, after):
            return None
        reading.use(*counts)
    if after is not None and can_be_measure(reading, after):
        return after
    named = [other for other in reading.unused_names() if can_be_measure(reading, other)]
    # "temperature on average": the nearest one.
    return min(named, key=lambda other: abs(other - place), default=None)


def _is_figure(reading: Reading, place: int) -> bool:
    """Whether "number of X" is the figure X itself: seats, passengers, cylinders."""
    options = choices(reading, reading.items[place])
    return can_be_measure(reading, place) and options[0].place.is_measure


def _is_passed(item: Item) -> bool:
    passed = item.is_used or item.is_cue("distinct") or item.is_cue("superlative")
    return passed or item.is_cue("aggregate")


def can_be_measure(reading: Reading, place: int) -> bool:
    item = reading.items[place]
    if item.is_used or item.cue is not None:
        return False
    numbers = [one.place for one in choices(reading, item) if one.place.is_number]
    if item.tables:
        return any(place.is_measure for place in numbers)
    return any(not place.is_named_as_key for place in numbers)


def _also(reading: Reading, place: int) -> int | None:
    """Return the column after "and": "average height and weight"."""
    if reading.word(place + 1) not in ("and", ",", "&"):
        return None
    next_ = place + 2
    while reading.word(next_) in ("the", "and", "average", "mean"):
        next_ += 1
    in_reach = next_ < len(reading.items)
    return next_ if in_reach and can_be_measure(reading, next_) else None


def number_field(reading: Reading, place: int, *, largest: bool | None = None) -> Field | None:
    """Return the numeric column that an item means."""
    item = reading.items[place]
    options = [one for one in choices(reading, item) if one.place.is_number]
    measures = [one for one in options if one.place.is_measure]
    choice = pick(reading, item, measures or options, largest=largest)
    if choice is not None:
        absorb(reading, place, choice.field)
    return choice.field if choice else None


def _count(reading: Reading, place: int) -> None:
    after = reading.after(place, over=_is_passed)
    between = reading.items[place : after if after is not None else place + 2]
    distinct = any(item.is_cue("distinct") for item in between)
    for item in between:
        item.is_used = item.is_used or item.is_cue("distinct")
    measure = Measure(aggregate="count")
    target = reading.item(after)
    if any(item.is_cue("aggregate", "missing") for item in between):
        return
    if after is not None and target is not None and not target.is_known:
        reading.measures.append(_of_unknown(reading, place, after, target))
        return
    if after is not None and target is not None and not target.is_used and target.cue is None:
        found = counted(reading, after, distinct=distinct)
        if found is not None:
            measure = found
            reading.use(after)
    reading.use(place)
    reading.measures.append(measure)


def _of_unknown(reading: Reading, place: int, after: int, noun: Item) -> Measure:
    """Count what is not a word of the data: people, or whatever the rows of one table are."""
    reading.use(place)
    word = noun.text.lower()
    if word in PEOPLE:
        counted_ = _people(reading)
        if counted_ is not None:
            reading.use(after)
            return counted_
    if len(reading.schema.tables) == 1 and word not in SOFT | BEYOND:
        reading.use(after)
        reading.note(f'took "{noun.text}" as the rows of {reading.base}')
        is_of = reading.word(after + 1).split(" ")[0] in OF_NOUN
        factor = UNKNOWN_NOUN if is_of else UNKNOWN_NOUN_ELSEWHERE
        reading.less_sure(factor, f'"{noun.text}" is not a word of this data')
    return Measure(aggregate="count")


def _people(reading: Reading) -> Measure | None:
    """Read "how many people live there" as a population, and the like."""
    options = by_nouns(reading, ("population", "employment"))
    named = [place for place in reading.unused_names() if can_be_measure(reading, place)]
    if options:
        return Measure(aggregate="sum", field=options[0].field)
    field = number_field(reading, named[0]) if named else None
    if field is None:
        return None
    reading.use(named[0])
    reading.note(f"took the total of {field.name}; ask for the average if that is meant")
    return Measure(aggregate="sum", field=field)


def is_rows(item: Item) -> bool:
    return not item.is_name and singular(item.text.lower()) in ROW_NOUNS | {"time"}


def counted(reading: Reading, place: int, *, distinct: bool) -> Measure | None:
    """Return what counts an item: rows of the base, or distinct keys or values."""
    item = reading.items[place]
    if is_rows(item):
        return Measure(aggregate="count")
    if any(name == reading.base and score >= 0.75 for name, score in item.tables):
        if not distinct and not _is_better_column(item):
            return Measure(aggregate="count")
        about = base_entity(reading)
        if distinct and about is not None:
            return Measure(aggregate="distinct", field=about)
    return _counted_name(reading, place, distinct=distinct)


def _counted_name(reading: Reading, place: int, *, distinct: bool) -> Measure | None:
    """Return what counts the keys of another table, units of time, or values of a column."""
    item = reading.items[place]
    key = entity(reading, place)
    if key is not None:
        absorb(reading, place, key)
        return Measure(aggregate="distinct", field=key)
    if item.unit:
        return _counted_units(reading, item)
    options = choices(reading, item)
    is_very_name = bool(options) and options[0].field.name.lower() == item.text.lower()
    choice = pick(reading, item, options[:1] if is_very_name else dimensions_first(options))
    if choice is not None:
        absorb(reading, place, choice.field)
        if not distinct and choice.place.is_measure and _is_of_one(reading):
            return Measure(aggregate="mean", field=choice.field)
        return _counted_column(choice, distinct)
    return None


def _is_of_one(reading: Reading) -> bool:
    """Whether the conditions name one thing: "how many engines does N14228 have"."""
    return any(
        one.operator == "=" and not one.field.path and reading.place_of(one.field).is_label
        for one in reading.conditions
    )


def _is_better_column(item: Item) -> bool:
    table = max((score for _, score in item.tables), default=0)
    return any(match.score > table and match.is_whole for match in item.columns)


def _counted_units(reading: Reading, item: Item) -> Measure | None:
    """Count days or months: rows, if each row is one; else the different ones."""
    field = time_group(reading, item.unit, item)
    if field is None:
        return None
    place = reading.place_of(field)
    if (
        place.is_unique
        and not field.parts
        and field.unit in ("day", "month")
        and _is_step(reading, field)
    ):
        return Measure(aggregate="count")
    return Measure(aggregate="distinct", field=field)


def _is_step(reading: Reading, field: Field) -> bool:
    """Whether there is at most one row for each unit."""
    if field.unit == "day":
        return reading.place_of(field).column.kind == "date"
    name = field.name.lower()
    return field.unit in name


def _counted_column(choice: Choice, distinct: bool) -> Measure:
    if not distinct and choice.place.is_measure:
        # Passengers are added up; of prices, how many there are is asked.
        return Measure(
            aggregate="sum" if is_additive(choice.place) else "count", field=choice.field
        )
    return Measure(aggregate="distinct", field=choice.field)
