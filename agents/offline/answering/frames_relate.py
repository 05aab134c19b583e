"""Questions about relations: correlation, shares, comparisons, trends, distributions, gaps."""

from agents.offline.answering.defaults import (
    Target,
    implied_target,
    is_measure,
    measure_of,
    named_target,
    sole_target,
)
from agents.offline.answering.lexicon_adjectives import COMPARATIVES
from agents.offline.answering.lexicon_columns import is_additive
from agents.offline.answering.logic import Condition, Field, Logical, Measure, Order
from agents.offline.answering.nouns import field_of, only_measure
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import panel_entity, time_fields, time_group, with_unit
from agents.offline.answering.reading_measures import counted, is_rows, number_field
from agents.offline.answering.resolving import choices, pick
from agents.offline.answering.subjects import find_subject, is_base
from agents.offline.answering.word_lists import words_of

BINS = 15
MOST_POINTS = 150
DAYS_FOR_MONTHS, DAYS_FOR_YEARS = 100, 366 * 4


def _query(reading: Reading, **more: object) -> Logical:
    return Logical(base=reading.base, where=tuple(reading.conditions)).model_copy(update=more)


def correlation(reading: Reading) -> Logical | None:
    """Return the correlation of the two measures that are named."""
    cues = [*reading.cues("aggregate", "correlation"), *reading.cues("influence")]
    if not cues:
        return None
    fields: list[Field] = []
    for place in reading.unused_names():
        if len(fields) < 2 and is_measure(reading, place):
            field = number_field(reading, place)
            if field is not None:
                fields.append(field)
                reading.use(place)
    if len(fields) != 2:
        return None
    reading.use(*cues)
    measure = Measure(aggregate="correlation", field=fields[0], second=fields[1])
    groups = tuple(reading.groups)
    order = (Order(by="measure"),) if groups else ()
    return _query(reading, measures=(measure,), groups=groups, order=order)


def missing(reading: Reading) -> Logical | None:
    """Count missing values of a column: "how many missing values in X"."""
    cues = reading.cues("aggregate", "missing")
    if not cues:
        return None
    measures: list[Measure] = []
    for place in reading.unused_names():
        choice = pick(reading, reading.items[place], choices(reading, reading.items[place]))
        if choice is not None and not is_base(reading, reading.items[place]):
            measures.append(Measure(aggregate="missing", field=choice.field))
            reading.use(place)
    if not measures:
        return None
    reading.use(*cues, *reading.cues("aggregate", "count"))
    return _query(reading, measures=tuple(measures), groups=tuple(reading.groups))


def share(reading: Reading) -> Logical | None:
    """Return a percentage: of rows that meet conditions, or of each group in the whole."""
    cues = reading.cues("aggregate", "share")
    if not cues:
        return None
    cue = cues[0]
    reading.use(cue)
    field = _summed(reading, cue) or _panel_measure(reading)
    only, where = _split(reading, cue)
    for place in reading.unused_names():
        if is_base(reading, reading.items[place]):
            reading.use(place)
    groups = list(reading.groups)
    if not only and not groups:
        subject = find_subject(reading)
        if subject is None or subject.field is None:
            return None
        groups.append(subject.field)
    reading.measures.clear()
    measure = Measure(aggregate="share", field=field, only=tuple(only))
    order = (Order(by="measure", descending=True),) if groups else ()
    query = _query(reading, measures=(measure,), groups=tuple(groups), order=order)
    query = query.model_copy(update={"where": tuple(where)})
    if reading.ranks and groups:
        rank = reading.ranks[0]
        return query.model_copy(update={"limit": rank.count, "order": (
            Order(by="measure", descending=rank.descending),)})  # fmt: skip
    return query


def _panel_measure(reading: Reading) -> Field | None:
    """Return the only measure where rows are counted in vain, being as many for each group."""
    place = only_measure(reading)
    if place is None or not is_additive(place) or panel_entity(reading) is None:
        return None
    if any(is_rows(item) or is_base(reading, item) for item in reading.items):
        return None
    reading.note(f"took shares of {place.column.name}, the only measure")
    return field_of(place)


