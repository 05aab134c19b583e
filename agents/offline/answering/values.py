"""Values of the data in questions: exact, whole words, never by similarity."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from agents.data.naming import quoted
from agents.data.querying import Database
from agents.data_model import Scalar
from agents.offline.answering.lexicon_fillers import STOP
from agents.offline.answering.lexicon_values import COMMON_PARTS, adjective_forms, fits
from agents.offline.answering.schema import Place, Schema
from agents.offline.answering.words import Token, normal, singular

# Columns with more values than this are not read whole, but asked for the words of the question.
MOST_VALUES = 5000
LONGEST_VALUE_WORDS = 7
MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """A value that words of the question name.

    `is_part`: they are only words of it; `whole` is the value then, if it is the only one.
    """

    place: Place
    value: Scalar
    is_part: bool = False
    whole: Scalar = None


@dataclass
class _Known:
    whole: dict[str, list[tuple[Place, Scalar]]] = field(default_factory=dict)
    words: dict[str, dict[tuple[str, str], list[Scalar]]] = field(default_factory=dict)


class Values:
    """The values of text columns, looked up in the data when a question is read."""

    def __init__(self, schema: Schema, database: Database | None, tokens: Sequence[Token]) -> None:
        """Without a database, only the values that the data model itself has are known."""
        self._database = database
        self._schema = schema
        self._known = _Known()
        texts = tuple(dict.fromkeys(_grams(tokens)))
        for place in schema.places:
            if place.column.kind in ("category", "text") and place.column.distinct:
                self._read(place, texts)

    def find(self, tokens: Sequence[Token]) -> list[ValueMatch]:
        """Return the values that these tokens are, in any column."""
        for text in _forms(tokens):
            found = self._known.whole.get(text)
            if found:
                return [ValueMatch(place, value) for place, value in found]
        return [] if any(token.is_quoted for token in tokens) else self._otherwise(tokens)

    def _otherwise(self, tokens: Sequence[Token]) -> list[ValueMatch]:
        """Return values that are written otherwise: "Japanese" is of Japan, "Texas" is TX."""
        for text, kind in _adjectives(tokens):
            found = [
                ValueMatch(place, value)
                for place, value in self._known.whole.get(text, ())
                if fits(kind, place.column.name)
            ]
            if found:
                return found
        return []

    def find_part(self, words: Sequence[str]) -> list[ValueMatch]:
        """Return the columns in which values have these words side by side, among others."""
        if all(word in COMMON_PARTS or word in STOP for word in words):
            return []
        front, last = list(words[:-1]), words[-1]
        for kept in dict.fromkeys((last, singular(last))):
            phrase = " ".join([*front, kept])
            found = self._holding(phrase, kept)
            if found:
                return [
                    ValueMatch(
                        self._schema.place(*key), phrase, True, held[0] if len(held) == 1 else None
                    )
                    for key, held in sorted(found.items())
                ]
        return []

    def _holding(self, phrase: str, word: str) -> dict[tuple[str, str], list[Scalar]]:
        """Return, for each column, the values in which the phrase stands."""
        found: dict[tuple[str, str], list[Scalar]] = {}
        for key, values in self._known.words.get(word, {}).items():
            held = [one for one in values if f" {phrase} " in f" {normal(str(one))} "]
            if held:
                found[key] = held
        return found

    def _read(self, place: Place, texts: Sequence[str]) -> None:
        known = [one.value for one in place.column.top]
        if len(known) < place.column.distinct and self._database is not None:
            known = self._asked(self._database, place, texts)
        for value in known:
            text = normal(str(value))
            if not text:
                continue
            self._known.whole.setdefault(text, []).append((place, value))
            words = text.split()
            if len(words) > 1:
                for word in dict.fromkeys(words):
                    entries = self._known.words.setdefault(word, {})
                    entries.setdefault(place.key, []).append(value)

    def _asked(self, database: Database, place: Place, texts: Sequence[str]) -> list[Scalar]:
        name, table = quoted(place.column.name), quoted(place.table.name)
        if place.column.distinct <= MOST_VALUES:
            sql = f"FROM {table} SELECT DISTINCT {name} WHERE {name} IS NOT NULL ORDER BY 1"
            result = database.select(sql, [], most_rows=MOST_VALUES)
        elif texts:
            marks = ", ".join("?" * len(texts))
            sql = f"FROM {table} SELECT DISTINCT {name} WHERE lower({name}) IN ({marks}) ORDER BY 1"
            result = database.select(sql, list(texts), most_rows=MOST_FOUND)
        else:
            return []
        return [row[0] for row in result.rows]


def _grams(tokens: Sequence[Token]) -> Iterator[str]:
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST_VALUE_WORDS, len(tokens)) + 1):
            yield from _forms(tokens[start:end])
        for end in range(start + 1, min(start + 3, len(tokens)) + 1):
            yield from (text for text, _ in _adjectives(tokens[start:end]))


def _adjectives(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield how a value may be written that the words name otherwise, each with its kind."""
    words = " ".join(token.word for token in tokens)
    for word in dict.fromkeys((words, tokens[-1].key if len(tokens) == 1 else words)):
        yield from adjective_forms(word)


def _forms(tokens: Sequence[Token]) -> Iterable[str]:
    """Return how a value may be written: as it is, or in the singular."""
    whole = normal(" ".join(token.text for token in tokens))
    yield whole
    last = tokens[-1]
    if not last.is_quoted and last.key != last.word:
        front = [token.text for token in tokens[:-1]]
        yield normal(" ".join([*front, last.key]))
        if last.word.endswith("ies"):
            yield normal(" ".join([*front, last.word[:-1]]))
