"""Conditions with numbers: "over 100", "at least 3 engines", "heavier than 4000 pounds"."""

from agents.offline.answering.lexicon_adjectives import measured_by
from agents.offline.answering.lexicon_names import UNITS
from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Condition, Having, Measure, Operator
from agents.offline.answering.nouns import (
    unit_key,
)
from agents.offline.answering.number_targets import Comparison, converted, target
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import base_entity
from agents.offline.answering.reading_measures import counted, is_rows
from agents.offline.answering.resolving import choices
from agents.offline.answering.word_lists import words_of

OPERATORS: dict[str, Operator] = {">": ">", "<": "<", ">=": ">=", "<=": "<=", "=": "=", "!=": "!="}
OPPOSITE: dict[str, Operator] = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "=": "!="}
COPULAS = frozenset(words_of("""
is are was were be been equal equals of with has have had at value values a an
the that exactly having being by in
"""))  # fmt: skip


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
    is_than = is_adjective and bool(adjective and adjective.adjective)
    is_compared = before is not None and before.is_cue("compare")
    after = reading.item(place + 1)
    is_measured = after is not None and (_is_unit(after) or after.is_name)
    return not ((is_than and is_measured) or is_compared)


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
    named = target(reading, found)
    if named is None:
        return False
    place, choice = named
    values = tuple(converted(reading, choice, found, value) for value in found.values)
    aggregate = _aggregate_before(reading, place) if place is not None else None
    if aggregate is not None and _has_groups(reading, found):
        cue = reading.items[aggregate].cue
        assert cue is not None
        measure = Measure(aggregate=cue.argument, field=choice.field)  # type: ignore[arg-type]
        reading.having.append(Having(measure=measure, operator=found.operator, values=values))
        reading.use(aggregate)
    else:
        _add(reading, found, Condition(field=choice.field, operator=found.operator, values=values))
    if place is not None:
        reading.use(place)
    if found.unit:
        reading.use(found.end)
    return True


def _add(reading: Reading, found: Comparison, condition: Condition) -> None:
    """Add a condition; "4 cylinders or 6 cylinders" is one of either."""
    for number, known in enumerate(reading.conditions):
        is_same = known.field == condition.field and {known.operator, found.operator} <= {"=", "in"}
        if is_same and found.operator == "=":
            values = tuple(dict.fromkeys([*known.values, *condition.values]))
            reading.conditions[number] = Condition(
                field=known.field, operator="in" if len(values) > 1 else "=", values=values
            )
            return
    reading.add_condition(condition, found.start)


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


def _aggregate_before(reading: Reading, place: int) -> int | None:
    before = reading.before(place)
    item = reading.item(before)
    simple = ("mean", "sum", "median", "max", "min")
    if before is not None and item is not None and item.is_cue("aggregate", *simple):
        return before if not item.is_used else None
    return None
