"""From the words for a column to the column: which base table, which of several, by which join."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Field, Unit
from agents.offline.answering.reading import Doubt, Reading
from agents.offline.answering.schema import Place, Schema
from agents.offline.answering.words import name_words, singular

STEP_COST = 0.06
NEAR = 0.05
ROLES = {
    "from": ["origin", "source", "from", "departure", "dep", "start", "sender", "home"],
    "leaving": ["origin", "source", "departure", "dep", "start"],
    "departing": ["origin", "source", "departure", "dep", "start"],
    "out": ["origin", "source", "departure", "dep", "start"],
    "to": [
        "dest",
        "destination",
        "to",
        "arrival",
        "arr",
        "target",
        "end",
        "receiver",
        "recipient",
        "away",
    ],
    "into": ["dest", "destination", "to", "arrival", "arr", "target", "end"],
    "toward": ["dest", "destination", "to", "arrival", "target", "end"],
    "reaching": ["dest", "destination", "arrival", "target", "end"],
    "arriving": ["dest", "destination", "to", "arrival", "arr"],
}


@dataclass(frozen=True)
class Choice:
    field: Field
    place: Place
    score: float
    is_whole: bool = True


def choose_base(items: Sequence[Item], schema: Schema) -> str | None:
    """Return the table from which all that is mentioned can be reached, or None.

    Of several, the one whose own names fit best.
    """
    ranked: list[tuple[float, int, int, str]] = []
    for number, name in enumerate(schema.tables):
        ways = schema.paths(name)
        scores = [_reach(item, ways) for item in items if item.is_name or item.values]
        missing = sum(score == 0 for score in scores)
        ranked.append((round(sum(scores), 4), -missing, -number, name))
    best = max(ranked, key=lambda entry: (entry[1], entry[0], entry[2]), default=None)
    return best[3] if best else None


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
    found = [
        Choice(
            Field(table=match.place.table.name, name=match.place.column.name, path=path),
            match.place,
            match.score - STEP_COST * len(path) + role_bonus(reading, path, hints(reading, item)),
            match.is_whole,
        )
        for match in item.columns
        for path in ways.get(match.place.table.name, ())
    ]
    return sorted(found, key=lambda one: (-one.score, len(one.field.path), one.place.key))


def hints(reading: Reading, item: Item) -> tuple[str, ...]:
    """Return the words just before an item, up to a break: they may say its role."""
    place = reading.items.index(item)
    found: list[str] = []
    for before in range(place - 1, max(place - 4, -1), -1):
        other = reading.items[before]
        if other.text.lower() in (",", "and", "or") and found:
            break
        found.append(other.text.lower())
        if other.is_known and not other.is_name and other.cue is None:
            break
    return tuple(found)


def role_bonus(reading: Reading, path: Iterable[int], words: Sequence[str]) -> float:
    """Return a bonus for the join or column that a preposition points to."""
    names: set[str] = set()
    for number in path:
        one = reading.schema.relationship(~number if number < 0 else number)
        for column in one.columns:
            names |= set(name_words(column))
    return name_bonus(names, words)


def name_bonus(names: Iterable[str], words: Sequence[str]) -> float:
    named = set(names)
    for distance, word in enumerate(words):
        if named & {word, singular(word)}:
            return 0.3
        roles = ROLES.get(word)
        if roles is not None:
            return 0.25 - 0.02 * distance if named & set(roles) else 0.0
    return 0.0


def pick(reading: Reading, item: Item, options: Sequence[Choice]) -> Choice | None:
    """Return the best choice; keep a doubt if others are about as good."""
    if not options:
        return None
    best = options[0]
    near = [one for one in options if one.score >= best.score - NEAR]
    distinct = list({one.field.model_dump_json(): one for one in near}.values())
    if len(distinct) > 1:
        best = _decided(reading, item, distinct)
    if item.typo_of:
        reading.note(f'read "{item.text}" as "{item.typo_of}"')
        reading.less_sure(0.92, f'"{item.text}" was taken for "{item.typo_of}"')
    if not best.is_whole:
        reading.note(f'took "{item.text}" as the column {best.field.name}')
        reading.less_sure(0.75 + 0.25 * min(best.score, 1.0), f'"{item.text}" is part of a name')
    return best


def _decided(reading: Reading, item: Item, near: list[Choice]) -> Choice:
    labels = [label(reading.schema, one.field) for one in near]
    chosen = reading.choices.get(item.text.lower())
    if chosen in labels:
        reading.note(f'"{item.text}" means {chosen}, as you said')
        return near[labels.index(chosen)]
    reading.doubts.append(Doubt(item.text, tuple(labels)))
    return near[0]


def label(schema: Schema, field: Field) -> str:
    """Return how a field is named to people: with its table, and the way there if it matters."""
    name = f"{field.table}.{field.name}" if len(schema.tables) > 1 else field.name
    if field.path:
        number = field.path[-1]
        one = schema.relationship(~number if number < 0 else number)
        name += f" (by {', '.join(one.columns)})"
    return name


def time_fields(reading: Reading) -> list[Field]:
    """Return the fields of the base that tell when: dates first, then years."""
    places = reading.schema.places_of(reading.base)
    found = [Field(table=reading.base, name=one.column.name) for one in places if one.is_time]
    parts = reading.schema.date_parts(reading.base)
    if parts and not found:
        found.append(Field(table=reading.base, name="", parts=parts))
    years = [Field(table=reading.base, name=one.column.name) for one in places if one.is_year]
    return found + years


def with_unit(reading: Reading, field: Field, unit: str) -> Field | None:
    """Return the field as days, months or the like; None if it is too coarse for that."""
    place = reading.place_of(field)
    if field.parts or place.is_time:
        return field.model_copy(update={"unit": _checked(unit)})
    if place.is_year and unit in ("year", "decade"):
        return field.model_copy(update={"unit": "decade" if unit == "decade" else ""})
    return None


def _checked(unit: str) -> Unit:
    return Field(table="", name="", unit=unit).unit  # type: ignore[arg-type]
