"""What is meant where a question leaves it open: which measure, and which aggregate of it."""

from dataclasses import dataclass

from agents.offline.answering.lexicon_adjectives import measured_by
from agents.offline.answering.lexicon_columns import is_additive
from agents.offline.answering.logic import Aggregate, Field, Measure
from agents.offline.answering.nouns import by_nouns, field_of, only_measure, pick_noun
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_measures import SIMPLE, can_be_measure, number_field
from agents.offline.answering.resolving import choices


@dataclass(frozen=True)
class Target:
    """A measured column; the aggregate is None where none was said."""

    field: Field
    aggregate: Aggregate | None = None
    place: int | None = None


def named_target(reading: Reading, *, largest: bool | None = None) -> Target | None:
    """Return the measure that an unused name means, if there is one."""
    for place in _surest_first(reading):
        if is_measure(reading, place):
            field = number_field(reading, place, largest=largest)
            if field is not None:
                reading.use(place)
                return Target(field, said_aggregate(reading), place)
    return None


def _surest_first(reading: Reading) -> list[int]:
    """Return the places of unused names, those before which a whole name was said."""
    return sorted(
        reading.unused_names(),
        key=lambda place: not any(match.is_whole for match in reading.items[place].columns),
    )


def is_measure(reading: Reading, place: int) -> bool:
    """Whether an item is best understood as a measure."""
    if not can_be_measure(reading, place):
        return False
    options = choices(reading, reading.items[place])
    tables = max((score for _, score in reading.items[place].tables), default=0)
    return options[0].place.is_measure and options[0].score >= tables - 0.1


def implied_target(reading: Reading, *, largest: bool = True) -> Target | None:
    """Return the measure of "how much does it weigh" or "how heavy"."""
    for place, item in enumerate(reading.items):
        if item.is_used or not item.adjective or item.values:
            continue
        nouns, _ = measured_by(item.adjective)
        after = reading.item(reading.after(place))
        words = after.text.lower().split() if after is not None and after.columns else []
        both = by_nouns(reading, nouns, words) if words else []
        choice = pick_noun(reading, item.text, both or by_nouns(reading, nouns), largest=largest)
        if choice is not None:
            reading.use(place)
            if both and after is not None:
                after.is_used = True
            return Target(choice.field, said_aggregate(reading), place)
    return None


def sole_target(reading: Reading) -> Target | None:
    """Return the only measure of the table, as a guess."""
    place = only_measure(reading)
    if place is None:
        return None
    reading.note(f"took {place.column.name}, the only measure of {reading.base}")
    reading.less_sure(0.85, "no measure was named")
    return Target(field_of(place), said_aggregate(reading))


def said_aggregate(reading: Reading) -> Aggregate | None:
    """Return an aggregate that was said and not used yet, as in "weigh on average"."""
    for place in reading.cues("aggregate", *SIMPLE):
        cue = reading.items[place].cue
        if cue is not None and not reading.items[place].is_used:
            reading.use(place)
            return SIMPLE[cue.argument]
    return None


def measure_of(reading: Reading, target: Target) -> Measure:
    """Return the measure; a total or an average is guessed, and the guess is told."""
    if target.aggregate is not None:
        return Measure(aggregate=target.aggregate, field=target.field)
    place = reading.place_of(target.field)
    if is_additive(place):
        reading.note(f"took the total of {target.field.name}; ask for the average if that is meant")
        return Measure(aggregate="sum", field=target.field)
    reading.note(f"took the average of {target.field.name}; ask for the total if that is meant")
    return Measure(aggregate="mean", field=target.field)
