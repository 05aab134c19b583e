"""From the words for a column to the column: which base table, which of several, by which join."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.offline.answering.lexicon_adjectives import measured_by
from agents.offline.answering.lexicon_names import ABBREVIATIONS, SYNONYMS
from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Field
from agents.offline.answering.names import Match, Names
from agents.offline.answering.reading import Doubt, Reading
from agents.offline.answering.schema import Place, Schema
from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import name_words, singular

STEP_COST = 0.06
NEAR = 0.04
# Of "gdp per capita", "gdp" is something else.
PER = frozenset({"per", "percap", "capita", "rate", "ratio", "percent", "pct", "change", "growth"})
RATE = 0.5
IMPLIED = 0.5
_FROM = frozenset(
    words_of("""
origin source from departure dep start sender home
""")
)
_TO = frozenset(
    words_of("""
dest destination to arrival arr target end receiver recipient
""")
)
ROLES: dict[str, frozenset[str]] = {
    **dict.fromkeys(words_of("from leaving left departing departed depart out departs"), _FROM),
    **dict.fromkeys(words_of("to into toward towards reaching arriving arrived arrive bound"), _TO),
}


@dataclass(frozen=True)
class Choice:
    field: Field
    place: Place
    score: float
    is_whole: bool = True


def choose_base(items: Sequence[Item], schema: Schema, names: Names) -> str | None:
    """Return the table from which all that is mentioned can be reached, or None.

    Of several, the one whose own names fit best.
    """
    ranked: list[tuple[int, float, int, str]] = []
    for number, name in enumerate(schema.tables):
        ways = schema.paths(name)
        scores = [
            _reach(item, ways) if _counts(items, place) else 0.01 * _reach(item, ways)
            for place, item in enumerate(items)
            if item.is_name or item.values
        ]
        scores += [_implied(item, names, ways) for item in items if item.adjective]
        missing = sum(
            not _reach(item, ways) for place, item in enumerate(items) if _counts(items, place)
        )
        ranked.append((-missing, round(sum(scores), 4), -number, name))
    return max(ranked)[3] if ranked else None


def _implied(item: Item, names: Names, ways: dict[str, list[tuple[int, ...]]]) -> float:
    """Return how well the measure of an adjective is reached: "hottest" is about temperatures."""
    if item.values or item.is_name:
        return 0.0
    for noun in measured_by(item.adjective)[0]:
        matches, _ = names.find([noun])
        found = [_worth(match, ways) for match in matches if match.place.is_number]
        if any(found):
            return IMPLIED * max(found)
    return 0.0


def _worth(match: Match, ways: dict[str, list[tuple[int, ...]]]) -> float:
    paths = ways.get(match.place.table.name)
    return match.score - STEP_COST * len(paths[0]) if paths else 0.0


def _counts(items: Sequence[Item], place: int) -> bool:
    """Whether an item has to be reached: "air" need not, in "air pressure"."""
    item = items[place]
    if item.tables or item.values or any(match.is_whole for match in item.columns):
        return True
    is_before_name = place + 1 < len(items) and items[place + 1].is_name
    return bool(item.columns) and not is_before_name


def _reach(item: Item, ways: dict[str, list[tuple[int, ...]]]) -> float:
    """Return how well an item is reached from a base: 0 if it is not."""

    def worth(table: str, score: float) -> float:
        paths = ways.get(table)
        return max(score - STEP_COST * len(paths[0]), 0.01) if paths else 0.0

    scores = [worth(match.place.table.name, match.score) for match in item.columns]
    scores += [worth(name, score + 0.1) for name, score in item.tables]
    scores += [
        worth(match.place.table.name, 0.6 if match.is_part else 1.0) for match in item.values
    ]
    return max(scores, default=0.0)


def choices(reading: Reading, item: Item) -> list[Choice]:
    """Return the fields that an item may mean, seen from the base, the best first."""
    ways = reading.schema.paths(reading.base)
    words = hints(reading, item)
    found = [
        Choice(
            Field(table=match.place.table.name, name=match.place.column.name, path=path),
            match.place,
            match.score - STEP_COST * len(path) + role_bonus(reading.schema, path, words),
            match.is_whole,
        )
        for match in item.columns
        for path in ways.get(match.place.table.name, ())
    ]
    # The order of names that fit alike is kept: the very word comes first.
    return sorted(found, key=lambda one: (-round(one.score, 6), len(one.field.path)))


def hints(reading: Reading, item: Item) -> tuple[str, ...]:
    """Return the words around an item that may say its role: "to X", "X of the destination"."""
    place = reading.items.index(item)
    found: list[str] = []
    for before in range(place - 1, max(place - 4, -1), -1):
        other = reading.items[before]
        if other.text.lower() in (",", "and", "or", "by"):
            break
        found += reversed(other.text.lower().split())
        if other.values or other.period is not None:
            break
    if reading.word(place + 1) in ("of", "at"):
        for after in range(place + 2, min(place + 5, len(reading.items))):
            found += reading.word(after).split()
    return tuple(found)


def role_bonus(schema: Schema, path: Iterable[int], words: Sequence[str]) -> float:
    """Return a bonus for the join that a preposition points to."""
    names: set[str] = set()
    for number in path:
        one = schema.relationship(~number if number < 0 else number)
        for column in one.columns:
            names |= set(name_words(column))
    return name_bonus(names, words)


def name_bonus(names: Iterable[str], words: Sequence[str]) -> float:
    """Return a bonus if one of the words is a name's, or a preposition that goes with it."""
    named: set[str] = set()
    for name in names:
        named |= {singular(name), *ABBREVIATIONS.get(name, ())}
    for group in SYNONYMS:
        named |= group if named & group else frozenset()
    for distance, word in enumerate(words):
        if singular(word) in named:
            return 0.3
        roles = ROLES.get(word)
        if roles is not None:
            return 0.25 - 0.02 * distance if named & roles else 0.0
    return 0.0


