"""Questions for rows or for the values of a column: "which carriers fly to SEA", "list cars"."""

from agents.offline.answering.defaults import named_target
from agents.offline.answering.logic import Logical, Measure
from agents.offline.answering.reading import Reading
from agents.offline.answering.subjects import Subject, find_subject, is_base, shown_fields
from agents.offline.answering.words import name_words, singular


def listing(reading: Reading) -> Logical | None:
    """Return the rows or values that are asked for."""
    if reading.has_cue("any") and not reading.has_cue("list"):
        return _existence(reading)
    _limit(reading)
    subject = find_subject(reading) or _of_base(reading) or _of_measure(reading)
    if subject is None:
        return None
    where = tuple(reading.conditions)
    asks = reading.has_cue("list") or reading.has_cue("which") or reading.has_cue("distinct")
    if not where and not asks:
        return None
    reading.use(*reading.cues("distinct"))
    if subject.field is None or subject.is_unique:
        first = [subject.field.model_copy(update={"unit": ""})] if subject.field else []
        mentioned = [one.field for one in where if not one.field.path and not one.field.parts]
        mentioned = [one.model_copy(update={"unit": ""}) for one in mentioned]
        fields = shown_fields(reading, [*first, *(mentioned if first else [])])
        return Logical(base=reading.base, fields=fields, where=where, limit=reading.limit)
    values = [subject.field]
    while (more := find_subject(reading)) is not None:
        if more.field is not None and more.field not in values:
            values.append(more.field)
    return Logical(
        base=reading.base, fields=tuple(values), distinct=True, where=where, limit=reading.limit
    )


def _of_base(reading: Reading) -> Subject | None:
    """Return the rows if their noun was said as part of a name: "which cars accelerate"."""
    noun = singular(name_words(reading.base)[-1])
    for place, item in enumerate(reading.items):
        if item.is_used and noun in map(singular, item.text.lower().split()):
            return Subject(None, place)
    return None


def _of_measure(reading: Reading) -> Subject | None:
    """Return the rows for "all prices in 2009": the figures are shown first."""
    target = named_target(reading)
    if target is None or target.place is None:
        return None
    return Subject(target.field, target.place, is_unique=True)


def _limit(reading: Reading) -> None:
    """Read the number of "show 10 flights"."""
    for place, item in enumerate(reading.items):
        after = reading.item(place + 1)
        is_number = item.number is not None and item.period is None and not item.is_used
        if is_number and after is not None and (is_base(reading, after) or after.is_name):
            assert item.number is not None
            reading.limit = max(1, min(int(item.number), 1000))
            reading.use(place)
            return


def _existence(reading: Reading) -> Logical | None:
    if not reading.conditions:
        return None
    reading.use(*reading.cues("any"))
    use_base(reading)
    return Logical(
        base=reading.base,
        measures=(Measure(aggregate="count"),),
        where=tuple(reading.conditions),
    )


def use_base(reading: Reading) -> None:
    """Mark the names of the base table as understood: "average mpg of cars"."""
    for place in reading.unused_names():
        if is_base(reading, reading.items[place]):
            reading.use(place)
