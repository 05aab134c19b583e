"""Columns that are meant without being named: by an adjective, a unit, or as the only one."""

from collections.abc import Iterable, Sequence

from agents.offline.answering.lexicon_columns import is_flag, name_keys
from agents.offline.answering.logic import Field
from agents.offline.answering.reading import Reading
from agents.offline.answering.resolving import EXTREMES, STEP_COST, Choice, decided
from agents.offline.answering.schema import Place
from agents.offline.answering.words import name_words, singular

UNIT_NAMES = {
    "pound": "lb", "lbs": "lb", "gram": "g", "kilogram": "kg", "millimeter": "mm",
    "millimetre": "mm", "centimeter": "cm", "centimetre": "cm", "mile": "mi", "minute": "min",
    "mins": "min", "second": "sec", "s": "sec", "secs": "sec", "dollar": "usd", "$": "usd",
    "kilometer": "km", "kilometre": "km", "foot": "ft", "feet": "ft", "euro": "eur",
    "inches": "in", "inch": "in", "meter": "m", "metre": "m", "hour": "h", "hrs": "h", "hr": "h",
}  # fmt: skip
UNIT_NOUNS = {
    "mi": "distance", "km": "distance", "lb": "weight mass", "kg": "weight mass",
    "g": "mass weight", "ton": "weight mass", "oz": "weight mass",
    "min": "delay duration time runtime", "sec": "duration time acceleration",
    "h": "duration time runtime delay", "degree": "temperature", "celsius": "temperature",
    "fahrenheit": "temperature", "c": "temperature", "usd": "price cost revenue amount salary",
    "eur": "price cost revenue amount salary", "mph": "speed", "mm": "length width depth",
    "cm": "length height width", "ft": "altitude elevation height", "m": "height length depth",
    "people": "population", "person": "population", "inhabitant": "population",
    "acre": "area", "percent": "percent percentage rate",
}  # fmt: skip


def unit_key(word: str) -> str:
    """Return one name for a unit, however it is written."""
    key = singular(word.lower())
    return UNIT_NAMES.get(word.lower(), UNIT_NAMES.get(key, key))


def by_unit(reading: Reading, unit: str) -> list[Choice]:
    """Return the measures whose name has the unit, or else what it usually measures."""
    found = [
        _choice(place)
        for place in reading.places()
        if place.is_number and unit in {unit_key(word) for word in name_words(place.column.name)}
    ]
    if found:
        return found
    return by_nouns(reading, UNIT_NOUNS.get(unit, "").split())


def by_nouns(reading: Reading, nouns: Iterable[str], with_: Sequence[str] = ()) -> list[Choice]:
    """Return the measures that the first fitting noun names, maybe together with other words."""
    for noun in nouns:
        found = _by_noun(reading, noun, with_)
        if found:
            return found
    return []


def _by_noun(reading: Reading, noun: str, with_: Sequence[str]) -> list[Choice]:
    ways = reading.schema.paths(reading.base)
    matches, _ = reading.names.find([noun, *with_])
    found = []
    for match in matches:
        # A noun inside a name will do: wind_speed is how windy it is.
        for path in ways.get(match.place.table.name, ()):
            field = Field(table=match.place.table.name, name=match.place.column.name, path=path)
            if match.place.is_number and not match.place.is_year:
                score = match.score - STEP_COST * len(path) + 0.02 * match.place.is_measure
                found.append(Choice(field, match.place, score))
    measures = [one for one in found if one.place.is_measure]
    found = measures or found
    best = max((one.score for one in found), default=0.0)
    kept = [one for one in found if one.score >= best - 0.1 and _is_head(one, noun, with_)]
    return sorted(kept, key=lambda one: (-one.score, one.place.key))


def _is_head(choice: Choice, noun: str, with_: Sequence[str]) -> bool:
    """Whether the noun is what is measured: "time" is not, in time_hour."""
    return bool(with_) or singular(noun) in name_keys(choice.place)


def pick_noun(
    reading: Reading, phrase: str, options: Sequence[Choice], *, largest: bool
) -> Choice | None:
    """Return the column an adjective means; of a maximum and a minimum, the one that fits."""
    if not options:
        return None
    near = [one for one in options if one.score >= options[0].score - 0.05]
    if len(near) > 1:
        fitting = [one for one in near if EXTREMES[largest] & set(name_words(one.field.name))]
        near = fitting if len(fitting) == 1 else near
    choice = near[0] if len(near) == 1 else decided(reading, phrase, near)
    reading.note(f'took "{phrase}" as {choice.field.name}')
    return choice


def only_measure(reading: Reading) -> Place | None:
    """Return the measure of the base table if there is just one."""
    found = [one for one in reading.places() if one.is_measure and not is_flag(one)]
    return found[0] if len(found) == 1 else None


def field_of(place: Place) -> Field:
    return Field(table=place.table.name, name=place.column.name)


def _choice(place: Place) -> Choice:
    return Choice(field_of(place), place, 1.0)
