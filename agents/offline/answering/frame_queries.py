"""Logical queries of what was read: with the conditions, and with all that the rules found."""

from agents.offline.answering.logic import Logical
from agents.offline.answering.reading import Reading


def row_query(reading: Reading, **more: object) -> Logical:
    """Return a query of the rows that meet the conditions."""
    return Logical(base=reading.base, where=tuple(reading.conditions)).model_copy(update=more)


def full_query(reading: Reading, **more: object) -> Logical:
    """Return a query with the groups, measures and limits that were read."""
    return Logical(
        base=reading.base,
        groups=tuple(reading.groups),
        measures=tuple(reading.measures),
        where=tuple(reading.conditions),
        having=tuple(reading.having),
    ).model_copy(update=more)
