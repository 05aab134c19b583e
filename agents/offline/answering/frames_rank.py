"""Questions for the largest or smallest: one value, one row, or one group."""

from agents.offline.answering.defaults import (
    Target,
    implied_target,
    is_measure,
    named_target,
    said_aggregate,
    sole_target,
)
from agents.offline.answering.frame_queries import row_query
from agents.offline.answering.lexicon_adjectives import ADJECTIVES
from agents.offline.answering.lexicon_columns import is_additive, is_worse_if_large
from agents.offline.answering.logic import Aggregate, Condition, Field, Logical, Measure, Order
from agents.offline.answering.nouns import by_nouns, pick_noun
from agents.offline.answering.reading import Doubt, Rank, Reading, Rival
from agents.offline.answering.reading_groups import time_fields
from agents.offline.answering.reading_measures import counted, is_rows, number_field
from agents.offline.answering.resolving import choices
from agents.offline.answering.subjects import Subject, find_subject, shown_fields

SINGLE = frozenset({"ever", "single", "record", "all-time", "recorded"})
USUAL = frozenset({"usually", "typically", "generally", "normally", "overall"})
OPEN = ("where", "when", "which", "who")
COUNTING = frozenset({"most", "fewest", "least"})


def ranked(reading: Reading, rank: Rank) -> Logical | None:
    """Return the query for the first rank of a question."""
    measure, target = _measured(reading, rank)
    subject = find_subject(reading, near=rank.place)
    if measure is None and target is None:
        target = _late_target(reading, rank, subject)
    if rank.kind == "quality" and not _set_direction(reading, rank, measure, target):
        return None
    if measure is None and target is None:
        measure = _count_of(rank, subject)
        if measure is None:
            return None
    if measure is not None:
        return _by_measure(reading, rank, measure, subject)
    assert target is not None
    return _by_target(reading, rank, target, subject)


def _measured(reading: Reading, rank: Rank) -> tuple[Measure | None, Target | None]:
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


def _late_target(reading: Reading, rank: Rank, subject: Subject | None) -> Target | None:
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


def _count_of(rank: Rank, subject: Subject | None) -> Measure | None:
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


def _set_direction(
    reading: Reading, rank: Rank, measure: Measure | None, target: Target | None
) -> bool:
    """Say whether the best is the largest: it depends on what is measured."""
    field = (measure.field if measure else None) or (target.field if target else None)
    if field is None:
        return False
    is_worst = rank.word in ("worst", "worse")
    rank.descending = is_worst == is_worse_if_large(reading.place_of(field))
    told = "largest" if rank.descending else "smallest"
    reading.note(f'took "{rank.word}" as the {told} {field.name}')
    return True


def _by_measure(
    reading: Reading, rank: Rank, measure: Measure, subject: Subject | None
) -> Logical | None:
    groups = list(reading.groups)
    if subject is not None and subject.field is not None and subject.field not in groups:
        groups.append(subject.field)
    if not groups:
        if (
            measure.field is not None
            and subject is not None
            and measure.aggregate in ("mean", "max", "min", "sum")
        ):
            return _rows(reading, rank, measure.field, subject)
        return row_query(reading, measures=(measure,)) if subject is None else None
    _leave_out_missing(reading, groups[-1])
    return row_query(
        reading,
        groups=tuple(groups),
        measures=(measure, *reading.measures),
        having=tuple(reading.having),
        order=(Order(by="measure", descending=rank.descending),),
        limit=rank.count,
        offset=rank.offset,
        best_of_each=len(groups) > 1,
    )


def _leave_out_missing(reading: Reading, field: Field) -> None:
    """Nothing is no winner: rows without the ranked value are left out, and that is told."""
    place = reading.place_of(field)
    if field.path or place.column.nulls:
        reading.add_condition(Condition(field=field, operator="not null"), 0)
        reading.note(f"left out rows without {field.name or 'a date'}")


