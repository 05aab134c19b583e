"""Questions about two columns, or about gaps in one: correlation, missing values."""

from agents.offline.answering.defaults import (
    implied_target,
    is_measure,
)
from agents.offline.answering.frame_queries import row_query
from agents.offline.answering.lexicon_adjectives import COMPARATIVES, MORE_OR_LESS
from agents.offline.answering.logic import Field, Logical, Measure, Order
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_measures import number_field
from agents.offline.answering.resolving import choices, pick
from agents.offline.answering.subjects import is_base


def correlation(reading: Reading) -> Logical | None:
    """Return the correlation of the two measures that are named."""
    cues = [*reading.cues("aggregate", "correlation"), *reading.cues("influence")]
    cues = cues or _comparatives(reading)
    if not cues:
        return None
    fields: list[Field] = []
    for place in reading.unused_names():
        if len(fields) < 2 and is_measure(reading, place):
            field = number_field(reading, place)
            if field is not None:
                fields.append(field)
                reading.use(place)
    if len(fields) == 1:
        target = implied_target(reading)
        fields += [target.field] if target is not None and target.field not in fields else []
    if len(fields) != 2:
        return None
    reading.use(*cues)
    measure = Measure(aggregate="correlation", field=fields[0], second=fields[1])
    groups = tuple(reading.groups)
    order = (Order(by="measure"),) if groups else ()
    return row_query(reading, measures=(measure,), groups=groups, order=order)


def _comparatives(reading: Reading) -> list[int]:
    """Return the words of "do cars with more cylinders weigh more", which ask for a relation."""
    found = reading.where(
        lambda item: not item.is_used and item.text.lower() in COMPARATIVES | MORE_OR_LESS
    )
    asks = reading.word(0) in ("do", "does", "are", "is") and len(found) > 1
    return found if asks else []


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
    return row_query(reading, measures=tuple(measures), groups=tuple(reading.groups))
