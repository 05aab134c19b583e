"""What a question is about: the rows themselves, or groups of them by a column."""

from dataclasses import dataclass

from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Field
from agents.offline.answering.reading import Reading
from agents.offline.answering.reading_groups import base_entity, group_field, time_fields
from agents.offline.answering.reading_measures import is_rows
from agents.offline.answering.resolving import choices
from agents.offline.answering.schema import Place

MOST_COLUMNS = 20


@dataclass(frozen=True)
class Subject:
    """`field` is None for the rows of the base table."""

    field: Field | None
    place: int
    is_unique: bool = False  # each row has its own value of the field


def find_subject(reading: Reading, near: int | None = None) -> Subject | None:
    """Return what "which carrier", "top 5 carriers" or "the heaviest car" is about."""
    for place in _ordered(reading, near):
        found = subject_at(reading, place, near)
        if found is not None:
            reading.use(place)
            return found
    asked = reading.cues("which", "when", "where")
    reading.use(*asked)
    fields = time_fields(reading) if asked else []
    # "When was it highest": the row of that moment, whatever else there was at the time.
    return Subject(fields[0], 0, is_unique=True) if fields else None


def _ordered(reading: Reading, near: int | None) -> list[int]:
    """Return the places of possible subjects, the likeliest first."""
    found = [
        place
        for place, item in enumerate(reading.items)
        if not item.is_used and item.cue is None and (item.is_name or item.unit or is_rows(item))
    ]
    asked = reading.where(lambda item: item.is_cue("which") or item.is_cue("list"))

    def rank(place: int) -> tuple[int, int]:
        before = reading.before(place, over=lambda item: item.is_used and item.cue is None)
        if before in asked:
            return (0, place)
        if near is not None and place > near and place - near <= 2:
            return (1, place)
        return (2, place)

    return sorted(found, key=rank)


def _is_apart(reading: Reading, place: int, near: int) -> bool:
    """Whether something stands between the superlative and the rows: "highest X of cars"."""
    return any(not item.is_stop and item.columns for item in reading.items[near + 1 : place])


def subject_at(reading: Reading, place: int, near: int | None = None) -> Subject | None:
    """Return the subject that an item is, unless it is a measure."""
    item = reading.items[place]
    if is_base(reading, item) or is_rows(item):
        if near is not None and place > near and _is_apart(reading, place, near):
            return None
        about = base_entity(reading) if not is_rows(item) else None
        return Subject(about, place)
    if not item.unit and not item.tables and _is_only_measure(reading, item):
        return None
    field = group_field(reading, place)
    if field is None:
        return None
    if field.path == () and not field.unit and _is_unique(reading, field):
        return Subject(field, place, is_unique=True)
    return Subject(field, place, is_unique=_is_unit_row(reading, field))


def is_base(reading: Reading, item: Item) -> bool:
    column = max((match.score for match in item.columns if match.is_whole), default=0)
    return any(name == reading.base and score >= max(0.75, column - 0.1)
               for name, score in item.tables)  # fmt: skip


def _is_only_measure(reading: Reading, item: Item) -> bool:
    options = choices(reading, item)
    return bool(options) and all(one.place.is_measure for one in options)


def _is_unique(reading: Reading, field: Field) -> bool:
    return field.table == reading.base and not field.path and reading.place_of(field).is_unique


def _is_unit_row(reading: Reading, field: Field) -> bool:
    """Whether each row is one day, if days are asked for."""
    if field.parts or field.path or field.unit not in ("day", "month"):
        return False
    place = reading.place_of(field)
    named = field.unit in place.column.name.lower()
    return place.is_unique and (named or (field.unit == "day" and place.column.kind == "date"))


def shown_fields(reading: Reading, first: list[Field]) -> tuple[Field, ...]:
    """Return the columns to show of rows: what was asked, names and keys, then all others."""

    def rank(place: Place) -> int:
        if place.column.kind in ("category", "text") or place.column.role == "identifier":
            return 0
        return 1 if place.column.role == "time" else 2

    places = sorted(reading.places(), key=rank)
    if len(places) > MOST_COLUMNS:
        places = [one for one in places if rank(one) < 2]
    label = reading.schema.label(reading.base)
    own = [Field(table=reading.base, name=one.column.name) for one in places]
    named = [Field(table=label.table.name, name=label.column.name)] if label else []
    return tuple(dict.fromkeys([*first, *named, *own], None))
