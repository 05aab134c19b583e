"""Which words of a question mean which cues, names, values, numbers and dates.

The question becomes a row of items, the longest phrase first. An item may mean several things
("month" is a column and a unit of time); the rules that read the row decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from agents.offline.answering import dates
from agents.offline.answering.dates import Period
from agents.offline.answering.lexicon import CUES, Cue
from agents.offline.answering.lexicon_adjectives import ADJECTIVES, MORE_OR_LESS, VERBS
from agents.offline.answering.lexicon_fillers import (
    ADVERBS_OF_TIME,
    BEYOND,
    PEOPLE,
    SOFT,
    STOP,
    UNITS_OF_TIME,
)
from agents.offline.answering.lexicon_names import UNITS
from agents.offline.answering.names import Match, Names
from agents.offline.answering.values import ValueMatch, Values
from agents.offline.answering.words import Token

LONGEST_SPAN = 7
LEAST_TYPO_LENGTH, LONG_WORD = 5, 9
LEAST_PART_LENGTH = 4
LIGHT = frozenset({"which", "list", "any", "between", "where", "when"})
LIGHT_WORDS = frozenset({"by", "among", "across", "of each", "by the", "across all", "no"})


@dataclass
class Item:
    """A span of the question and what it may mean."""

    start: int
    end: int
    text: str
    cue: Cue | None = None
    columns: list[Match] = field(default_factory=list)
    tables: list[tuple[str, float]] = field(default_factory=list)
    values: list[ValueMatch] = field(default_factory=list)
    period: Period | None = None
    number: float | None = None
    unit: str = ""
    adjective: str = ""
    typo_of: str = ""
    is_used: bool = False

    @property
    def is_stop(self) -> bool:
        words = self.text.lower().split()
        return not self.is_known and all(word in STOP for word in words)

    @property
    def is_weighty(self) -> bool:
        """Whether it is a small word that would change the meaning, if a rule had used it."""
        return self.text.lower() in MORE_OR_LESS and not self.is_known

    @property
    def is_known(self) -> bool:
        known = (self.cue, self.columns, self.tables, self.values, self.period, self.unit)
        return any(known) or self.number is not None or bool(self.adjective)

    @property
    def is_light(self) -> bool:
        """Whether it is only a word that questions are made with."""
        if self.cue is None or self.columns or self.tables or self.values:
            return False
        return self.cue.kind in LIGHT or self.text.lower() in LIGHT_WORDS

    @property
    def is_name(self) -> bool:
        return bool(self.columns or self.tables)

    def is_cue(self, kind: str, *arguments: str) -> bool:
        if self.cue is None or self.cue.kind != kind:
            return False
        return not arguments or self.cue.argument in arguments


class Linker:
    def __init__(self, names: Names, values: Values, tokens: Sequence[Token]) -> None:
        self.names = names
        self.values = values
        self.tokens = tokens
        self.words = [self._corrected(token) for token in tokens]
        self._shouting = all(token.text == token.text.upper() for token in tokens)

    def items(self) -> list[Item]:
        """Return the whole question as items, each token in exactly one."""
        candidates = sorted(
            (
                (-(end - start), -priority, start, item)
                for start, end, priority, item in self._candidates()
            ),
            key=lambda entry: entry[:3],
        )
        taken: set[int] = set()
        chosen: list[Item] = []
        for _, _, _, item in candidates:
            span = set(range(item.start, item.end))
            if not span & taken:
                taken |= span
                chosen.append(item)
        rest = [place for place in range(len(self.tokens)) if place not in taken]
        chosen += self._rest(rest)
        return sorted(chosen, key=lambda item: item.start)

    def _rest(self, places: Sequence[int]) -> Iterator[Item]:
        """Yield what no phrase has taken; unknown words side by side are one part of a value."""
        items = [self._left_over(place) for place in places]
        while items:
            item = items.pop(0)
            while items and item.end == items[0].start and _is_unknown(item, items[0]):
                item = self._joined(item, items.pop(0))
            yield item

    def _joined(self, item: Item, other: Item) -> Item:
        """Return two unknown words as one item, with the values that have them side by side."""
        both = self._item(item.start, other.end)
        words = [token.word for token in self.tokens[item.start : other.end]]
        both.values = self.values.find_part(words)
        return both

    def _candidates(self) -> Iterator[tuple[int, int, float, Item]]:
        for start in range(len(self.tokens)):
            dated = dates.period_at(self.tokens, start)
            if dated is not None:
                item = self._item(start, dated[1], period=dated[0])
                item.values = self.values.find(self.tokens[start : dated[1]])
                yield start, dated[1], 5, item
            for end in range(start + 1, min(start + LONGEST_SPAN, len(self.tokens)) + 1):
                yield from self._at(start, end)

    def _at(self, start: int, end: int) -> Iterator[tuple[int, int, float, Item]]:
        span = self.tokens[start:end]
        found = self.values.find(span)
        if found and self._may_be_value(span, found):
            yield start, end, 3, self._item(start, end, values=found)
        if any(token.is_quoted or (token.number is not None and token.text[0].isdigit())
               for token in span):  # fmt: skip
            return
        words = self.words[start:end]
        cue = CUES.get(tuple(words))
        columns, tables = self._named(words)
        if cue is None and not columns and not tables:
            return
        best = max([one.score for one in columns] + [score for _, score in tables], default=0)
        priority = 4.0 if best >= 0.85 else 1.0
        if cue is not None:
            priority = max(priority, 2.0)
        item = self._item(start, end, cue=cue)
        if cue is None or best >= 0.85:
            item.columns, item.tables = columns, tables
            item.values = found if found and self._may_be_value(span, found) else []
        said = [token.word for token in span]
        item.typo_of = " ".join(words) if words != said else ""
        yield start, end, priority, item

    def _named(self, words: list[str]) -> tuple[list[Match], list[tuple[str, float]]]:
        edges = {"the", "of", "a", "an", "in", "per", ",", ".", "and", "is", "has"}
        if words[0] in edges or words[-1] in edges or "," in words or "?" in words:
            return [], []
        if len(words) == 1 and words[0] in ("a", "i", "s"):
            return [], []
        return self.names.find(words)

    def _may_be_value(self, span: Sequence[Token], found: list[ValueMatch]) -> bool:
        """Tell a value from a common word: "OR" is a state only if it is written like one."""
        if len(span) > 1 or span[0].is_quoted or self._shouting:
            return any(token.word not in STOP for token in span)
        token = span[0]
        if token.number is not None:
            return False
        is_common = token.word in STOP or (token.word,) in CUES or token.word in UNITS_OF_TIME
        if not is_common or token.word in ADJECTIVES:
            return True
        is_code = token.text == token.text.upper() and len(token.text) > 1
        return is_code and any(match.value == token.text for match in found)

    def _item(self, start: int, end: int, **found: object) -> Item:
        text = " ".join(token.text for token in self.tokens[start:end])
        item = Item(start, end, text)
        for name, value in found.items():
            setattr(item, name, value)
        self._add_word(item)
        return item

    def _add_word(self, item: Item) -> None:
        if item.end - item.start > 1:
            return
        token = self.tokens[item.start]
        item.number = token.number
        item.unit = UNITS_OF_TIME.get(token.key, UNITS_OF_TIME.get(token.word, ""))
        if token.word in ADJECTIVES or token.word in VERBS:
            item.adjective = token.word

    def _left_over(self, place: int) -> Item:
        token = self.tokens[place]
        item = self._item(place, place + 1)
        if item.is_known or item.is_stop or token.number is not None:
            return item
        if token.is_quoted or token.word in UNITS:
            return item
        if len(token.word) >= LEAST_PART_LENGTH:
            item.values = self.values.find_part([token.word])
        return item

    def _corrected(self, token: Token) -> str:
        """Return a misspelt word as the one word of the names or the grammar it is next to."""
        if not self._may_be_misspelt(token):
            return token.word
        return (
            nearest(token.key, self.names.vocabulary) or nearest(token.word, GRAMMAR) or token.word
        )

    def _may_be_misspelt(self, token: Token) -> bool:
        word = token.word
        if token.is_quoted or len(word) < LEAST_TYPO_LENGTH or not word.isalpha():
            return False
        if token.key in self.names.vocabulary or (word,) in CUES or word in COMMON:
            return False
        return not self.values.find([token]) and not self.values.find_part([word])


COMMON = STOP | SOFT | BEYOND | PEOPLE | UNITS | set(ADJECTIVES) | set(VERBS) | set(UNITS_OF_TIME)
GRAMMAR = frozenset(
    word
    for (word, *rest), cue in CUES.items()
    if not rest and len(word) > 5 and cue.kind in ("aggregate", "superlative")
)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the one known word that differs by a slip of the fingers, or nothing."""
    if len(word) < LEAST_TYPO_LENGTH or not word.isalpha():
        return ""
    most = 1 if len(word) < LONG_WORD else 2
    near = sorted(
        (OSA.distance(word, one, score_cutoff=most), one)
        for one in known
        if one[0] == word[0] and not one.startswith(word) and not word.startswith(one)
    )
    near = [entry for entry in near if entry[0] <= most]
    is_clear = len(near) == 1 or (len(near) > 1 and near[0][0] < near[1][0])
    return near[0][1] if is_clear else ""


def _is_unknown(item: Item, other: Item) -> bool:
    """Whether both are words without a meaning of their own, at least one being part of a value."""
    words = item.text.split() + other.text.split()
    is_bare = all(
        not (one.cue or one.columns or one.tables or one.unit or one.adjective or one.is_stop)
        and one.number is None
        and all(match.is_part for match in one.values)
        for one in (item, other)
    )
    known = any(word.lower() in COMMON for word in words)
    return is_bare and not known and bool(item.values or other.values)


def adverb_unit(item: Item) -> str:
    """Return the unit of "monthly" and its like, which make groups by themselves."""
    return item.unit if item.text.lower() in ADVERBS_OF_TIME else ""
