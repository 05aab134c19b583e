"""Questions that compare groups: "A or B", "compare A and B", "are As heavier than Bs"."""

from agents.offline.answering.defaults import (
    Target,
    implied_target,
    is_measure,
    measure_of,
    named_target,
    sole_target,
)
from agents.offline.answering.frame_queries import row_query
from agents.offline.answering.frames_trend import time_axis
from agents.offline.answering.lexicon_adjectives import COMPARATIVES, MORE_OR_LESS
from agents.offline.answering.logic import Field, Logical, Measure, Order
from agents.offline.answering.reading import Reading
from agents.offline.answering.subjects import find_subject, is_base


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
    groups = list(reading.groups)
    axis = time_axis(reading, reading.cues("trend")) if reading.cues("trend") else None
    if axis is not None and axis not in groups:
        reading.use(*reading.cues("trend"))
        groups.insert(0, axis)
    return row_query(
        reading,
        groups=tuple(groups),
        measures=tuple(reading.measures),
        order=(Order(by="group", descending=False),),
    )


def _compares(reading: Reading) -> bool:
    if reading.cues("compare_groups"):
        return True
    has_or = any(item.text.lower() == "or" for item in reading.items)
    comparative = any(
        item.text.lower() in COMPARATIVES | MORE_OR_LESS and not item.is_used
        for item in reading.items
    )
    return (has_or and comparative) or any(
        _compares_values(reading, p) for p in reading.cues("compare")
    )


def _compares_values(reading: Reading, place: int) -> bool:
    after = reading.item(reading.after(place, over=lambda item: False))
    return after is not None and bool(after.values)


def _use_comparatives(reading: Reading) -> None:
    for item in reading.items:
        if item.text.lower() in COMPARATIVES | MORE_OR_LESS:
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
            field = subject.field if subject else None
            single = any(one.field == field and one.operator == "=" for one in reading.conditions)
            return None if single else field
    return None