def _summed(reading: Reading, cue: int) -> Field | None:
    """Return the measure that the share is of, if it is not one of rows."""
    for place in reading.unused_names():
        options = choices(reading, reading.items[place])
        if place > cue and options and options[0].place.is_measure:
            if is_additive(options[0].place) and is_measure(reading, place):
                field = number_field(reading, place)
                reading.use(place)
                return field
    return None


def _split(reading: Reading, cue: int) -> tuple[list[Condition], list[Condition]]:
    """Return the conditions of the part and those of the whole.

    "What share of flights from JFK were late": the verb stands between the whole and the part.
    """
    both = list(zip(reading.conditions, reading.starts, strict=True))
    verb = _verb(reading, cue)
    times = {number for number, (one, _) in enumerate(both) if _is_time(reading, one)}
    part = {number for number, (_, start) in enumerate(both) if verb is not None and start > verb}
    part -= times
    if not part:
        part = set(range(len(both))) - times or set(range(len(both)))
    return (
        [one for number, (one, _) in enumerate(both) if number in part],
        [one for number, (one, _) in enumerate(both) if number not in part],
    )


VERBS = frozenset(
    words_of("""
is are was were has have had that which who came come comes belong belongs lived live lives
go goes went do does did departed arrived made got get with
""")
)


def _verb(reading: Reading, cue: int) -> int | None:
    for place in range(cue + 1, len(reading.items)):
        if reading.word(place) in VERBS:
            return place
    return None


def _is_time(reading: Reading, condition: Condition) -> bool:
    place = reading.place_of(condition.field)
    return bool(condition.field.unit) or place.column.role == "time" or place.is_year


def comparison(reading: Reading) -> Logical | None:
    """Compare groups side by side: "A or B", "compare A and B", "are As heavier than Bs"."""
    if not _compares(reading):
        return None
    field = _compared_field(reading)
    if field is None:
        return None
    target: Target | None = None
    if not reading.measures:
        target = named_target(reading) or implied_target(reading) or sole_target(reading)
        if target is not None:
            reading.measures.append(measure_of(reading, target))
        else:
            reading.measures.append(Measure(aggregate="count"))
    reading.use(*reading.cues("compare_groups"), *reading.cues("compare"))
    _use_comparatives(reading)
    for place in reading.unused_names():
        if is_base(reading, reading.items[place]):
            reading.use(place)
    reading.add_group(field)
    return _query(
        reading,
        groups=tuple(reading.groups),
        measures=tuple(reading.measures),
        order=(Order(by="group", descending=False),),
    )


def _compares(reading: Reading) -> bool:
    if reading.cues("compare_groups"):
        return True
    has_or = any(item.text.lower() == "or" for item in reading.items)
    comparative = any(
        item.text.lower() in COMPARATIVES | {"more", "less", "fewer"} and not item.is_used
        for item in reading.items
    )
    return (
        has_or and comparative or any(_compares_values(reading, p) for p in reading.cues("compare"))
    )


def _compares_values(reading: Reading, place: int) -> bool:
    after = reading.item(reading.after(place, over=lambda item: False))
    return after is not None and bool(after.values)


def _use_comparatives(reading: Reading) -> None:
    for item in reading.items:
        if item.text.lower() in COMPARATIVES:
            item.is_used = True


def _compared_field(reading: Reading) -> Field | None:
    for condition in reading.conditions:
        if condition.operator == "in" and len(condition.values) > 1:
            return condition.field
    if reading.groups:
        return reading.groups.pop(0)
    for place in reading.unused_names():
        if not is_measure(reading, place) and not is_base(reading, reading.items[place]):
            subject = find_subject(reading)
            return subject.field if subject else None
    return None


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
    return _query(reading, measures=(Measure(aggregate="count"),), groups=groups, order=(order,))


def trend(reading: Reading) -> Logical | None:
    """Return a measure over time."""
    cues = reading.cues("trend")
    if not cues:
        return None
    field = _time_axis(reading, cues)
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
    return _query(reading, measures=tuple(reading.measures), groups=groups, order=order)


def _counted(reading: Reading) -> Measure:
    for place, item in enumerate(reading.items):
        if not item.is_used and (is_rows(item) or is_base(reading, item)):
            found = counted(reading, place, distinct=False)
            if found is not None:
                reading.use(place)
                return found
    return Measure(aggregate="count")


def _time_axis(reading: Reading, cues: list[int]) -> Field | None:
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
    from datetime import date

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
