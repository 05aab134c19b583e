"""How people may call tables and columns: phrases made of their names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from agents.offline.answering.lexicon_names import (
    ABBREVIATIONS,
    NAME_UNITS,
    SHORT_FORMS,
    SYNONYMS,
    WEAK_NAME_WORDS,
)
from agents.offline.answering.schema import Place, Schema
from agents.offline.answering.words import name_words, root, singular

MOST_PHRASES = 60
MOST_WORDS = 6
MOST_TABLE_NAMES = 4
LEFT_OUT = frozenset({"of", "the", "a", "an", "s"})
SYNONYM_WORTH, ABBREVIATION_WORTH, ROOT_WORTH = 0.9, 0.97, 0.9
LAST_WORD_WORTH, OTHER_WORD_WORTH = 0.8, 0.75
FILLERS = frozenset({"in", "of", "the", "per", "and", "a", "is", "has", "on", "at", "was"})
WEAK_TABLE_WORDS = frozenset({"raw", "data", "table", "us", "uk", "all", "the", "of", "and", "new"})
UNIT_WEIGHT, WEAK_WEIGHT = 0.1, 0.4

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A column that a phrase may mean; `score` is 1 for its very name."""

    place: Place
    score: float
    is_whole: bool  # all words of the name were said


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a name: its words with what each weighs, and how good the way is."""

    words: tuple[tuple[str, float], ...]
    worth: float


def key_of(words: Iterable[str]) -> Key:
    """Return what phrases are compared by: singular words, each once, in alphabetical order."""
    return tuple(sorted({singular(word) for word in words} - LEFT_OUT))


class Names:
    """An index of all phrases for the tables and columns of a model."""

    def __init__(self, schema: Schema) -> None:
        self.columns: dict[Key, list[Match]] = {}
        self.tables: dict[Key, list[tuple[str, float]]] = {}
        self._roots: dict[Key, list[Match]] = {}
        for name in schema.tables:
            self._add_table(name)
        for place in schema.places:
            self._add_column(place)
        self.vocabulary: frozenset[str] = frozenset(
            word
            for key in (*self.columns, *self.tables)
            for word in key
            if len(word) > 3 and not word.isdecimal()
        )
        self._longest = max((len(key) for key in (*self.columns, *self.tables)), default=1)

    def find(self, words: Sequence[str]) -> tuple[list[Match], list[tuple[str, float]]]:
        """Return the columns and the tables that a phrase may mean, the best first."""
        key = key_of(words)
        if not key or len(key) > self._longest:
            return [], []
        found = list(self.columns.get(key, ()))
        if not found and key not in self.tables:
            rooted = self._rooted(tuple(sorted(map(root, key))))
            found = [replace(one, score=one.score * ROOT_WORTH) for one in rooted]
        said = "".join(words)
        columns = sorted(
            found,
            key=lambda one: (
                -one.score,
                "".join(name_words(one.place.column.name)) != said,
                one.place.key,
            ),
        )
        return columns, sorted(self.tables.get(key, ()), key=lambda one: (-one[1], one[0]))

    def _rooted(self, key: Key) -> list[Match]:
        """Return the columns whose name has these roots: "generated" is a generation."""
        if not self._roots:
            for one, matches in self.columns.items():
                self._roots.setdefault(tuple(sorted(map(root, one))), []).extend(matches)
        best: dict[tuple[str, str], Match] = {}
        for match in self._roots.get(key, ()):
            known = best.get(match.place.key)
            if known is None or known.score < match.score:
                best[match.place.key] = match
        return list(best.values())

    def _add_table(self, name: str) -> None:
        words = name_words(name)
        for variant in variants(words):
            texts = [word for word, _ in variant.words]
            self._put_table(key_of(texts), name, variant.worth)
            for text in texts if len(texts) > 1 else ():
                if not text.isdecimal() and text not in WEAK_TABLE_WORDS:
                    worth = LAST_WORD_WORTH if text == texts[-1] else OTHER_WORD_WORTH
                    self._put_table(key_of([text]), name, variant.worth * worth)

    def _put_table(self, key: Key, name: str, worth: float) -> None:
        known = self.tables.setdefault(key, [])
        if key and not any(one == name and score >= worth for one, score in known):
            known[:] = [entry for entry in known if entry[0] != name] + [(name, worth)]

    def _add_column(self, place: Place) -> None:
        words = name_words(place.column.name)
        joined = (singular("".join(words)),)
        if len(words) > 1:
            self._put(joined, Match(place, 1.0, True))
        tables = [
            key_of(word for word, _ in one.words)
            for one in variants(name_words(place.table.name))[:MOST_TABLE_NAMES]
        ]
        for variant in variants(words):
            for key, score, is_whole in _subsets(variant):
                self._put(key, Match(place, score, is_whole))
                for table in tables if is_whole else ():
                    if len(table) <= 2:
                        self._put(key_of((*key, *table)), Match(place, score, True))

    def _put(self, key: Key, match: Match) -> None:
        known = self.columns.setdefault(key, [])
        for number, other in enumerate(known):
            if other.place.key == match.place.key:
                if (match.is_whole, match.score) > (other.is_whole, other.score):
                    known[number] = match
                return
        known.append(match)


def _subsets(variant: Variant) -> Iterator[tuple[Key, float, bool]]:
    """Yield the parts of a name by which people may call it, the whole first."""
    words = variant.words[:MOST_WORDS]
    whole = sum(weight for _, weight in words) or 1.0
    for size in range(len(words), 0, -1):
        for chosen in combinations(words, size):
            weight = sum(weight for _, weight in chosen)
            strong = [word for word, weight in chosen if weight >= 1.0]
            if not strong and size < len(words):
                continue
            coverage = weight / whole
            # Units at the end of a name are seldom said.
            missing = whole - weight
            is_whole = missing <= UNIT_WEIGHT * 2 + 1e-9
            key = key_of(word for word, _ in chosen)
            if key:
                score = 1.0 if is_whole else 0.35 + 0.55 * coverage
                yield key, score * variant.worth - 0.001 * missing, is_whole


def variants(words: tuple[str, ...]) -> list[Variant]:
    """Return the ways to write a name: as it is, with abbreviations spelt out, with synonyms."""
    found: dict[Key, Variant] = {}
    for spelling, worth in _spellings(words):
        _add_variants(found, spelling, worth)
    return list(found.values())


def _spellings(words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the name, and the name with what is spelt out in it shortened."""
    yield words, 1.0
    for long, short in SHORT_FORMS.items():
        for start in range(len(words) - len(long) + 1):
            if words[start : start + len(long)] == long:
                yield (*words[:start], short, *words[start + len(long) :]), ABBREVIATION_WORTH


