"""What the largest and the smallest are measured by: a whole measure, or a column."""

from agents.offline.answering.defaults import (
    Target,
    implied_target,
    is_measure,
    named_target,
    said_aggregate,
    sole_target,
)
from agents.offline.answering.lexicon_adjectives import ADJECTIVES
from agents.offline.answering.logic import Measure
from agents.offline.answering.nouns import by_nouns, pick_noun
from agents.offline.answering.reading import Rank, Reading
from agents.offline.answering.reading_groups import time_fields
from agents.offline.answering.reading_measures import counted, is_rows, number_field
from agents.offline.answering.resolving import choices
from agents.offline.answering.subjects import Subject

COUNTING = frozenset({"most", "fewest", "least"})


def measured(reading: Reading, rank: Rank) -> tuple[Measure | None, Target | None]:
    """Return what is ranked by: a whole measure, or a column whose aggregate is open."""
    if rank.kind == "count":
        return Measure(aggregate="count"), None
    if rank.kind == "time":
        return None, _time_target(reading, rank)
    if rank.field is not None:
        return None, Target(rank.field, said_aggregate(reading))
    if reading.measures:
        return reading.measures.pop(0), None
    after = _next(reading, rank)
    found = _from_next(reading, rank, after) if after is not None else None
    return found or _by_nouns(reading, rank)


def _by_nouns(reading: Reading, rank: Rank) -> tuple[Measure | None, Target | None]:
    if rank.nouns and rank.kind != "quality":
        choice = pick_noun(
            reading, rank.word, by_nouns(reading, rank.nouns), largest=rank.descending
        )
        if choice is not None:
            return None, Target(choice.field, said_aggregate(reading))
        if set(rank.nouns) == {"age"}:
            return None, _age_target(reading, rank)
        return None, None
    return None, named_target(reading, largest=rank.descending)


def _next(reading: Reading, rank: Rank) -> int | None:
    return reading.after(rank.place, over=lambda item: item.is_used)


def _from_next(
    reading: Reading, rank: Rank, after: int
) -> tuple[Measure | None, Target | None] | None:
    """Use the item after the superlative, if it is what is measured or counted."""
    item = reading.items[after]
    counts = rank.word in COUNTING or "number of" in rank.word or "count of" in rank.word
    is_rows_ = bool(item.tables or is_rows(item)) and not is_measure(reading, after)
    if counts and not rank.nouns and is_rows_:
        reading.use(after)
        return counted(reading, after, distinct=False), None
    if is_measure(reading, after):
        field = number_field(reading, after, largest=rank.descending)
        if field is not None:
            reading.use(after)
            return None, Target(field, said_aggregate(reading), after)
    if counts and item.columns and not rank.nouns and item.cue is None:
        reading.use(after)
        return counted(reading, after, distinct=False), None
    return None


def late_target(reading: Reading, rank: Rank, subject: Subject | None) -> Target | None:
    """Look further once the subject is known: "weigh the least", "the highest airport"."""
    found = implied_target(reading, largest=rank.descending)
    if found is None and rank.nouns:
        return None
    found = found or named_target(reading, largest=rank.descending)
    if found is None and rank.word in ("highest", "lowest") and subject is not None:
        nouns = ADJECTIVES["high"][0]
        choice = pick_noun(reading, rank.word, by_nouns(reading, nouns), largest=True)
        found = Target(choice.field) if choice else None
    if (
        found is None
        and subject is not None
        and rank.word in ("most", "least", "highest", "lowest")
    ):
        found = sole_target(reading)
    return found


def count_of(rank: Rank, subject: Subject | None) -> Measure | None:
    """Count rows where only a group is named: "top 5 carriers"."""
    is_count = rank.word in ("top", "most", "bottom", "leading", "fewest") and not rank.nouns
    return Measure(aggregate="count") if is_count and subject is not None else None


def _time_target(reading: Reading, rank: Rank) -> Target | None:
    for place in reading.unused_names():
        for choice in choices(reading, reading.items[place]):
            if choice.place.is_time or choice.place.is_year:
                reading.use(place)
                return Target(choice.field, place=place)
    fields = time_fields(reading)
    return Target(fields[0]) if fields else None


def _age_target(reading: Reading, rank: Rank) -> Target | None:
    """The oldest has the earliest date."""
    fields = time_fields(reading)
    if not fields:
        return None
    rank.descending = not rank.descending
    rank.kind = "time"
    reading.note(f'took "{rank.word}" by {fields[0].name or "date"}')
    return Target(fields[0])
