"""From a question to a logical query, with how sure that is and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.data.querying import Database
from agents.offline.answering import frames
from agents.offline.answering.lexicon_fillers import BEYOND, PEOPLE, SOFT
from agents.offline.answering.lexicon_names import UNITS
from agents.offline.answering.linking import Item, Linker
from agents.offline.answering.logic import Logical
from agents.offline.answering.names import Names
from agents.offline.answering.reading import Doubt, Reading, unused
from agents.offline.answering.reading_dates import read_dates
from agents.offline.answering.reading_groups import panel_entity, read_groups
from agents.offline.answering.reading_measures import read_measures
from agents.offline.answering.reading_numbers import read_numbers
from agents.offline.answering.reading_ranks import read_ranks
from agents.offline.answering.reading_states import read_flags, read_punctual, read_states
from agents.offline.answering.reading_values import read_values
from agents.offline.answering.resolving import choose_base
from agents.offline.answering.schema import Schema
from agents.offline.answering.values import Values
from agents.offline.answering.words import clean, tokens

# Below this, a question is declined: what was not understood would too often have mattered.
LEAST_CONFIDENCE = 0.55
UNKNOWN_WORD, UNUSED_NAME, UNUSED_NEGATION, BEYOND_DATA, SOFT_WORD = 0.5, 0.5, 0.4, 0.3, 0.97
UNIT, PERSON, MODIFIER = 0.95, 0.85, 0.85
FIGURES = frozenset({"price", "value", "amount", "rate", "level", "index", "count", "figure"})
LABELS = ("name", "title", "label")


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


RULES = (
    read_states,
    read_numbers,
    read_punctual,
    read_dates,
    read_values,
    read_ranks,
    read_groups,
    read_measures,
    read_flags,
)
NOTHING = Understanding(None, 0.0, (), (), (), 0)


def understand(
    question: str, schema: Schema, database: Database, choices: Mapping[str, str]
) -> Understanding:
    """Read a question; the same question over the same data gives the same query."""
    words = tokens(clean(question))
    names = Names(schema)
    items = Linker(names, Values(schema, database, words), words).items()
    base = choose_base(items, schema)
    if base is None:
        return NOTHING
    reading = Reading(items, schema, names, base, choices)
    for rule in RULES:
        rule(reading)
    query, reading = frames.assemble(reading)
    return _judged(reading, query)


def _judged(reading: Reading, query: Logical | None) -> Understanding:
    left = list(unused(reading))
    joined = _joined(reading, query)
    left = [one for one in left if not any(name in joined for name, _ in one.tables)]
    for item in left:
        reading.less_sure(*_doubt(reading, item))
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


def _joined(reading: Reading, query: Logical | None) -> set[str]:
    """Return the tables that the query reads anyway: naming one of them again changes nothing."""
    tables = {reading.base}
    if query is None:
        return tables
    measured = [one.field for one in query.measures if one.field]
    for field in [*query.groups, *query.fields, *(one.field for one in query.where), *measured]:
        for number in field.path:
            one = reading.schema.relationship(~number if number < 0 else number)
            tables |= {one.table, one.to_table}
    return tables


def _doubt(reading: Reading, item: Item) -> tuple[float, str]:
    word = item.text.lower()
    if word in BEYOND:
        return BEYOND_DATA, f'"{item.text}" asks for what data alone cannot tell'
    if item.is_cue("not"):
        return UNUSED_NEGATION, f'it is not clear what "{item.text}" leaves out'
    if word in SOFT and not item.values:
        return SOFT_WORD, f'"{item.text}" was not needed'
    if word in UNITS:
        return UNIT, f'"{item.text}" was taken for the unit of the data'
    if word in PEOPLE:
        return PERSON, f'"{item.text}" is not a word of this data'
    after = reading.item(reading.items.index(item) + 1)
    is_part = item.columns and not any(match.is_whole for match in item.columns)
    if is_part and after is not None and after.is_used and after.columns:
        return MODIFIER, f'"{item.text}" before "{after.text}" was not needed'
    panel = panel_entity(reading)
    if panel and any(match.place.key == (panel.table, panel.name) for match in item.columns):
        return SOFT_WORD, f'"{item.text}" was taken for the rows'
    before = reading.item(reading.items.index(item) - 1)
    if word in FIGURES and before is not None and before.is_used and before.columns:
        return SOFT_WORD, f'"{item.text}" was not needed after "{before.text}"'
    if item.is_known:
        is_label = item.columns and item.columns[0].place.column.name.lower() in LABELS
        factor = SOFT_WORD if is_label else UNUSED_NAME
        return factor, f'it is not clear what "{item.text}" is for'
    return UNKNOWN_WORD, f'"{item.text}" is not a word of this data'
