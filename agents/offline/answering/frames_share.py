"""Questions for percentages: of rows that meet conditions, or of each group in the whole."""

from agents.offline.answering.defaults import (
    is_measure,
)
from agents.offline.answering.frame_queries import row_query
from agents.offline.answering.lexicon_columns import is_additive
from agents.offline.answering.logic import Condition, Field, Logical, Measure, Order
from agents.offline.answering.nouns import field_of, only_measure
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import panel_entity
from agents.offline.answering.reading_measures import is_rows, number_field
from agents.offline.answering.resolving import choices
from agents.offline.answering.subjects import find_subject, is_base
from agents.offline.answering.word_lists import words_of


def share(reading: Reading) -> Logical | None:
    """Return a percentage: of rows that meet conditions, or of each group in the whole."""
    cues = reading.cues("aggregate", "share")
    if not cues:
        return None
    cue = cues[0]
    reading.use(cue)
    field = _said_sum(reading) or _summed(reading, cue) or _panel_measure(reading)
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
    query = row_query(reading, measures=(measure,), groups=tuple(groups), order=order)
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


def _said_sum(reading: Reading) -> Field | None:
    """Return the column of "share of the total yield"."""
    totals = [one.field for one in reading.measures if one.aggregate == "sum" and one.field]
    return totals[0] if totals else None


def _summed(reading: Reading, cue: int) -> Field | None:
    """Return the measure that the share is of, if it is not one of rows."""
    for place in reading.unused_names():
        options = choices(reading, reading.items[place])
        best = options[0].place if options else None
        is_sum = best is not None and best.is_measure and is_additive(best)
        if place > cue and is_sum and is_measure(reading, place):
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
