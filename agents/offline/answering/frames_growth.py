"""Questions about growth between the first and the last moment: "grew the most"."""

from agents.offline.answering.defaults import measure_of, named_target, sole_target
from agents.offline.answering.logic import Field, Having, Logical, Measure, Operator, Order
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import time_fields
from agents.offline.answering.subjects import find_subject


def growth(reading: Reading) -> Logical | None:
    """Return the difference between the last and the first value, of each group if asked."""
    cues = reading.cues("growth")
    if not cues or any(one.aggregate in ("count", "distinct") for one in reading.measures):
        return None
    time = _time(reading)
    target = named_target(reading) or sole_target(reading)
    if time is None or target is None:
        return None
    subject = find_subject(reading)
    if reading.ranks and subject is None and not reading.groups:
        return None
    if subject is None and not reading.groups and not _is_single(reading):
        if not _is_over_time(reading):
            return None
        reading.use(*cues)
        measure = measure_of(reading, target)
        order = (Order(by="group", descending=False),)
        where = tuple(reading.conditions)
        return Logical(
            base=reading.base, measures=(measure,), groups=(time,), where=where, order=order
        )
    if subject is not None and subject.field is not None:
        reading.add_group(subject.field)
    reading.use(*cues)
    cue = reading.items[cues[0]].cue
    falls = cue is not None and cue.argument == "down"
    measure = Measure(aggregate="growth", field=target.field, second=time)
    reading.note(f"growth is the last {target.field.name} less the first one")
    rank = reading.ranks[0] if reading.ranks else None
    if rank is None and subject is not None and reading.has_cue("which", "which"):
        operator: Operator = "<" if falls else ">"
        reading.having.append(Having(measure=measure, operator=operator, values=(0,)))
    return Logical(
        base=reading.base,
        measures=(measure,),
        groups=tuple(reading.groups),
        where=tuple(reading.conditions),
        having=tuple(reading.having),
        order=(Order(by="measure", descending=not falls),) if reading.groups else (),
        limit=rank.count if rank is not None and reading.groups else None,
    )


def _time(reading: Reading) -> Field | None:
    fields = time_fields(reading)
    return fields[0] if fields else None


def _is_over_time(reading: Reading) -> bool:
    """Whether a start and an end are said: rain that fell in May did not fall off."""
    words = {item.text.lower() for item in reading.items}
    return "between" in words or {"from", "to"} <= words


def _is_single(reading: Reading) -> bool:
    """Whether the conditions leave one thing whose values follow each other in time."""
    return any(one.operator == "=" and not one.field.unit for one in reading.conditions)
