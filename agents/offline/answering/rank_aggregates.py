"""Which aggregate of each group is ranked, where none was said."""

from agents.offline.answering.defaults import (
    Target,
)
from agents.offline.answering.lexicon_columns import is_additive
from agents.offline.answering.logic import Aggregate
from agents.offline.answering.reading import Doubt, Rank, Reading, Rival
from agents.offline.answering.subjects import Subject

SINGLE = frozenset({"ever", "single", "record", "all-time", "recorded"})
USUAL = frozenset({"usually", "typically", "generally", "normally", "overall"})


def open_aggregate(
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
