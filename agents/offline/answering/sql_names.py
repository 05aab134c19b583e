"""What the columns of a result are called."""

from collections.abc import Iterable

from agents.offline.answering.logic import Field, Measure

NAMES = {
    "count": "count",
    "distinct": "distinct",
    "sum": "total",
    "mean": "average",
    "median": "median",
    "min": "minimum",
    "max": "maximum",
    "deviation": "standard_deviation",
    "share": "percent",
    "missing": "missing",
    "correlation": "correlation",
    "ratio": "ratio",
    "growth": "growth",
    "difference": "difference",
}


def group_alias(field: Field) -> str:
    """Return what a group is called in the result: its column, or the part of the date."""
    if field.unit:
        return field.unit
    if field.bins:
        return f"{field.name}_from"
    if field.parts:
        return "date"
    return field.name


def alias_of(measure: Measure) -> str:
    """Return what a measure is called in the result."""
    name = NAMES[measure.aggregate]
    if measure.per:
        inner = alias_of(measure.model_copy(update={"per": ()}))
        per = "_".join(group_alias(field) for field in measure.per)
        return f"{NAMES[measure.outer]}_{inner}_per_{per}"
    if measure.field is None or measure.aggregate == "count":
        return name
    if measure.second is not None and measure.aggregate != "growth":
        return f"{name}_{measure.field.name}_{measure.second.name}"
    return f"{name}_{group_alias(measure.field)}"


def unique_names(names: Iterable[str]) -> list[str]:
    """Return the names, with a number added where one comes again."""
    taken: list[str] = []
    for name in names:
        new, number = name, 2
        while new.lower() in (one.lower() for one in taken):
            new, number = f"{name}_{number}", number + 1
        taken.append(new)
    return taken