def _by_target(
    reading: Reading, rank: Rank, target: Target, subject: Subject | None
) -> Logical | None:
    aggregate = target.aggregate
    if reading.groups and (subject is None or subject.field is None):
        extreme: Aggregate = "max" if rank.descending else "min"
        measure = Measure(aggregate=extreme, field=target.field)
        return row_query(reading, groups=tuple(reading.groups), measures=(measure,),
                      order=(Order(by="group", descending=False),))  # fmt: skip
    if subject is None:
        return _without_subject(reading, rank, target)
    if subject.field is None or subject.is_unique:
        return _rows(reading, rank, target.field, subject)
    measure = Measure(
        aggregate=aggregate or _open_aggregate(reading, rank, target, subject), field=target.field
    )
    return _by_measure(reading, rank, measure, subject)


def _open_aggregate(
    reading: Reading, rank: Rank, target: Target, subject: Subject | None
) -> Aggregate:
    """Choose the aggregate of each group, where none was said."""
    place = reading.place_of(target.field)
    is_over_time = subject is not None and subject.field is not None and bool(subject.field.unit)
    if is_additive(place) and (is_over_time or not rank.nouns):
        reading.note(
            f"added up {target.field.name}; ask for the largest single one if that is meant"
        )
        return "sum"
    if rank.kind == "time":
        return "max" if rank.descending else "min"
    return _undecided(reading, rank, target, subject)


def _undecided(reading: Reading, rank: Rank, target: Target, subject: Subject | None) -> Aggregate:
    """Choose between the average and the single extreme, which may have different winners."""
    name = target.field.name
    extreme: Aggregate = "max" if rank.descending else "min"
    side = "largest" if rank.descending else "smallest"
    options: dict[str, Aggregate] = {
        f"the average {name}": "mean",
        f"the {side} single {name}": extreme,
    }
    is_average = bool(rank.nouns) or rank.kind == "quality"
    certain = _certain(reading, target, subject)
    if certain is not None:
        return "mean" if certain == "mean" else extreme
    labels = list(options) if is_average else list(reversed(options))
    chosen = reading.choices.get(rank.word, "")
    if chosen in options:
        reading.note(f'"{rank.word}" means {chosen}, as you said')
        return options[chosen]
    reading.note(f"took {labels[0]} of each group; ask for {labels[1]} if that is meant")
    reading.rivals.append(Rival(Doubt(rank.word, tuple(labels)), options[labels[1]]))
    return options[labels[0]]


def _certain(reading: Reading, target: Target, subject: Subject | None) -> str | None:
    """Return which of both is meant, if words say it: "ever", "hottest day", "worst delays"."""
    words = {item.text.lower() for item in reading.items}
    if words & SINGLE:
        return "single"
    if words & USUAL:
        return "mean"
    unit = subject.field.unit if subject is not None and subject.field is not None else ""
    if unit in ("day", "hour"):
        return "single"
    item = reading.item(target.place)
    is_plural = item is not None and item.text.lower().endswith("s")
    return (
        "mean"
        if is_plural and not reading.place_of(target.field).column.name.endswith("s")
        else None
    )


def _without_subject(reading: Reading, rank: Rank, target: Target) -> Logical:
    asks_row = any(reading.word(place) in OPEN for place in reading.cues("which"))
    if rank.kind == "time":
        shown = named_target(reading)
        if shown is not None:
            return _rows(reading, rank, target.field, Subject(shown.field, rank.place))
    if asks_row or rank.count > 1 or rank.offset:
        return _rows(reading, rank, target.field, None)
    aggregate: Aggregate = target.aggregate or ("max" if rank.descending else "min")
    if target.aggregate in ("mean", "median"):
        aggregate = target.aggregate
    return row_query(reading, measures=(Measure(aggregate=aggregate, field=target.field),))


def _rows(reading: Reading, rank: Rank, field: Field, subject: Subject | None) -> Logical:
    reading.use(*reading.cues("which"))
    first = [subject.field] if subject is not None and subject.field is not None else []
    first = [one.model_copy(update={"unit": ""}) for one in first]
    return row_query(
        reading,
        fields=shown_fields(reading, [*first, field]),
        order=(Order(by="field", field=field, descending=rank.descending),),
        limit=rank.count,
        offset=rank.offset,
    )
