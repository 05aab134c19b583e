"""Conditions without a value: missing, negative, on time, above average, and yes-or-no columns."""

from agents.offline.answering.lexicon_columns import is_flag, name_keys
from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Condition, Field, Operator
from agents.offline.answering.nouns import by_nouns, field_of
from agents.offline.answering.reading import Reading
from agents.offline.answering.resolving import Choice, choices, decided, pick

SIGNS: dict[str, Operator] = {"negative": "<", "positive": ">"}
PUNCTUAL: dict[str, Operator] = {"le": "<=", "lt": "<", "gt": ">"}
REACH = 4


def read_states(reading: Reading) -> None:
    for place, item in enumerate(reading.items):
        if item.is_used:
            continue
        if item.is_cue("average_line"):
            _average_line(reading, place)
        elif item.text.lower() in SIGNS:
            _signed(reading, place)
    _missing(reading)
    for place in reading.cues("compare"):
        _columns(reading, place)


def _columns(reading: Reading, place: int) -> None:
    """Read "where close is greater than open", which compares two columns."""
    sides = [reading.before(place), reading.after(place)]
    found: list[Field] = []
    for side in sides:
        item = reading.item(side)
        if item is None or item.is_used or item.number is not None or not item.columns:
            return
        options = [one for one in choices(reading, item) if one.is_whole and not one.field.path]
        choice = pick(reading, item, [one for one in options if _is_ordered(one)])
        if choice is None:
            return
        found.append(choice.field)
    cue = reading.items[place].cue
    if cue is not None and found[0] != found[1]:
        operator = OPERATORS[cue.argument]
        condition = Condition(field=found[0], operator=operator, other=found[1])
        reading.add_condition(condition, place)
        reading.use(place, *(side for side in sides if side is not None))


def _is_ordered(choice: Choice) -> bool:
    return choice.place.is_number or choice.place.is_time


OPERATORS: dict[str, Operator] = {">": ">", "<": "<", ">=": ">=", "<=": "<=", "=": "=", "!=": "!="}


def _average_line(reading: Reading, place: int) -> None:
    """Read "with above average horsepower" and "heavier than average"."""
    cue = reading.items[place].cue
    assert cue is not None
    operator: Operator = ">" if cue.argument == "above" else "<"
    for other in (reading.after(place), reading.before(place)):
        item = reading.item(other)
        if other is None or item is None or item.is_used:
            continue
        options = [one for one in choices(reading, item) if one.place.is_number]
        choice = pick(reading, item, options)
        if choice is not None:
            condition = Condition(field=choice.field, operator=operator, aggregate="mean")
            reading.add_condition(condition, place)
            reading.use(place, other)
            return


def _signed(reading: Reading, place: int) -> None:
    item = reading.items[place]
    for other in (reading.after(place), reading.before(place)):
        column = reading.item(other)
        if other is None or column is None or column.is_used:
            continue
        options = [one for one in choices(reading, column) if one.place.is_number]
        choice = pick(reading, column, options)
        if choice is not None:
            operator = SIGNS[item.text.lower()]
            condition = Condition(field=choice.field, operator=operator, values=(0,))
            reading.add_condition(condition, place)
            reading.use(place, other)
            return


def _missing(reading: Reading) -> None:
    """Read "without a tail number" and "missing a body mass" as conditions on rows."""
    for place in [*reading.cues("aggregate", "missing"), *reading.cues("not")]:
        item = reading.items[place]
        if item.is_used:
            continue
        target = _column_for(reading, place, item)
        if target is None:
            continue
        choice = pick(reading, reading.items[target], choices(reading, reading.items[target]))
        if choice is None:
            continue
        negated = item.is_cue("aggregate") and reading.word(place - 1) in ("not", "no", "non")
        is_amount = choice.place.is_measure and not choice.place.column.nulls
        if reading.word(place) == "no" and is_amount:
            condition = Condition(field=choice.field, operator="=", values=(0,))
        else:
            operator: Operator = "not null" if negated else "null"
            condition = Condition(field=choice.field, operator=operator)
        reading.add_condition(condition, place)
        reading.use(place, target)
        if negated:
            reading.use(place - 1)


def _column_for(reading: Reading, place: int, item: Item) -> int | None:
    """Return the column that is missing, if rows are asked for and not values."""
    if item.is_cue("not") and item.text.lower() not in ("without", "no"):
        return None
    if item.is_cue("aggregate") and _counts_values(reading, place):
        return None
    order = [reading.after(place)]
    if item.is_cue("aggregate"):
        order.append(reading.before(place, over=lambda one: one.is_cue("aggregate")))
    for other in order:
        column = reading.item(other)
        if other is None or column is None or abs(other - place) > REACH:
            continue
        if column.columns and not column.is_used and column.cue is None:
            return other
    return None


def _counts_values(reading: Reading, place: int) -> bool:
    """Whether the missing values themselves are asked for: "how many missing values in X"."""
    before = reading.before(place)
    item = reading.item(before)
    is_counted = item is not None and (
        item.is_cue("aggregate", "count", "share") or item.is_cue("superlative")
    )
    after = reading.word(place + 1)
    says_values = "value" in reading.word(place) or after in ("values", "value", "data", "entries")
    return says_values or (is_counted and reading.word(place) in ("nulls", "blanks"))


def read_punctual(reading: Reading) -> None:
    """Read "departed on time" and "late" as conditions on a delay."""
    for place in reading.cues("punctual"):
        item = reading.items[place]
        if item.is_used or item.values or item.cue is None:
            continue
        field = _delay(reading, place)
        if field is None:
            continue
        operator = PUNCTUAL[item.cue.argument]
        reading.add_condition(Condition(field=field, operator=operator, values=(0,)), place)
        reading.note(f'took "{item.text}" as {field.name} {operator} 0')
        reading.use(place)


def _delay(reading: Reading, place: int) -> Field | None:
    """Return the delay that is meant: "departed late" is a departure delay."""
    delays = [one for one in reading.places() if "delay" in name_keys(one) and one.is_number]
    for other in range(max(0, place - 4), min(place + 3, len(reading.items))):
        said = {one.place.key for one in by_nouns(reading, ["delay"], [reading.word(other)])}
        if len(delays) > 1 and said and other != place:
            reading.use(other)
            delays = [one for one in delays if one.key in said]
    if len(delays) < 2:
        return field_of(delays[0]) if delays else None
    options = [Choice(field_of(one), one, 1.0) for one in delays]
    return decided(reading, reading.word(place), options).field


def read_flags(reading: Reading) -> None:
    """Read the name of a yes-or-no column as a condition: "cancelled flights"."""
    for place in reading.unused_names():
        item = reading.items[place]
        before = reading.item(place - 1)
        if before is not None and (before.is_cue("group") or before.is_cue("aggregate")):
            continue
        options = [one for one in choices(reading, item) if one.is_whole and is_flag(one.place)]
        choice = pick(reading, item, options)
        if choice is None:
            continue
        is_boolean = choice.place.column.kind == "boolean"
        negated = before is not None and before.is_cue("not")
        value = not negated if is_boolean else int(not negated)
        condition = Condition(field=choice.field, operator="=", values=(value,))
        reading.add_condition(condition, place)
        reading.use(place)
        if negated:
            reading.use(place - 1)