def pick(
    reading: Reading, item: Item, options: Sequence[Choice], *, largest: bool | None = None
) -> Choice | None:
    """Return the best choice; keep a doubt if others are about as good.

    `largest` decides between a maximum and a minimum of the same.
    """
    if not options:
        return None
    best = options[0]
    near = [one for one in options if one.score >= best.score - NEAR]
    distinct = list({one.field.model_dump_json(): one for one in near}.values())
    if len(distinct) > 1:
        best = _decided(reading, item, distinct, largest)
    if item.typo_of:
        reading.note(f'read "{item.text}" as "{item.typo_of}"')
        reading.less_sure(0.92, f'"{item.text}" was taken for "{item.typo_of}"')
    if not best.is_whole:
        reading.note(f'took "{item.text}" as the column {best.field.name}')
        told = f'"{item.text}" is part of a name'
        said = set(map(singular, item.text.lower().split()))
        is_of_rate = bool(set(map(singular, name_words(best.field.name))) & PER - said)
        reading.less_sure(RATE if is_of_rate else 0.75 + 0.25 * min(best.score, 1.0), told)
    return best


EXTREMES = {
    True: frozenset({"max", "maximum", "high", "tmax"}),
    False: frozenset({"min", "minimum", "low", "tmin"}),
}


def _decided(reading: Reading, item: Item, near: list[Choice], largest: bool | None) -> Choice:
    if largest is not None:
        fitting = [one for one in near if EXTREMES[largest] & set(name_words(one.field.name))]
        if len(fitting) == 1:
            reading.note(f'took "{item.text}" as {fitting[0].field.name}')
            return fitting[0]
    return decided(reading, item.text.lower(), near)


def decided(reading: Reading, phrase: str, near: Sequence[Choice]) -> Choice:
    """Return what a person chose for the phrase; without a choice, the first, with a doubt."""
    labels = [label(reading.schema, one.field) for one in near]
    chosen = reading.choices.get(phrase)
    if chosen in labels:
        reading.note(f'"{phrase}" means {chosen}, as you said')
        return near[labels.index(chosen)]
    reading.doubts.append(Doubt(phrase, tuple(labels)))
    return near[0]


def label(schema: Schema, field: Field) -> str:
    """Return how a field is named to people: with its table, and the way there if it matters."""
    name = f"{field.table}.{field.name}" if len(schema.tables) > 1 else field.name
    if field.path:
        number = field.path[-1]
        one = schema.relationship(~number if number < 0 else number)
        name += f" (by {', '.join(one.columns)})"
    return name


def absorb(reading: Reading, place: int, field: Field) -> None:
    """Use the words beside an item that only say again where its column is."""
    table = field.table
    columns: set[str] = set()
    for number in field.path:
        one = reading.schema.relationship(~number if number < 0 else number)
        columns |= set(one.columns)
    for one in reading.schema.model.relationships:
        if one.table == table and one.columns == (field.name,):
            columns.add(field.name)
            table = one.to_table
    for other in (reading.before(place), reading.after(place, over=lambda item: item.is_used)):
        item = reading.item(other)
        if other is None or item is None or item.is_used or abs(other - place) > 4:
            continue
        is_table = any(name == table and name != reading.base for name, _ in item.tables)
        if is_table or any(match.place.column.name in columns for match in item.columns):
            item.is_used = True
            absorb(reading, other, field) if other > place else None
