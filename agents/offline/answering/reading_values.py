"""Conditions from values of the data that a question names: equal, one of, not."""

from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Condition, Field
from agents.offline.answering.reading import Reading
from agents.offline.answering.resolving import (
    STEP_COST,
    Choice,
    hints,
    name_bonus,
    pick,
    role_bonus,
)
from agents.offline.answering.values import ValueMatch
from agents.offline.answering.words import name_words

PART_COST = 0.3
FACTOR_OF_PART = 0.9


def read_values(reading: Reading) -> None:
    """Make conditions of all value items; those of one column side by side become one."""
    for place, item in enumerate(reading.items):
        if item.values and not item.is_used and not item.is_name:
            _read(reading, place, item)


def _read(reading: Reading, place: int, item: Item) -> None:
    beside = _column_beside(reading, place)
    options = _options(reading, item, place if beside is None else beside)
    choice = pick(reading, item, [one for one, _ in options])
    if choice is None:
        return
    values = [value for one, value in options if one.field == choice.field]
    item.is_used = True
    if beside is not None and _names(reading.items[beside], choice):
        reading.use(beside)
    negated = _is_negated(reading, place if beside is None else min(place, beside))
    _add(reading, place, choice.field, values, negated)


def _options(reading: Reading, item: Item, place: int) -> list[tuple[Choice, ValueMatch]]:
    ways = reading.schema.paths(reading.base)
    words = hints(reading, item)
    beside = reading.items[place]
    found = []
    for match in item.values:
        for path in ways.get(match.place.table.name, ()):
            name = match.place.column.name
            field = Field(table=match.place.table.name, name=name, path=path)
            score = 1.0 - STEP_COST * len(path) - PART_COST * match.is_part
            names = set(name_words(name))
            score += max(role_bonus(reading, path, words), name_bonus(names, words))
            choice = Choice(field, match.place, score)
            if beside is not item and _names(beside, choice):
                choice = Choice(field, match.place, score + 0.5)
            found.append((choice, match))
    return sorted(found, key=lambda entry: (-entry[0].score, entry[0].place.key))


def _column_beside(reading: Reading, place: int) -> int | None:
    """Return the column that is named next to a value: "species Adelie", "Torgersen island"."""
    for other in (reading.before(place), reading.after(place)):
        if other is None:
            continue
        item = reading.items[other]
        is_near = abs(other - place) <= 3
        if is_near and item.is_name and not item.is_used and item.cue is None:
            keys = {one.place.key for one in item.columns}
            tables = {name for name, _ in item.tables}
            values = reading.items[place].values
            if any(one.place.key in keys for one in values):
                return other
            if any(one.place.table.name in tables - {reading.base} for one in values):
                return other
    return None


def _names(item: Item, choice: Choice) -> bool:
    return any(match.place.key == choice.place.key for match in item.columns) or any(
        name == choice.place.table.name for name, _ in item.tables
    )


def _is_negated(reading: Reading, place: int) -> bool:
    for before in range(place - 1, max(place - 5, -1), -1):
        item = reading.items[before]
        if item.is_cue("not"):
            item.is_used = True
            return True
        if item.is_known or item.text.lower() in (",", "but"):
            return False
    return False


def _add(
    reading: Reading, place: int, field: Field, matches: list[ValueMatch], negated: bool
) -> None:
    part = matches[0].is_part
    if part:
        word = str(matches[0].value)
        reading.note(f'took "{word}" as a word in {field.name}')
        reading.less_sure(FACTOR_OF_PART, f'"{word}" is only part of a value')
        operator = "not contains" if negated else "contains"
        condition = Condition(field=field, operator=operator, values=(word,))  # type: ignore[arg-type]
        reading.add_condition(condition, place)
        return
    values = tuple(dict.fromkeys(match.value for match in matches))
    for number, known in enumerate(reading.conditions):
        if known.field == field and known.operator in ("=", "in", "!=", "not in"):
            _join(reading, number, values)
            return
    one, many = ("!=", "not in") if negated else ("=", "in")
    operator = one if len(values) == 1 else many
    condition = Condition(field=field, operator=operator, values=values)  # type: ignore[arg-type]
    reading.add_condition(condition, place)


def _join(reading: Reading, number: int, values: tuple[object, ...]) -> None:
    known = reading.conditions[number]
    operator = "not in" if known.operator in ("!=", "not in") else "in"
    merged = tuple(dict.fromkeys([*known.values, *values]))
    changes = {"values": merged, "operator": operator if len(merged) > 1 else known.operator}
    reading.conditions[number] = known.model_copy(update=changes)
