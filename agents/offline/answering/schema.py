"""A data model as something to look names up in, and to find joins in."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from agents.data_model import Column, DataModel, Relationship, Table
from agents.offline.answering.word_lists import words_of
from agents.offline.answering.words import name_words, singular

LONGEST_PATH = 2
YEARS = (1000, 3000)
KEY_WORDS = frozenset(
    words_of("id code key number no nr num zip postcode phone uuid index isbn sku")
)


@dataclass(frozen=True)
class Place:
    """A column of a table."""

    table: Table
    column: Column

    @property
    def key(self) -> tuple[str, str]:
        return self.table.name, self.column.name

    @property
    def is_number(self) -> bool:
        return self.column.kind == "number"

    @property
    def is_measure(self) -> bool:
        if not self.is_number:
            return False
        return self.column.role == "measure" or not (
            self.column.role != "identifier" or self.is_named_as_key
        )

    @property
    def is_named_as_key(self) -> bool:
        """Whether the name says that the numbers only tell things apart."""
        words = {singular(word) for word in name_words(self.column.name)}
        own = {singular(word) for word in name_words(self.table.name)}
        return bool(words & KEY_WORDS) or words <= own

    @property
    def is_time(self) -> bool:
        return self.column.kind in ("date", "datetime")

    @property
    def is_unique(self) -> bool:
        return 0 < self.column.distinct == self.table.rows - self.column.nulls

    @property
    def is_label(self) -> bool:
        """Whether values name single rows, or very few."""
        if self.column.kind not in ("category", "text"):
            return False
        return self.is_unique or self.column.distinct > 0.6 * self.table.rows

    @property
    def is_year(self) -> bool:
        """Whether the numbers are years."""
        low, high = self.column.minimum, self.column.maximum
        named = "year" in map(singular, name_words(self.column.name)) or self.column.name == "yr"
        return (
            self.is_number
            and named
            and isinstance(low, int | float)
            and isinstance(high, int | float)
            and high >= YEARS[0]
            and high <= YEARS[1]
        )

    def is_part(self, unit: str) -> bool:
        """Whether the column holds months 1-12, days 1-31 or hours 0-24, as its name says."""
        limits = {"month": 12, "day": 31, "hour": 24}
        high, low = self.column.maximum, self.column.minimum
        return (
            self.is_number
            and name_words(self.column.name)[-1:] == (unit,)
            and isinstance(high, int | float)
            and isinstance(low, int | float)
            and 0 <= low <= high <= limits[unit]
        )


class Schema:
    def __init__(self, model: DataModel) -> None:
        self.model = model
        self.tables: dict[str, Table] = {table.name: table for table in model.tables}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(
            Place(table, column) for table in self.model.tables for column in table.columns
        )

    @cached_property
    def by_key(self) -> dict[tuple[str, str], Place]:
        return {place.key: place for place in self.places}

    def place(self, table: str, column: str) -> Place:
        return self.by_key[table, column]

    def places_of(self, table: str) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.table.name == table)

    def relationship(self, number: int) -> Relationship:
        return self.model.relationships[number]

    def paths(self, base: str) -> dict[str, list[tuple[int, ...]]]:
        """Return, for each table reachable without multiplying rows, the ways there."""
        found: dict[str, list[tuple[int, ...]]] = {base: [()]}
        frontier: list[tuple[str, tuple[int, ...]]] = [(base, ())]
        for _ in range(LONGEST_PATH):
            frontier = [
                (target, (*path, number))
                for table, path in frontier
                for number, target in self._steps(table)
                if target != base
            ]
            for target, path in frontier:
                found.setdefault(target, []).append(path)
        return {
            table: [path for path in ways if len(path) == min(map(len, ways))]
            for table, ways in found.items()
        }

    def _steps(self, table: str) -> Iterator[tuple[int, str]]:
        for number, one in enumerate(self.model.relationships):
            if one.table == table and one.to_table in self.tables:
                yield number, one.to_table
            elif one.kind == "one_to_one" and one.to_table == table and one.table in self.tables:
                yield ~number, one.table

    def label(self, table: str) -> Place | None:
        """Return the column by which people know the rows of a table: a name or a title."""
        for wanted in ("name", "title", "label", "description"):
            for place in self.places_of(table):
                words = name_words(place.column.name)
                if place.column.kind in ("category", "text") and words[-1:] == (wanted,):
                    return place
        return None

    def date_parts(self, table: str) -> tuple[str, ...]:
        """Return the year, month and day columns that make a date, or ()."""
        year = next((one for one in self.places_of(table) if one.is_year), None)
        rest = [
            next((one for one in self.places_of(table) if one.is_part(unit)), None)
            for unit in ("month", "day")
        ]
        if year is None or None in rest:
            return ()
        return year.column.name, *(one.column.name for one in rest if one is not None)