def _add_variants(found: dict[Key, Variant], words: tuple[str, ...], most: float) -> None:
    options = [_options(word) for word in words]
    for combination in product(*options):
        worth = most
        parts: list[str] = []
        for text, value in combination:
            worth = min(worth, value)
            parts += text
        weighed = tuple(_weighed(parts))
        key = key_of(parts)
        if key not in found or found[key].worth < worth:
            found[key] = Variant(weighed, worth)
        if len(found) >= MOST_PHRASES:
            return


def _weighed(parts: list[str]) -> Iterator[tuple[str, float]]:
    for place, word in enumerate(parts):
        if place and word in NAME_UNITS:
            yield word, UNIT_WEIGHT
        elif word in WEAK_NAME_WORDS and len(parts) > 1:
            weak = word in FILLERS
            yield word, UNIT_WEIGHT if weak else WEAK_WEIGHT
        else:
            yield word, 1.0


def _options(word: str) -> list[tuple[tuple[str, ...], float]]:
    key = singular(word)
    options: list[tuple[tuple[str, ...], float]] = [((word,), 1.0)]
    for text in ABBREVIATIONS.get(word, ()):
        options.append((tuple(text.split()), ABBREVIATION_WORTH))
    expanded = [key, *(text for text in ABBREVIATIONS.get(word, ()) if " " not in text)]
    for group in SYNONYMS:
        if any(one in group for one in expanded):
            options += [((one,), SYNONYM_WORTH) for one in sorted(group) if one not in expanded]
    return options
