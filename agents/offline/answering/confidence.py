"""How sure a reading is: each word that was not understood, or not needed, lowers it."""

from collections.abc import Callable

from agents.offline.answering.lexicon_fillers import BEYOND, PEOPLE, SOFT
from agents.offline.answering.lexicon_names import UNITS
from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Logical
from agents.offline.answering.nouns import unit_key
from agents.offline.answering.reading import Reading, unused
from agents.offline.answering.reading_groups import panel_entity
from agents.offline.answering.words import name_words

# Below this, a question is declined: what was not understood would too often have mattered.
LEAST_CONFIDENCE = 0.55
UNKNOWN_WORD, UNUSED_NAME, UNUSED_NEGATION, BEYOND_DATA, SOFT_WORD = 0.5, 0.5, 0.4, 0.3, 0.97
UNIT, PERSON, MODIFIER, OTHER_UNIT = 0.95, 0.85, 0.85, 0.5
FIGURES = frozenset({"price", "value", "amount", "rate", "level", "index", "count", "figure"})
LABELS = ("name", "title", "label")

Doubted = tuple[float, str] | None


def judge(reading: Reading, query: Logical | None) -> float:
    """Return the confidence, and note in the reading what lowered it."""
    joined, columns = _joined(reading, query), _columns(query)
    for item in list(unused(reading)):
        is_said = any(match.place.key in columns and match.is_whole for match in item.columns)
        if not is_said and not any(name in joined for name, _ in item.tables):
            reading.less_sure(*_doubt(reading, item))
    if query is None and not reading.factors:
        word = reading.ranks[0].word if reading.ranks else ""
        told = f'no column says what is "{word}"' if word else "it names nothing to work out"
        reading.less_sure(0.0, told)
    confidence = 1.0
    for factor, _ in reading.factors:
        confidence *= factor
    return round(confidence if query is not None else 0.0, 3)


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


def _columns(query: Logical | None) -> set[tuple[str, str]]:
    """Return the dates and groups that the query is about: saying them again changes nothing."""
    if query is None:
        return set()
    fields = [*query.groups, *(one.field for one in query.where)]
    return {(field.table, field.name) for field in fields}


def _doubt(reading: Reading, item: Item) -> tuple[float, str]:
    """Return what a word that no rule used costs, and why."""
    for check in CHECKS:
        found = check(reading, item)
        if found is not None:
            return found
    if item.is_known or item.is_weighty:
        return UNUSED_NAME, f'it is not clear what "{item.text}" is for'
    return UNKNOWN_WORD, f'"{item.text}" is not a word of this data'


def _beyond(reading: Reading, item: Item) -> Doubted:
    if item.text.lower() in BEYOND:
        return BEYOND_DATA, f'"{item.text}" asks for what data alone cannot tell'
    return None


def _negation(reading: Reading, item: Item) -> Doubted:
    if item.is_cue("not"):
        return UNUSED_NEGATION, f'it is not clear what "{item.text}" leaves out'
    return None


def _filler(reading: Reading, item: Item) -> Doubted:
    word = item.text.lower()
    if word in SOFT and not item.values:
        return SOFT_WORD, f'"{item.text}" was not needed'
    if word in UNITS:
        return _unit(reading, item)
    if word in PEOPLE:
        return PERSON, f'"{item.text}" is not a word of this data'
    return None


def _unit(reading: Reading, item: Item) -> tuple[float, str]:
    """Doubt "in hours", unless that is the unit that the column has in its name."""
    fields = [one.field.name for one in reading.measures if one.field is not None]
    own = {unit_key(word) for name in fields for word in name_words(name)}
    told = f'"{item.text}" was taken for the unit of the data'
    is_wanted = reading.word(reading.items.index(item) - 1) == "in"
    if is_wanted and unit_key(item.text) not in own:
        return OTHER_UNIT, f'figures cannot be turned into "{item.text}"'
    return UNIT, told


def _altogether(reading: Reading, item: Item) -> Doubted:
    """Let "in total" go where something is counted or added up anyway."""
    is_whole = any(one.aggregate in ("count", "distinct", "sum") for one in reading.measures)
    if item.is_cue("aggregate", "sum") and is_whole:
        return SOFT_WORD, f'"{item.text}" was not needed'
    return None


def _modifier(reading: Reading, item: Item) -> Doubted:
    """Let "air" of "air pressure" go: only part of a name, before a name that was used."""
    after = reading.item(reading.items.index(item) + 1)
    is_part = bool(item.columns) and not any(match.is_whole for match in item.columns)
    if is_part and after is not None and after.is_used and after.columns:
        return MODIFIER, f'"{item.text}" before "{after.text}" was not needed'
    return None


def _row_noun(reading: Reading, item: Item) -> Doubted:
    """Let "countries" go where each row is one of a country."""
    panel = panel_entity(reading)
    if panel and any(match.place.key == (panel.table, panel.name) for match in item.columns):
        return SOFT_WORD, f'"{item.text}" was taken for the rows'
    return None


def _figure(reading: Reading, item: Item) -> Doubted:
    """Let "price" of "open price" go: a general word after a name that was used."""
    place = reading.items.index(item)
    beside = [place - 1, place + 2] if reading.word(place + 1) == "of" else [place - 1]
    for other in map(reading.item, beside):
        is_near = other is not None and other.is_used and bool(other.columns)
        if other is not None and is_near and item.text.lower() in FIGURES:
            return SOFT_WORD, f'"{item.text}" was not needed beside "{other.text}"'
    return None


def _label(reading: Reading, item: Item) -> Doubted:
    """Let "name" go: names are shown anyway."""
    if item.columns and item.columns[0].place.column.name.lower() in LABELS:
        return SOFT_WORD, f'"{item.text}" is shown anyway'
    return None


CHECKS: tuple[Callable[[Reading, Item], Doubted], ...] = (
    _beyond,
    _negation,
    _filler,
    _altogether,
    _modifier,
    _row_noun,
    _figure,
    _label,
)
