"""Conditions from values of the data that a question names: equal, one of, not."""

from collections.abc import Sequence
from dataclasses import replace

from agents.data_model import Scalar
from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Condition, Field, Operator
from agents.offline.answering.reading import Reading
from agents.offline.answering.resolving import (
    STEP_COST,
    Choice,
    absorb,
    hints,
    name_bonus,
    pick,
    role_bonus,
)
from agents.offline.answering.values import ValueMatch
from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import name_words

PART_COST, FACTOR_OF_PART, FACTOR_OF_ONLY_PART = 0.3, 0.88, 0.96
BESIDE_BONUS, NEIGHBOUR_BONUS, EXACT_BONUS, WHOLE_BONUS = 0.5, 0.35, 0.1, 0.15
BUT_NOT = 0.4
JOINTS = ("and", "or", ",", "vs", "versus", "than", "nor", "with")
LIST_REACH = 5
QUANTITY = frozenset(
    words_of("""
more most much less least total amount little fewest fewer sum
""")
)


def read_values(reading: Reading) -> None:
    """Make conditions of all value items; those of one column become one."""
    for place, item in enumerate(reading.items):
        if item.values and not item.is_used and _is_value(reading, place, item):
            _read(reading, place, item)


def _is_value(reading: Reading, place: int, item: Item) -> bool:
    """Tell "days with rain", a value, from "more rain", a quantity."""
    if not item.is_name:
        return True
    if any(match.score >= 1.0 for match in item.columns) or item.tables:
        return False
    before = reading.before(place)
    asked = reading.item(before)
    is_measured = asked is not None and (
        asked.is_cue("aggregate", "mean", "sum", "median", "max", "min")
        or asked.is_cue("superlative")
        or asked.is_cue("compare")
    )
    said = {reading.word(place - 1), reading.word(place - 2), reading.word(place + 1)}
    if place == 0 and reading.word(1) in ("by", "per", "for each", "in each", "each"):
        return False
    return not is_measured and not said & QUANTITY


def _read(reading: Reading, place: int, item: Item) -> None:
    beside = _column_beside(reading, place)
    options = _options(reading, item, beside)
    choice = pick(reading, item, [one for one, _ in options])
    if choice is None:
        return
    matches = [match for one, match in options if one.field == choice.field]
    item.is_used = True
    item.columns, item.tables = [], []
    if beside is not None and _names(reading.items[beside], choice):
        reading.use(beside)
    absorb(reading, place, choice.field)
    start = place if beside is None else min(place, beside)
    _add(reading, place, choice.field, matches, _is_negated(reading, start))


def _options(reading: Reading, item: Item, beside: int | None) -> list[tuple[Choice, ValueMatch]]:
    ways = reading.schema.paths(reading.base)
    words = hints(reading, item)
    other = reading.item(beside)
    found = []
    for match in item.values:
        for path in ways.get(match.place.table.name, ()):
            name = match.place.column.name
            field = Field(table=match.place.table.name, name=name, path=path)
            score = 1.0 - STEP_COST * len(path) - PART_COST * match.is_part
            score += WHOLE_BONUS * (match.whole is not None)
            bonus = max(
                role_bonus(reading.schema, path, words), name_bonus(name_words(name), words)
            )
            choice = Choice(field, match.place, score + bonus)
            if other is not None and _names(other, choice):
                choice = Choice(field, match.place, score + bonus + BESIDE_BONUS)
            if str(match.value) == item.text:
                choice = replace(choice, score=choice.score + EXACT_BONUS)
            if field in _neighbours(reading, item) or field in reading.preferred:
                choice = replace(choice, score=choice.score + NEIGHBOUR_BONUS)
            found.append((choice, match))
    return sorted(found, key=lambda entry: (-entry[0].score, entry[0].place.key))


def _neighbours(reading: Reading, item: Item) -> list[Field]:
    """Return the fields of values that this one is listed with: "JFK and LGA"."""
    place = reading.items.index(item)
    joint = reading.word(place - 1)
    if joint not in JOINTS and reading.word(place - 2) not in JOINTS:
        return []
    return [
        condition.field
        for condition, start in zip(reading.conditions, reading.starts, strict=True)
        if place - LIST_REACH <= start < place
    ]


def _column_beside(reading: Reading, place: int) -> int | None:
    """Return the column that is named next to a value: "species Adelie", "Torgersen island"."""
    for other in (reading.before(place), reading.after(place)):
        item = reading.item(other)
        if other is None or item is None or abs(other - place) > 3:
            continue
        if item.is_name and not item.is_used and item.cue is None:
            keys = {one.place.key for one in item.columns}
            tables = {name for name, _ in item.tables} - {reading.base}
            values = reading.items[place].values
            if any(one.place.key in keys or one.place.table.name in tables for one in values):
                return other
    return None


def _names(item: Item, choice: Choice) -> bool:
    return any(match.place.key == choice.place.key for match in item.columns) or any(
        name == choice.place.table.name for name, _ in item.tables
    )


def _is_negated(reading: Reading, place: int) -> bool:
    for before in range(place - 1, max(place - 6, -1), -1):
        item = reading.items[before]
        if item.is_cue("not"):
            item.is_used = True
            return True
        if (item.is_known and not item.is_light) or item.text.lower() in (",", "but"):
            return False
    return False


def _add(
    reading: Reading, place: int, field: Field, matches: Sequence[ValueMatch], negated: bool
) -> None:
    operator: Operator
    if matches[0].is_part:
        word = str(matches[0].value)
        reading.is_partial = True
        whole = matches[0].whole
        told = f"a word in {field.name}" if whole is None else f"{field.name} {whole}"
        reading.note(f'took "{word}" as {told}')
        factor = FACTOR_OF_PART if whole is None else FACTOR_OF_ONLY_PART
        reading.less_sure(factor, f'"{word}" is only part of a value')
        if matches[0].whole is None:
            operator = "not contains" if negated else "contains"
            reading.add_condition(Condition(field=field, operator=operator, values=(word,)), place)
            return
    values: tuple[Scalar, ...] = tuple(
        dict.fromkeys(one.value if one.whole is None else one.whole for one in matches)
    )
    for number, known in enumerate(reading.conditions):
        if known.field == field and known.operator in ("=", "in", "!=", "not in"):
            if negated and known.operator in ("=", "in"):
                reading.less_sure(BUT_NOT, "one and not the other cannot be told of rows")
            _join(reading, number, values)
            return
    operator = ("!=" if negated else "=") if len(values) == 1 else ("not in" if negated else "in")
    reading.add_condition(Condition(field=field, operator=operator, values=values), place)


def _join(reading: Reading, number: int, values: tuple[Scalar, ...]) -> None:
    known = reading.conditions[number]
    many: Operator = "not in" if known.operator in ("!=", "not in") else "in"
    merged = tuple(dict.fromkeys([*known.values, *values]))
    operator = many if len(merged) > 1 else known.operator
    reading.conditions[number] = Condition(field=known.field, operator=operator, values=merged)
