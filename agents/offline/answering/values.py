"""Values of the data in questions: exact, whole words, never by similarity."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from agents.data.naming import quoted
from agents.data.querying import Database
from agents.data_model import Scalar
from agents.offline.answering.schema import Place, Schema
from agents.offline.answering.words import Token, normal, singular

# Columns with more values than this are not read whole, but asked for the words of the question.
MOST_VALUES = 5000
LONGEST_VALUE_WORDS = 7
MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """A value that words of the question name; `is_part` if they are only words of it."""

    place: Place
    value: Scalar
    is_part: bool = False


@dataclass
class _Known:
    whole: dict[str, list[tuple[Place, Scalar]]] = field(default_factory=dict)
    words: dict[str, set[tuple[str, str]]] = field(default_factory=dict)


class Values:
    """The values of text columns, looked up in the data when a question is read."""

    def __init__(self, schema: Schema, database: Database, tokens: Sequence[Token]) -> None:
        self._database = database
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
        return []

    def find_part(self, word: str, schema: Schema) -> list[ValueMatch]:
        """Return the columns in which values have this word, among others."""
        keys = self._known.words.get(word, set()) or self._known.words.get(singular(word), set())
        kept = word if self._known.words.get(word) else singular(word)
        return [ValueMatch(schema.place(*key), kept, True) for key in sorted(keys)]

    def _read(self, place: Place, texts: Sequence[str]) -> None:
        known = [one.value for one in place.column.top]
        if len(known) < place.column.distinct:
            known = self._asked(place, texts)
        for value in known:
            text = normal(str(value))
            if not text:
                continue
            self._known.whole.setdefault(text, []).append((place, value))
            words = text.split()
            if len(words) > 1:
                for word in words:
                    self._known.words.setdefault(word, set()).add(place.key)

    def _asked(self, place: Place, texts: Sequence[str]) -> list[Scalar]:
        name, table = quoted(place.column.name), quoted(place.table.name)
        if place.column.distinct <= MOST_VALUES:
            sql = f"FROM {table} SELECT DISTINCT {name} WHERE {name} IS NOT NULL ORDER BY 1"
            result = self._database.select(sql, [], most_rows=MOST_VALUES)
        elif texts:
            marks = ", ".join("?" * len(texts))
            sql = f"FROM {table} SELECT DISTINCT {name} WHERE lower({name}) IN ({marks}) ORDER BY 1"
            result = self._database.select(sql, list(texts), most_rows=MOST_FOUND)
        else:
            return []
        return [row[0] for row in result.rows]


def _grams(tokens: Sequence[Token]) -> Iterator[str]:
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST_VALUE_WORDS, len(tokens)) + 1):
            yield from _forms(tokens[start:end])


def _forms(tokens: Sequence[Token]) -> Iterable[str]:
    """Return how a value may be written: as it is, and with its last word in the singular."""
    whole = normal(" ".join(token.text for token in tokens))
    yield whole
    if not tokens[-1].is_quoted and tokens[-1].key != tokens[-1].word:
        yield normal(" ".join([*(token.text for token in tokens[:-1]), tokens[-1].key]))
