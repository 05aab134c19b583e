"""Which column a number in a question is compared with, and in which unit."""

from dataclasses import dataclass, field

from agents.offline.answering.lexicon_adjectives import measured_by
from agents.offline.answering.lexicon_columns import name_keys
from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Operator
from agents.offline.answering.nouns import (
    UNIT_NOUNS,
    by_nouns,
    by_unit,
    field_of,
    only_measure,
    pick_noun,
    unit_key,
)
from agents.offline.answering.reading import Reading
from agents.offline.answering.resolving import Choice, choices, pick
from agents.offline.answering.units import factor
from agents.offline.answering.words import name_words

LONGEST_HOURS = 100
LASTING = frozenset({"delay", "duration", "time", "runtime", "length"})


@dataclass
class Comparison:
    """A number with its operator, and the items that say so."""

    place: int  # of the number
    start: int  # of the first item of the phrase
    operator: Operator
    values: tuple[float, ...]
    end: int  # of the last item, maybe a unit
    unit: str = ""
    adjective: str = ""
    used: list[int] = field(default_factory=list)


def target(reading: Reading, found: Comparison) -> tuple[int | None, Choice] | None:
    """Return the column that the number is of, and the item that names it."""
    for finder in (_named_after, _named_before, _by_adjective, _by_unit, _by_only):
        named = finder(reading, found)
        if named is not None:
            return named
    return None


def _is_base(reading: Reading, item: Item) -> bool:
    return any(name == reading.base and score > 0.9 for name, score in item.tables)


def _numeric(reading: Reading, place: int, found: Comparison) -> Choice | None:
    item = reading.items[place]
    if item.is_used or item.cue is not None:
        return None
    if found.adjective and item.columns:
        words = item.text.lower().split()
        nouns = measured_by(found.adjective)[0]
        both = by_nouns(reading, nouns, words)
        if both:
            return both[0]
        measured = {one.field for one in by_nouns(reading, nouns)}
        if not any(one.field in measured for one in choices(reading, item)):
            return None
    options = [one for one in choices(reading, item) if one.place.is_number]
    if found.unit and len(options) > 1:
        named = {one.field.name for one in by_unit(reading, found.unit)}
        options = [one for one in options if one.field.name in named] or options
    return pick(reading, item, options, largest=found.operator in (">", ">="))


def _named_after(reading: Reading, found: Comparison) -> tuple[int | None, Choice] | None:
    after = reading.after(found.end)
    if found.operator == "=" and found.end > found.place and not found.unit:
        after = found.end
    if after is None or after - found.end > 2:
        return None
    choice = _numeric(reading, after, found)
    return (after, choice) if choice else None


def _named_before(reading: Reading, found: Comparison) -> tuple[int | None, Choice] | None:
    place = found.start
    if found.operator == "=" and not found.used:
        place = found.place
    while place > 0:
        place -= 1
        item = reading.items[place]
        if item.tables and (not item.columns or _is_base(reading, item)):
            return None
        if item.columns and not item.is_used:
            choice = _numeric(reading, place, found)
            return (place, choice) if choice else None
        is_passed = item.is_stop or item.is_used or bool(item.values) or item.is_cue("any")
        if not is_passed or item.text.lower() in ("and", "or", ",", "for"):
            return None
    return None


def _by_adjective(reading: Reading, found: Comparison) -> tuple[int | None, Choice] | None:
    if not found.adjective:
        return None
    nouns, largest = measured_by(found.adjective)
    usual = UNIT_NOUNS.get(found.unit, "").split()
    # "Longer than 10 hours" is no length.
    nouns = tuple(noun for noun in nouns if noun in usual) or nouns
    options = _with_word_near(reading, found, nouns) or by_nouns(reading, nouns)
    if found.unit and len(options) > 1:
        named = {one.field.name for one in by_unit(reading, found.unit)}
        options = [one for one in options if one.field.name in named] or options
    return _decided(reading, found.adjective, options, largest=largest)


def _with_word_near(reading: Reading, found: Comparison, nouns: tuple[str, ...]) -> list[Choice]:
    """Read "departed more than 3 hours late" as a departure delay."""
    for other in range(max(0, found.start - 3), found.start):
        item = reading.items[other]
        options = [] if item.tables else by_nouns(reading, nouns, [reading.word(other)])
        if options and not reading.items[other].is_used and not reading.items[other].is_stop:
            reading.use(other)
            return options
    return []


def _by_unit(reading: Reading, found: Comparison) -> tuple[int | None, Choice] | None:
    if not found.unit:
        return None
    largest = found.operator in (">", ">=")
    return _decided(reading, found.unit, by_unit(reading, found.unit), largest=largest)


def _decided(
    reading: Reading, phrase: str, options: list[Choice], *, largest: bool
) -> tuple[int | None, Choice] | None:
    choice = pick_noun(reading, phrase, options, largest=largest)
    return (None, choice) if choice else None


def _by_only(reading: Reading, found: Comparison) -> tuple[int | None, Choice] | None:
    place = only_measure(reading)
    if place is None or found.operator == "=":
        return None
    reading.note(f"compared {place.column.name}, the only measure")
    reading.less_sure(0.9, "no column was named beside the number")
    return None, Choice(field_of(place), place, 1.0)


def converted(reading: Reading, choice: Choice, found: Comparison, value: float) -> float:
    """Return the number in the unit of the column, where both units are known."""
    own = [unit_key(word) for word in name_words(choice.field.name)]
    if found.unit and found.unit not in own:
        for unit in (*own, _usual(reading, choice)):
            times = factor(found.unit, unit)
            if times is not None and times != 1:
                converted = round(value * times, 6)
                reading.note(
                    f"took {choice.field.name} as {unit}, so {value:g} {found.unit} "
                    f"are {converted:g}"
                )
                return _whole(converted)
    return _whole(value)


def _usual(reading: Reading, choice: Choice) -> str:
    """Return minutes for delays and durations without a unit, if hours would be too long."""
    is_long = isinstance(choice.place.column.maximum, int | float) and (
        choice.place.column.maximum > LONGEST_HOURS
    )
    return "min" if is_long and name_keys(choice.place) & LASTING else ""


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
