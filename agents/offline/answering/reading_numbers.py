"""Conditions with numbers: "over 100", "at least 3 engines", "heavier than 4000 pounds"."""

from dataclasses import dataclass, field

from agents.offline.answering.lexicon_adjectives import measured_by
from agents.offline.answering.lexicon_columns import name_keys
from agents.offline.answering.lexicon_names import UNITS
from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Condition, Having, Measure, Operator
from agents.offline.answering.nouns import by_nouns, by_unit, field_of, only_measure, unit_key
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import base_entity
from agents.offline.answering.reading_measures import counted, is_rows
from agents.offline.answering.resolving import Choice, choices, pick
from agents.offline.answering.units import factor
from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import name_words

OPERATORS: dict[str, Operator] = {">": ">", "<": "<", ">=": ">=", "<=": "<=", "=": "=", "!=": "!="}
OPPOSITE: dict[str, Operator] = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "=": "!="}
LONGEST_HOURS = 100
LASTING = frozenset({"delay", "duration", "time", "runtime", "length"})
COPULAS = frozenset(words_of("""
is are was were be been equal equals of with has have had at value values a an
the that exactly having being by in
"""))  # fmt: skip


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


def read_numbers(reading: Reading) -> None:
    """Make conditions, or limits on groups, of all numbers that compare something."""
    for place, item in enumerate(reading.items):
        if item.number is None or item.is_used or _is_period(reading, place, item):
            continue
        found = _compared(reading, place) or _equalled(reading, place)
        if found is not None and _apply(reading, found):
            reading.use(*found.used, place)


def _is_period(reading: Reading, place: int, item: Item) -> bool:
    """Tell the year 2000 from 2000 miles."""
    if item.period is None:
        return False
    before = reading.item(place - 1)
    adjective = reading.item(place - 2)
    is_adjective = reading.word(place - 1) == "than" and adjective is not None
    is_compared = before is not None and (
        before.is_cue("compare") or (is_adjective and bool(adjective and adjective.adjective))
    )
    after = reading.item(place + 1)
    is_measured = after is not None and (_is_unit(after) or after.is_name)
    return not (is_compared and (is_measured or reading.word(place - 1) not in ("before", "after")))


def _is_unit(item: Item) -> bool:
    text = item.text.lower()
    return item.cue is None and not item.tables and (text in UNITS or text in ("lbs", "$"))


def _compared(reading: Reading, place: int) -> Comparison | None:
    ranged = _range(reading, place)
    if ranged is not None:
        return ranged
    before = reading.before(place)
    cue = reading.item(before)
    number = reading.items[place].number
    assert number is not None
    end, unit = _unit_after(reading, place)
    if before is not None and cue is not None and place - before <= 3 and not cue.is_used:
        made = _with_cue(reading, place, before, cue)
        if made is not None:
            made.values, made.end, made.unit = (number,), end, unit
            _adjective_after(reading, made)
            return made
    after = reading.item(end + 1)
    if after is not None and after.is_cue("or_more"):
        operator: Operator = ">=" if after.cue and after.cue.argument == "ge" else "<="
        end_, unit_ = _unit_after(reading, end + 1)
        return Comparison(place, place, operator, (number,), end_, unit or unit_, used=[end + 1])
    return None


def _with_cue(reading: Reading, place: int, before: int, cue: Item) -> Comparison | None:
    if cue.is_cue("compare") and cue.cue is not None:
        operator = OPERATORS[cue.cue.argument]
        start = before
        used = [before]
        adjective = reading.item(before - 1)
        word = ""
        if adjective is not None and adjective.adjective and not adjective.is_used:
            used.append(before - 1)
            start, word = before - 1, adjective.adjective
        negated = reading.item(start - 1)
        if negated is not None and negated.is_cue("not"):
            operator = OPPOSITE[operator]
            used.append(start - 1)
            start -= 1
        return Comparison(place, start, operator, (), place, adjective=word, used=used)
    adjective = reading.item(before - 1)
    if reading.word(before) == "than" and adjective is not None and adjective.adjective:
        _, largest = measured_by(adjective.adjective)
        return Comparison(
            place, before - 1, ">" if largest else "<", (), place,
            adjective=adjective.adjective, used=[before, before - 1],
        )  # fmt: skip
    return None


def _adjective_after(reading: Reading, found: Comparison) -> None:
    """Read the adjective of "more than 30 minutes late", "over 2 meters tall"."""
    after = reading.item(found.end + 1)
    if after is not None and after.adjective and not found.adjective and not after.is_used:
        found.adjective = after.adjective
        found.used.append(found.end + 1)


def _range(reading: Reading, place: int) -> Comparison | None:
    """Return "between 10 and 20" or "from 10 to 20", told by its first number."""
    before, joint = reading.word(place - 1), reading.word(place + 1)
    second = reading.item(place + 2)
    is_range = (before == "between" and joint == "and") or (before == "from" and joint == "to")
    number = reading.items[place].number
    if not is_range or second is None or second.number is None or number is None:
        return None
    end, unit = _unit_after(reading, place + 2)
    used = [place - 1, place + 2]
    return Comparison(place, place - 1, "between", (number, second.number), end, unit, used=used)


def _unit_after(reading: Reading, place: int) -> tuple[int, str]:
    item = reading.item(place + 1)
    if item is not None and _is_unit(item) and not item.is_used:
        return place + 1, unit_key(item.text)
    return place, ""


