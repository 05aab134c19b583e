"""Questions made from the schema that this engine answers: for a start, and when it declines."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

from agents.data_model import DataModel, Table
from agents.offline.answering.lexicon_columns import is_additive, is_flag, name_keys
from agents.offline.answering.lexicon_fillers import STOP
from agents.offline.answering.lexicon_names import ABBREVIATIONS, NAME_UNITS
from agents.offline.answering.linking import Linker
from agents.offline.answering.names import Names
from agents.offline.answering.schema import Place, Schema
from agents.offline.answering.understanding import Understanding, read
from agents.offline.answering.values import Values
from agents.offline.answering.words import clean, name_words, singular, tokens

MOST, MOST_OFFERED = 8, 5
MOST_TRIED = 60
FEWEST_GROUPS, MOST_GROUPS = 2, 200
WHERE = frozenset({"latitude", "longitude"})  # seldom worth an average
Template = Callable[[Schema, Table], Iterator[str]]


def suggest(model: DataModel) -> tuple[str, ...]:
    """Return questions about the data that are sure to be answered, of different kinds."""
    return tuple(islice(_working(model, _candidates(model)), MOST))


def suggest_like(model: DataModel, question: str) -> tuple[str, ...]:
    """Return up to five questions that work, those first that share words with the question."""
    words = {one.key for one in tokens(clean(question)) if one.word not in STOP}
    known = list(model.questions) or list(islice(_candidates(model), MOST_TRIED))
    more = list(islice(_candidates(model), MOST_TRIED))
    both = list(dict.fromkeys([*known, *more]))
    ranked = sorted(both, key=lambda one: -len(words & {token.key for token in tokens(one)}))
    return tuple(islice(_working(model, ranked), MOST_OFFERED))


def _working(model: DataModel, questions: Sequence[str] | Iterator[str]) -> Iterator[str]:
    """Yield the questions that are understood without any doubt."""
    schema = Schema(model)
    names = Names(schema)
    seen: set[str] = set()
    for question in questions:
        if question not in seen and _is_understood(question, schema, names):
            yield question
        seen.add(question)


def _is_understood(question: str, schema: Schema, names: Names) -> bool:
    words = tokens(clean(question))
    found: Understanding = read(
        Linker(names, Values(schema, None, words), words).items(), schema, names, {}
    )
    return found.is_sure and found.confidence >= 0.9 and not found.doubts and not found.rivals


def _candidates(model: DataModel) -> Iterator[str]:
    """Yield questions, one of each kind of the largest table, then of the next kind or table."""
    schema = Schema(model)
    tables = sorted(model.tables, key=lambda table: (-_degree(model, table), -table.rows))
    streams = [template(schema, table) for table in tables for template in TEMPLATES]
    while streams:
        for stream in list(streams):
            question = next(stream, None)
            if question is None:
                streams.remove(stream)
            else:
                yield question


def _degree(model: DataModel, table: Table) -> int:
    return sum(one.table == table.name for one in model.relationships)


def spoken(place: Place) -> str:
    """Return a column's name as people say it: without its unit."""
    words = list(name_words(place.column.name))
    while len(words) > 1 and words[-1] in NAME_UNITS:
        words.pop()
    return " ".join(ABBREVIATIONS[word][0] if word in ABBREVIATIONS else word for word in words)


def spoken_table(table: Table) -> str:
    """Return what the rows of a table are called."""
    words = name_words(table.name)
    return " ".join(words) if words and words[-1].endswith("s") else "rows"


def plural(words: str) -> str:
    if words.endswith("s"):
        return words
    is_y = words.endswith("y") and words[-2:-1] not in ("a", "e", "o", "u")
    return f"{words[:-1]}ies" if is_y else f"{words}s"


def _measures(schema: Schema, table: Table) -> list[Place]:
    found = [one for one in schema.places_of(table.name) if one.is_measure and not is_flag(one)]
    return sorted(found, key=lambda one: (bool(name_keys(one) & WHERE), not is_additive(one)))


def _dimensions(schema: Schema, table: Table) -> list[Place]:
    found = [
        place
        for place in schema.places_of(table.name)
        if place.column.kind in ("category", "boolean")
        and FEWEST_GROUPS <= place.column.distinct <= MOST_GROUPS
    ]
    return sorted(found, key=lambda one: one.column.role == "identifier")


def _counts(schema: Schema, table: Table) -> Iterator[str]:
    yield f"How many {spoken_table(table)} are there?"
    for place in _dimensions(schema, table):
        yield f"How many {spoken_table(table)} are there for each {spoken(place)}?"


def _averages(schema: Schema, table: Table) -> Iterator[str]:
    for measure in _measures(schema, table):
        word = "total" if is_additive(measure) else "average"
        for place in _dimensions(schema, table)[:3]:
            yield f"What is the {word} {spoken(measure)} by {spoken(place)}?"
        yield f"What is the {word} {spoken(measure)}?"


def _highest(schema: Schema, table: Table) -> Iterator[str]:
    for place in _dimensions(schema, table):
        for measure in _measures(schema, table)[:3]:
            yield f"Which {spoken(place)} has the highest average {spoken(measure)}?"


def _tops(schema: Schema, table: Table) -> Iterator[str]:
    for place in _dimensions(schema, table):
        if place.column.distinct > MOST_OFFERED:
            yield f"What are the top 5 {plural(spoken(place))} by number of {spoken_table(table)}?"


def _shares(schema: Schema, table: Table) -> Iterator[str]:
    for place in _dimensions(schema, table):
        for one in place.column.top[:1] if place.column.kind == "category" else ():
            yield f'What percentage of {spoken_table(table)} have {spoken(place)} "{one.value}"?'


def _trends(schema: Schema, table: Table) -> Iterator[str]:
    if any(one.is_time or one.is_year for one in schema.places_of(table.name)):
        for measure in _measures(schema, table):
            word = "total" if is_additive(measure) else "average"
            yield f"How did the {word} {spoken(measure)} change over time?"


def _relations(schema: Schema, table: Table) -> Iterator[str]:
    measures = _measures(schema, table)
    for first, second in pairwise(measures):
        yield f"Is {spoken(first)} correlated with {spoken(second)}?"


def _joined(schema: Schema, table: Table) -> Iterator[str]:
    for one in schema.model.relationships:
        target = schema.tables.get(one.to_table)
        if one.table == table.name and target is not None:
            name = singular(spoken_table(target))
            for measure in _measures(schema, table)[:2]:
                yield f"What is the average {spoken(measure)} for each {name}?"


TEMPLATES: tuple[Template, ...] = (
    _counts,
    _averages,
    _highest,
    _trends,
    _joined,
    _tops,
    _shares,
    _relations,
)
