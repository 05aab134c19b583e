"""What a short question may change of the query before it. Each change gives a query or None."""

import re
from collections.abc import Callable

from agents.offline.answering.defaults import named_target
from agents.offline.answering.frames import is_time_field
from agents.offline.answering.labels import with_labels
from agents.offline.answering.logic import Aggregate, Condition, Field, Logical, Measure, Order
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_measures import SIMPLE
from agents.offline.answering.subjects import is_base

Change = Callable[[Reading, Logical], Logical | None]
ADDING = frozenset({"also", "and also", "additionally", "too", "as well"})
REVERSING = re.compile(r"\b(other way|reversed?|flip|opposite|invert(ed)?)\b")
ALL = (
    "without the filter",
    "without filter",
    "remove the filter",
    "no filter",
    "for all",
    "of all",
)
MORE = ("show all", "all of them", "show more", "more rows", "everything", "no limit")


def text_of(reading: Reading) -> str:
    return " ".join(item.text.lower() for item in reading.items)


def unfilter(reading: Reading, query: Logical) -> Logical | None:
    if not any(phrase in text_of(reading) for phrase in ALL):
        return None
    for item in reading.items:
        item.is_used = item.is_used or not (item.is_name or item.values)
    return query.model_copy(update={"where": ()})


def filters(reading: Reading, query: Logical) -> Logical | None:
    """Add conditions; one about a column that has one already takes its place."""
    if not reading.conditions:
        return None
    new = tuple(reading.conditions)
    kept = [one for one in query.where if not any(_same_field(one, other) for other in new)]
    return query.model_copy(update={"where": (*kept, *new)})


def _same_field(one: Condition, other: Condition) -> bool:
    def bare(field: Field) -> Field:
        return field.model_copy(update={"unit": ""})

    return bare(one.field) == bare(other.field)


def groups(reading: Reading, query: Logical) -> Logical | None:
    """Group by something else, or by something more."""
    if not reading.groups:
        return None
    text = text_of(reading)
    adds = any(word in text for word in ADDING) and bool(query.groups)
    new = (*query.groups, *reading.groups) if adds else tuple(reading.groups)
    measures = query.measures or (Measure(aggregate="count"),)
    if measures[0].per:
        measures = (measures[0].model_copy(update={"per": ()}),)
    is_time = is_time_field(reading, new[0])
    order = (Order(by="group", descending=False),) if is_time else (Order(by="measure"),)
    update = {
        "groups": tuple(dict.fromkeys(new)),
        "measures": measures,
        "fields": (),
        "distinct": False,
        "order": order,
        "limit": None,
        "offset": 0,
        "best_of_each": False,
        "count_groups": False,
        "having": (),
    }
    return with_labels(reading.schema, query.model_copy(update=update))


def share(reading: Reading, query: Logical) -> Logical | None:
    """Turn counts or totals into percentages."""
    cues = reading.cues("aggregate", "share")
    first = query.measures[0] if query.measures else None
    if not cues or first is None or first.aggregate not in ("count", "sum"):
        return None
    reading.use(*cues)
    field = first.field if first.aggregate == "sum" else None
    if query.groups:
        measure = Measure(aggregate="share", field=field)
        return query.model_copy(update={"measures": (measure,)})
    if not query.where:
        return None
    only, where = _part(reading, query)
    measure = Measure(aggregate="share", field=field, only=only)
    return query.model_copy(update={"measures": (measure,), "where": where})


def _part(reading: Reading, query: Logical) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    times = [one for one in query.where if is_time_field(reading, one.field) and one.field.unit]
    only = tuple(one for one in query.where if one not in times)
    return (only, tuple(times)) if only else (query.where, ())


def reverse(reading: Reading, query: Logical) -> Logical | None:
    """Turn the order round, or sort as it is said."""
    ways = reading.cues("direction")
    flips = REVERSING.search(text_of(reading)) is not None
    if not ways and not flips:
        return None
    order = query.order or ((Order(by="measure"),) if query.measures else ())
    if not order:
        return None
    descending = not order[0].descending
    if ways:
        cue = reading.items[ways[0]].cue
        descending = cue is not None and cue.argument == "desc"
        reading.use(*ways)
        if query.measures and order[0].by == "group":
            order = (Order(by="measure"),)
    for item in reading.items:
        is_way = item.is_cue("order") or REVERSING.search(item.text.lower()) is not None
        item.is_used = item.is_used or is_way
    first = order[0].model_copy(update={"descending": descending})
    return query.model_copy(update={"order": (first, *order[1:])})


def limit(reading: Reading, query: Logical) -> Logical | None:
    """Show so many: "top 5 instead", "only the first 3", "show all"."""
    if any(phrase in text_of(reading) for phrase in MORE):
        return query.model_copy(update={"limit": None, "offset": 0})
    if not reading.ranks:
        return _plain_number(reading, query)
    rank = reading.ranks[0]
    if not query.measures and not query.order:
        return None
    is_measured = bool(query.measures) and bool(query.groups)
    old = query.order[0] if query.order else Order(by="measure")
    order = Order(by="measure") if is_measured else old
    descending = rank.descending if rank.kind == "measure" else order.descending
    order = order.model_copy(update={"descending": descending})
    return query.model_copy(update={"order": (order,), "limit": rank.count, "offset": rank.offset})


def _plain_number(reading: Reading, query: Logical) -> Logical | None:
    numbers = reading.where(
        lambda item: item.number is not None and not item.is_used and item.period is None
    )
    if len(numbers) != 1 or query.limit is None:
        return None
    reading.use(numbers[0])
    number = reading.items[numbers[0]].number
    assert number is not None
    return query.model_copy(update={"limit": max(1, min(int(number), 1000))})


def aggregate(reading: Reading, query: Logical) -> Logical | None:
    """Work out something else of the same column: "and the median?", "the total instead"."""
    first = query.measures[0] if query.measures else None
    if first is None:
        return None
    if reading.measures:
        found = reading.measures[0]
        return query.model_copy(update={"measures": (found,), "having": ()})
    for place in reading.cues("aggregate", *SIMPLE):
        cue = reading.items[place].cue
        if cue is not None and first.field is not None and first.second is None:
            kind: Aggregate = SIMPLE[cue.argument]
            if kind not in ("min", "max") and not reading.place_of(first.field).is_number:
                continue
            reading.use(place)
            measure = Measure(aggregate=kind, field=first.field)
            return query.model_copy(update={"measures": (measure,)})
    return None


def column(reading: Reading, query: Logical) -> Logical | None:
    """Work out the same of another column: "what about arrival delay?"."""
    first = query.measures[0] if query.measures else None
    if first is None or first.field is None or reading.measures or first.second is not None:
        return None
    target = named_target(reading)
    if target is None:
        return None
    kind = target.aggregate or first.aggregate
    kept = first.model_copy(update={"field": target.field, "aggregate": kind})
    return query.model_copy(update={"measures": (kept,)})


def settle(reading: Reading) -> None:
    """Take what is left of the wording as understood: it names what the query is about anyway."""
    for place, item in enumerate(reading.items):
        if is_base(reading, item) or item.is_cue("group") or item.is_cue("trend"):
            reading.use(place)


CHANGES: tuple[Change, ...] = (
    unfilter,
    filters,
    groups,
    share,
    reverse,
    limit,
    aggregate,
    column,
)