def _equalled(reading: Reading, place: int) -> Comparison | None:
    """Return "8 cylinders", "cylinders is 8", "month 3"."""
    number = reading.items[place].number
    assert number is not None
    before_cue = reading.item(place - 1)
    if before_cue is not None and (before_cue.is_cue("superlative") or before_cue.is_cue("list")):
        return None
    for beside in (place + 1, _column_before(reading, place)):
        item = reading.item(beside)
        if beside is None or item is None or item.is_used or item.cue is not None:
            continue
        if any(one.place.is_number and one.is_whole for one in choices(reading, item)):
            if beside > place and any(name == reading.base for name, _ in item.tables):
                return None
            found = Comparison(place, min(place, beside), "=", (number,), place)
            found.end = max(place, beside)
            return found
    return None


def _column_before(reading: Reading, place: int) -> int | None:
    before = place - 1
    while before > 0 and reading.word(before) in COPULAS:
        before -= 1
    return before if before >= 0 else None


def _apply(reading: Reading, found: Comparison) -> bool:
    if _is_group_size(reading, found):
        return True
    target = _target(reading, found)
    if target is None:
        return False
    place, choice = target
    values = tuple(_converted(reading, choice, found, value) for value in found.values)
    aggregate = _aggregate_before(reading, place) if place is not None else None
    if aggregate is not None and _has_groups(reading, found):
        cue = reading.items[aggregate].cue
        assert cue is not None
        measure = Measure(aggregate=cue.argument, field=choice.field)  # type: ignore[arg-type]
        reading.having.append(Having(measure=measure, operator=found.operator, values=values))
        reading.use(aggregate)
    else:
        condition = Condition(field=choice.field, operator=found.operator, values=values)
        reading.add_condition(condition, found.start)
    if place is not None:
        reading.use(place)
    if found.unit:
        reading.use(found.end)
    return True


def _is_group_size(reading: Reading, found: Comparison) -> bool:
    """Make a limit on groups of "more than 10,000 flights"."""
    after = reading.after(found.end)
    item = reading.item(after)
    if after is None or item is None or after - found.end > 2 or found.unit or item.is_used:
        return False
    if not (item.tables or is_rows(item)) or not _has_groups(reading, found, but=after):
        return False
    measure = counted(reading, after, distinct=False)
    if measure is None:
        return False
    reading.having.append(Having(measure=measure, operator=found.operator, values=found.values))
    reading.use(after)
    return True


def _has_groups(reading: Reading, found: Comparison, but: int = -1) -> bool:
    """Whether something before the comparison can be counted in groups."""
    if reading.has_cue("group"):
        return True
    for place in reading.unused_names():
        item = reading.items[place]
        if place < found.start and place != but:
            other = any(name != reading.base for name, _ in item.tables)
            dimension = any(not one.place.is_measure for one in choices(reading, item))
            if other or dimension or (item.tables and base_entity(reading) is not None):
                return True
    return False


def _target(reading: Reading, found: Comparison) -> tuple[int | None, Choice] | None:
    """Return the column that the number is of, and the item that names it."""
    for finder in (_named_after, _named_before, _by_adjective, _by_unit, _by_only):
        target = finder(reading, found)
        if target is not None:
            return target
    return None


def _numeric(reading: Reading, place: int, found: Comparison) -> Choice | None:
    item = reading.items[place]
    if item.is_used or item.cue is not None:
        return None
    if found.adjective and item.columns:
        words = item.text.lower().split()
        both = by_nouns(reading, measured_by(found.adjective)[0], words)
        if both:
            return both[0]
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
    if found.operator == "=" and found.end == found.place:
        place = found.place
    while place > 0:
        place -= 1
        item = reading.items[place]
        if item.tables and not item.columns:
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
    options = _with_word_near(reading, found, nouns) or by_nouns(reading, nouns)
    if found.unit and len(options) > 1:
        named = {one.field.name for one in by_unit(reading, found.unit)}
        options = [one for one in options if one.field.name in named] or options
    return _decided(reading, found.adjective, options, largest=largest)


def _with_word_near(reading: Reading, found: Comparison, nouns: tuple[str, ...]) -> list[Choice]:
    """Read "departed more than 3 hours late" as a departure delay."""
    for other in range(max(0, found.start - 3), found.start):
        options = by_nouns(reading, nouns, [reading.word(other)])
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
    from agents.offline.answering.nouns import pick_noun

    choice = pick_noun(reading, phrase, options, largest=largest)
    return (None, choice) if choice else None


def _by_only(reading: Reading, found: Comparison) -> tuple[int | None, Choice] | None:
    place = only_measure(reading)
    if place is None or found.operator == "=":
        return None
    reading.note(f"compared {place.column.name}, the only measure")
    reading.less_sure(0.9, "no column was named beside the number")
    return None, Choice(field_of(place), place, 1.0)


def _aggregate_before(reading: Reading, place: int) -> int | None:
    before = reading.before(place)
    item = reading.item(before)
    simple = ("mean", "sum", "median", "max", "min")
    if before is not None and item is not None and item.is_cue("aggregate", *simple):
        return before if not item.is_used else None
    return None


def _converted(reading: Reading, choice: Choice, found: Comparison, value: float) -> float:
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
