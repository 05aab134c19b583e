"""From what the rules found to one logical query, by the kind of question."""

from agents.offline.answering import (
    frames_compare,
    frames_list,
    frames_relate,
    frames_share,
    frames_trend,
)
from agents.offline.answering.defaults import (
    implied_target,
    measure_of,
    named_target,
    sole_target,
)
from agents.offline.answering.frame_queries import full_query
from agents.offline.answering.frames_growth import growth
from agents.offline.answering.frames_rank import ranked_by_all
from agents.offline.answering.labels import with_labels
from agents.offline.answering.logic import Aggregate, Field, Logical, Measure, Order
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import base_entity
from agents.offline.answering.reading_orders import said_direction
from agents.offline.answering.subjects import find_subject, is_base


def assemble(reading: Reading) -> tuple[Logical | None, Reading]:
    """Return the query and what was read for it; None if nothing can be worked out."""
    for frame in FRAMES:
        tried = reading.copy()
        if reading.ranks and frame in AFTER_RANK:
            word = reading.ranks[0].word
            tried.less_sure(RANK_LOST, f'it is not clear what "{word}" is about')
        query = frame(tried)
        if query is not None:
            return with_labels(reading.schema, query), tried
    return None, reading


def _having(reading: Reading) -> Logical | None:
    """Groups that are large enough: "airlines with more than 10,000 flights"."""
    if not reading.having or reading.ranks:
        return None
    counts = [
        one for one in reading.measures if one.aggregate in ("distinct", "count") and one.field
    ]
    is_number = bool(counts)
    if counts and counts[0].field is not None:
        reading.groups.insert(0, counts[0].field)
    elif not reading.groups:
        subject = find_subject(reading)
        field = (subject.field if subject else None) or base_entity(reading)
        if field is None:
            return None
        reading.groups.append(field)
    reading.measures = [one.measure for one in reading.having]
    order = (Order(by="measure"),)
    return full_query(reading, order=order, count_groups=is_number)


def _rank(reading: Reading) -> Logical | None:
    return ranked_by_all(reading) if reading.ranks else None


def _measures(reading: Reading) -> Logical | None:
    """Aggregates and counts, maybe of groups."""
    _nest(reading)
    if not reading.measures:
        target = named_target(reading) if not _is_listing(reading) else None
        target = target or implied_target(reading)
        if target is None and _wants_amount(reading):
            target = sole_target(reading)
        if target is not None:
            reading.measures.append(measure_of(reading, target))
    if not reading.measures and reading.groups and not _is_listing(reading):
        reading.measures.append(Measure(aggregate="count"))
        frames_list.use_base(reading)
    if not reading.measures:
        return None
    _all_of(reading)
    frames_list.use_base(reading)
    _late_groups(reading)
    _all_values(reading)
    return full_query(reading, order=group_order(reading))


def _nest(reading: Reading) -> None:
    """Read "average number of flights per day" as the average of the days' counts."""
    _count_base(reading)
    counts = [one for one in reading.measures if one.aggregate == "count" and one.field is None]
    outer: dict[str, Aggregate] = {"mean": "mean", "median": "median", "max": "max", "min": "min"}
    said = reading.cues("aggregate", *outer)
    if not counts or not said or not reading.groups:
        return
    cue = reading.items[said[0]].cue
    assert cue is not None
    reading.use(*said)
    per = reading.groups[:1]
    reading.groups = reading.groups[1:]
    reading.measures = [
        counts[0].model_copy(update={"per": tuple(per), "outer": outer[cue.argument]})
    ]


def _count_base(reading: Reading) -> None:
    """Read "average flights per day" as if it were the average number of flights."""
    for place in reading.cues("aggregate", "mean") if reading.groups else ():
        after = reading.item(reading.after(place))
        if after is not None and is_base(reading, after) and not reading.measures:
            reading.measures.append(Measure(aggregate="count"))


def _is_listing(reading: Reading) -> bool:
    return (
        reading.has_cue("list")
        or reading.word(0) == "all"
        or (reading.has_cue("which", "which") and not _asks_value(reading))
    )


def _asks_value(reading: Reading) -> bool:
    """Whether "what is the population of ..." asks for a measure."""
    first = next((place for place in reading.where(lambda item: item.is_cue("which"))), None)
    return first is not None and reading.word(first) == "what"


def _wants_amount(reading: Reading) -> bool:
    texts = " ".join(item.text.lower() for item in reading.items)
    return "how much" in texts or reading.has_cue("aggregate", "sum", "mean")


def _late_groups(reading: Reading) -> None:
    """Read "which carriers have an average delay", where each carrier is meant."""
    if reading.groups or reading.has_cue("aggregate", "count"):
        return
    for place in reading.cues("which", "which"):
        after = reading.after(place)
        item = reading.item(after)
        if after is not None and item is not None and item.is_name and not item.is_used:
            subject = find_subject(reading)
            if subject is not None and subject.field is not None:
                reading.add_group(subject.field)
            return


def _all_of(reading: Reading) -> None:
    """Read "the price of all stocks" as the price of each, unless an aggregate was said."""
    about = base_entity(reading)
    said = any(item.is_cue("aggregate") for item in reading.items)
    for place in reading.unused_names():
        is_all = reading.word(place - 1) == "all" and is_base(reading, reading.items[place])
        if is_all and about is not None and not said:
            reading.add_group(about)


def _all_values(reading: Reading) -> None:
    """Read "number of males and females" as one of each, not as all."""
    for one in reading.conditions:
        is_all = (
            one.operator == "in" and len(one.values) == reading.place_of(one.field).column.distinct
        )
        said_and = "or" not in [item.text.lower() for item in reading.items]
        if is_all and said_and and not reading.groups and not one.field.unit:
            reading.groups.append(one.field)
            return


def group_order(reading: Reading) -> tuple[Order, ...]:
    """Order by time where groups are times, else by the measure, largest first."""
    if not reading.groups:
        return ()
    if is_time_field(reading, reading.groups[0]):
        return (Order(by="group", descending=said_direction(reading, default=False)),)
    return (Order(by="measure", descending=said_direction(reading, default=True)),)


def is_time_field(reading: Reading, field: Field) -> bool:
    place = reading.place_of(field)
    return bool(field.unit) or place.column.role == "time" or place.is_number


AFTER_RANK = (
    frames_trend.distribution,
    frames_trend.trend,
    _measures,
    frames_list.listing,
)
RANK_LOST = 0.4
FRAMES = (
    frames_relate.correlation,
    frames_relate.missing,
    frames_share.share,
    growth,
    frames_compare.comparison,
    _having,
    _rank,
    frames_trend.distribution,
    frames_trend.trend,
    _measures,
    frames_list.listing,
)
