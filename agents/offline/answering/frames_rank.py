"""Questions for the largest or smallest: one value, one row, or one group."""

from agents.offline.answering.defaults import (
    Target,
    named_target,
)
from agents.offline.answering.frame_queries import row_query
from agents.offline.answering.lexicon_columns import is_worse_if_large
from agents.offline.answering.logic import Aggregate, Condition, Field, Logical, Measure, Order
from agents.offline.answering.rank_aggregates import open_aggregate
from agents.offline.answering.rank_targets import count_of, late_target, measured
from agents.offline.answering.reading import Rank, Reading
from agents.offline.answering.subjects import Subject, find_subject, shown_fields

OPEN = ("where", "when", "which", "who")
SECOND_RANK = 0.4


def ranked_by_all(reading: Reading) -> Logical | None:
    """Return the query for the ranks of a question: one, or two ends of the same."""
    first, *rest = reading.ranks
    _settle_counts(reading, first)
    if not rest:
        return ranked(reading, first)
    ends = len(rest) == 1 and rest[0].descending != first.descending and not rest[0].nouns
    query = ranked(reading, first)
    if query is None or query.fields or not ends or query.limit is not None:
        reading.less_sure(SECOND_RANK, f'"{rest[0].word}" asks for something more')
        return query
    measure = query.measures[0]
    other = {"max": "min", "min": "max"}.get(measure.aggregate)
    both = (measure, measure.model_copy(update={"aggregate": other})) if other else (measure,)
    return query.model_copy(update={"measures": both})


def _settle_counts(reading: Reading, rank: Rank) -> None:
    """Doubt a count beside "the heaviest", and an average of "the last 3": too much at once."""
    aggregates = {one.aggregate for one in reading.measures}
    counts = bool(rank.nouns) and bool(aggregates & {"count", "distinct"})
    if counts or (rank.kind == "time" and reading.measures):
        reading.less_sure(SECOND_RANK, f'"{rank.word}" and a figure are asked for at once')


def ranked(reading: Reading, rank: Rank) -> Logical | None:
    """Return the query for the first rank of a question."""
    measure, target = measured(reading, rank)
    subject = find_subject(reading, near=rank.place)
    if measure is None and target is None:
        target = late_target(reading, rank, subject)
    if rank.kind == "quality" and not _set_direction(reading, rank, measure, target):
        return None
    if measure is None and target is None:
        measure = count_of(rank, subject)
        if measure is None:
            return None
    if measure is not None:
        return _by_measure(reading, rank, measure, subject)
    assert target is not None
    return _by_target(reading, rank, target, subject)


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
        limit=rank.count or None,
        offset=rank.offset,
        best_of_each=len(groups) > 1 and rank.count > 0,
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
    is_row = subject is not None and (subject.field is None or subject.is_unique)
    if reading.groups and is_row and subject is not None:
        return _best_rows(reading, rank, target.field, subject)
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
        aggregate=aggregate or open_aggregate(reading, rank, target, subject), field=target.field
    )
    return _by_measure(reading, rank, measure, subject)


def _without_subject(reading: Reading, rank: Rank, target: Target) -> Logical:
    asks_row = any(reading.word(place) in OPEN for place in reading.cues("which"))
    if rank.kind == "time":
        shown = named_target(reading)
        if shown is not None:
            return _rows(reading, rank, target.field, Subject(shown.field, rank.place))
    if asks_row or rank.count != 1 or rank.offset:
        return _rows(reading, rank, target.field, None)
    aggregate: Aggregate = target.aggregate or ("max" if rank.descending else "min")
    if target.aggregate in ("mean", "median"):
        aggregate = target.aggregate
    return row_query(reading, measures=(Measure(aggregate=aggregate, field=target.field),))


def _best_rows(reading: Reading, rank: Rank, field: Field, subject: Subject) -> Logical:
    """Return the first rows of each group: "the heaviest penguin of each species"."""
    query = _rows(reading, rank, field, subject)
    fields = tuple(dict.fromkeys([*reading.groups, *query.fields]))
    changes = {"groups": tuple(reading.groups), "fields": fields, "best_of_each": True}
    return query.model_copy(update=changes)


def _rows(reading: Reading, rank: Rank, field: Field, subject: Subject | None) -> Logical:
    reading.use(*reading.cues("which"))
    first = [subject.field] if subject is not None and subject.field is not None else []
    first = [one.model_copy(update={"unit": ""}) for one in first]
    return row_query(
        reading,
        fields=shown_fields(reading, [*first, field]),
        order=(Order(by="field", field=field, descending=rank.descending),),
        limit=rank.count or None,
        offset=rank.offset,
    )
