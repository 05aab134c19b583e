"""From a question to a logical query, with how sure that is and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.data.querying import Database
from agents.offline.answering import frames
from agents.offline.answering.confidence import LEAST_CONFIDENCE, judge
from agents.offline.answering.linking import Item, Linker
from agents.offline.answering.logic import Logical
from agents.offline.answering.names import Names
from agents.offline.answering.reading import Doubt, Reading, Rival
from agents.offline.answering.reading_dates import read_dates
from agents.offline.answering.reading_groups import read_groups
from agents.offline.answering.reading_measures import read_measures
from agents.offline.answering.reading_numbers import read_numbers
from agents.offline.answering.reading_orders import read_orders
from agents.offline.answering.reading_ranks import read_ranks
from agents.offline.answering.reading_recent import read_recent
from agents.offline.answering.reading_states import read_flags, read_punctual, read_states
from agents.offline.answering.reading_values import read_values
from agents.offline.answering.resolving import choose_base
from agents.offline.answering.schema import Schema
from agents.offline.answering.values import Values
from agents.offline.answering.words import clean, tokens


@dataclass(frozen=True)
class Understanding:
    query: Logical | None
    confidence: float
    notes: tuple[str, ...]
    reasons: tuple[str, ...]  # what lowered the confidence
    doubts: tuple[Doubt, ...] = ()
    rivals: tuple[Rival, ...] = ()
    known: int = 0  # how many words mean something in this data
    is_partial: bool = False  # a condition rests on only a part of a value
    asks_whether: bool = False  # yes or no will do

    @property
    def is_sure(self) -> bool:
        return self.query is not None and self.confidence >= LEAST_CONFIDENCE


RULES = (
    read_states,
    read_numbers,
    read_punctual,
    read_recent,
    read_dates,
    read_values,
    read_orders,
    read_ranks,
    read_groups,
    read_measures,
    read_flags,
)
NOTHING = Understanding(None, 0.0, (), ())


def understand(
    question: str, schema: Schema, database: Database, choices: Mapping[str, str]
) -> Understanding:
    """Read a question; the same question over the same data gives the same query."""
    words = tokens(clean(question))
    names = Names(schema)
    items = Linker(names, Values(schema, database, words), words).items()
    return read(items, schema, names, choices)


def read(
    items: list[Item], schema: Schema, names: Names, choices: Mapping[str, str], base: str = ""
) -> Understanding:
    """Read a question whose words are linked; `base` is the table that it has to be about."""
    base = base or choose_base(items, schema, names) or ""
    if not base:
        return NOTHING
    reading = Reading(items, schema, names, base, choices)
    for rule in RULES:
        rule(reading)
    query, reading = frames.assemble(reading)
    return _judged(reading, query)


def _judged(reading: Reading, query: Logical | None) -> Understanding:
    confidence = judge(reading, query)
    used = " ".join(item.text.lower() for item in reading.items if item.is_used)
    return Understanding(
        query=query,
        confidence=confidence,
        notes=tuple(reading.notes),
        reasons=tuple(why for _, why in reading.factors),
        doubts=tuple(one for one in reading.doubts if one.phrase in used),
        rivals=tuple(reading.rivals),
        known=sum(bool(one.is_name or one.values) for one in reading.items),
        is_partial=reading.is_partial,
        asks_whether=reading.has_cue("any"),
    )
