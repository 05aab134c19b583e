"""From a question to a logical query, with how sure that is and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.data.querying import Database
from agents.offline.answering import assembling
from agents.offline.answering.linking import Item, Linker
from agents.offline.answering.logic import Logical
from agents.offline.answering.names import Names
from agents.offline.answering.reading import Doubt, Reading, unused
from agents.offline.answering.reading_groups import read_groups
from agents.offline.answering.reading_measures import read_measures
from agents.offline.answering.reading_ranks import read_ranks
from agents.offline.answering.reading_values import read_values
from agents.offline.answering.resolving import choose_base
from agents.offline.answering.schema import Schema
from agents.offline.answering.values import Values
from agents.offline.answering.words import clean, tokens

# Below this, a question is declined: what was not understood would too often have mattered.
LEAST_CONFIDENCE = 0.55
UNKNOWN_WORD, UNUSED_NAME = 0.5, 0.55


@dataclass(frozen=True)
class Understanding:
    query: Logical | None
    confidence: float
    notes: tuple[str, ...]
    reasons: tuple[str, ...]  # what lowered the confidence
    doubts: tuple[Doubt, ...]
    known: int  # how many words mean something in this data

    @property
    def is_sure(self) -> bool:
        return self.query is not None and self.confidence >= LEAST_CONFIDENCE


NOTHING = Understanding(None, 0.0, (), (), (), 0)


def understand(
    question: str, schema: Schema, database: Database, choices: Mapping[str, str]
) -> Understanding:
    """Read a question; the same question over the same data gives the same query."""
    words = tokens(clean(question))
    names = Names(schema)
    items = Linker(schema, names, Values(schema, database, words), words).items()
    base = choose_base(items, schema)
    if base is None:
        return NOTHING
    reading = Reading(items, schema, base, choices)
    for rule in (read_values, read_groups, read_ranks, read_measures):
        rule(reading)
    query = assembling.assemble(reading)
    return _judged(reading, query)


def _judged(reading: Reading, query: Logical | None) -> Understanding:
    left = list(unused(reading))
    for item in left:
        reading.less_sure(*_doubt(item))
    confidence = 1.0
    for factor, _ in reading.factors:
        confidence *= factor
    known = sum(bool(one.is_name or one.values) for one in reading.items)
    return Understanding(
        query=query,
        confidence=round(confidence if query else 0.0, 3),
        notes=tuple(reading.notes),
        reasons=tuple(why for _, why in reading.factors),
        doubts=tuple(reading.doubts),
        known=known,
    )


def _doubt(item: Item) -> tuple[float, str]:
    if item.is_known:
        return UNUSED_NAME, f'it is not clear what "{item.text}" is for'
    return UNKNOWN_WORD, f'"{item.text}" is not a word of this data'
