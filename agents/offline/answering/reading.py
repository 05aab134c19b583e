"""A question that is being read: its items, the base table, and what the rules found so far."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from agents.offline.answering.linking import Item
from agents.offline.answering.logic import Aggregate, Condition, Field, Having, Measure
from agents.offline.answering.names import Names
from agents.offline.answering.schema import Place, Schema

BREAKS = frozenset({",", ".", ";", "?", "!", "and", "or", "but", "while", "where"})


@dataclass(frozen=True)
class Doubt:
    """Two or more readings of a phrase: `options` are what can be chosen, the likeliest first."""

    phrase: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Rival:
    """Another way to work out the same question: only worth asking about if answers differ."""

    doubt: Doubt
    aggregate: Aggregate


@dataclass
class Rank:
    """The largest or smallest: `count` of them, of which the measure is still to be found."""

    place: int
    descending: bool
    word: str
    kind: str = "measure"  # or "count", "time", "quality" (best and worst)
    nouns: tuple[str, ...] = ()  # that an adjective measures
    field: Field | None = None  # that an adjective and a noun name together
    count: int = 1  # 0: all of them
    offset: int = 0


@dataclass
class Reading:
    """The state that the rules share. A rule marks the items it has used."""

    items: list[Item]
    schema: Schema
    names: Names
    base: str
    choices: Mapping[str, str] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # the item at which each condition was read
    having: list[Having] = field(default_factory=list)
    groups: list[Field] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    ranks: list[Rank] = field(default_factory=list)
    is_partial: bool = False  # a condition rests on only a part of a value
    limit: int | None = None
    preferred: list[Field] = field(default_factory=list)  # what earlier conditions were about
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    rivals: list[Rival] = field(default_factory=list)
    factors: list[tuple[float, str]] = field(default_factory=list)

    def copy(self) -> "Reading":
        """Return a reading on which a rule can be tried without changing this one."""
        return replace(
            self,
            items=[replace(item) for item in self.items],
            ranks=[replace(rank) for rank in self.ranks],
            conditions=list(self.conditions),
            starts=list(self.starts),
            having=list(self.having),
            groups=list(self.groups),
            measures=list(self.measures),
            notes=list(self.notes),
            doubts=list(self.doubts),
            rivals=list(self.rivals),
            factors=list(self.factors),
        )

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def less_sure(self, factor: float, why: str) -> None:
        self.factors.append((factor, why))

    def use(self, *places: int) -> None:
        for place in places:
            self.items[place].is_used = True

    def add_condition(self, condition: Condition, place: int) -> None:
        if condition not in self.conditions:
            self.conditions.append(condition)
            self.starts.append(place)

    def add_group(self, field: Field) -> None:
        if field not in self.groups:
            self.groups.append(field)

    def word(self, place: int) -> str:
        return self.items[place].text.lower() if 0 <= place < len(self.items) else ""

    def item(self, place: int | None) -> Item | None:
        return self.items[place] if place is not None and 0 <= place < len(self.items) else None

    def after(self, place: int, *, over: Callable[[Item], bool] | None = None) -> int | None:
        """Return the next item that means something, looking only over words that do not."""
        return self._beside(place, 1, over)

    def before(self, place: int, *, over: Callable[[Item], bool] | None = None) -> int | None:
        return self._beside(place, -1, over)

    def _beside(self, place: int, step: int, over: Callable[[Item], bool] | None) -> int | None:
        place += step
        while 0 <= place < len(self.items):
            item = self.items[place]
            if item.text.lower() in BREAKS:
                return None
            if not item.is_stop and not (over is not None and over(item)):
                return place
            place += step
        return None

    def where(self, test: Callable[[Item], bool]) -> list[int]:
        return [place for place, item in enumerate(self.items) if test(item)]

    def cues(self, kind: str, *arguments: str) -> list[int]:
        """Return the places of unused cues."""
        return self.where(lambda item: not item.is_used and item.is_cue(kind, *arguments))

    def has_cue(self, kind: str, *arguments: str) -> bool:
        return any(item.is_cue(kind, *arguments) for item in self.items)

    def unused_names(self) -> list[int]:
        return self.where(lambda item: item.is_name and not item.is_used and item.cue is None)

    def place_of(self, field: Field) -> Place:
        return self.schema.place(field.table, field.parts[0] if field.parts else field.name)

    def places(self) -> tuple[Place, ...]:
        """Return the columns of the base table."""
        return self.schema.places_of(self.base)


def unused(reading: Reading) -> Iterator[Item]:
    """Yield the items that mean something and that no rule has used."""
    for item in reading.items:
        if not item.is_used and (item.is_weighty or not (item.is_stop or item.is_light)):
            yield item
