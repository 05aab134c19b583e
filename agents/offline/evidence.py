"""Where the documents speak of something: a full-text index over all their sentences.

The index lives in memory for one step. Words are only ever quoted into its query language, so
no text of a goal, a comment or a document can be taken for an operator.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from agents.offline.inline import plain
from agents.offline.terms import fold, stems_of
from agents.plans import Citation, Document
from agents.sentence_blocks import Kind
from agents.sentences import Sentence, split

# How many sentences are taken in between two looks at the cancel flag.
BATCH = 500
# Words of a goal are found in all their forms, by their stems. Cues are beginnings of words, and
# would miss words that a stem is shorter than: "mitigat" is no beginning of "mitig".
CREATE = """
    CREATE VIRTUAL TABLE stems USING fts5(text, heading, tokenize='porter unicode61');
    CREATE VIRTUAL TABLE words USING fts5(text, heading, tokenize='unicode61', prefix='4 5 6');
"""
INSERT = (
    "INSERT INTO stems (rowid, text, heading) VALUES (?, ?, ?)",
    "INSERT INTO words (rowid, text, heading) VALUES (?, ?, ?)",
)
# A sentence counts in full, its heading in part.
BY_STEMS = """
    SELECT rowid, bm25(stems, 1.0, 0.4) FROM stems WHERE stems MATCH ? ORDER BY 2, rowid LIMIT ?
"""
BY_WORDS = """
    SELECT rowid, bm25(words, 1.0, 0.4) FROM words WHERE words MATCH ? ORDER BY 2, rowid LIMIT ?
"""
QUERY_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Passage:
    """A sentence with what stands around it."""

    document: str
    title: str
    number: int
    text: str
    kind: Kind
    heading: str  # the heading it stands below
    index: int  # its place among all sentences of all documents

    @cached_property
    def words(self) -> str:
        return plain(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems_of(self.words)

    @cached_property
    def heading_stems(self) -> frozenset[str]:
        return stems_of(self.heading)

    @property
    def key(self) -> tuple[str, int]:
        return self.document, self.number

    def citation(self) -> Citation:
        return Citation(document=self.document, sentence=self.number, quote=self.text)


class Evidence:
    """All sentences of the documents, and the search for words in them."""

    def __init__(self, documents: Iterable[Document], check: Callable[[], None]) -> None:
        """Split and index the documents; `check` may raise to stop in between."""
        self.passages: tuple[Passage, ...] = tuple(_passages(documents, check))
        # The engine runs a step in one thread, but not always in the same one.
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.executescript(CREATE)
        for start in range(0, len(self.passages), BATCH):
            check()
            rows = [
                (passage.index + 1, fold(passage.text), fold(passage.heading))
                for passage in self.passages[start : start + BATCH]
            ]
            with self._index:
                for insert in INSERT:
                    self._index.executemany(insert, rows)

    def close(self) -> None:
        self._index.close()

    def search(self, words: Sequence[str], limit: int = 400) -> dict[int, float]:
        """Return the best sentences for any form of any of the words: place -> score, best first.

        Scores are positive; a rare word counts more than a frequent one.
        """
        return self._found(BY_STEMS, words, limit)

    def search_cues(self, phrases: Sequence[str], limit: int = 400) -> dict[int, float]:
        """Return the best sentences for any of the phrases; `*` ends the beginning of a word."""
        return self._found(BY_WORDS, phrases, limit)

    def _found(self, select: str, phrases: Sequence[str], limit: int) -> dict[int, float]:
        query = " OR ".join(filter(None, (_quoted(phrase) for phrase in phrases)))
        if not query:
            return {}
        with closing(self._index.execute(select, (query, limit))) as rows:
            return {rowid - 1: -score for rowid, score in rows}

    def around(self, passage: Passage, reach: int) -> Iterable[Passage]:
        """Yield the sentences up to `reach` away from a passage, of the same document."""
        low, high = max(0, passage.index - reach), passage.index + reach + 1
        for neighbour in self.passages[low:high]:
            if neighbour.document == passage.document and neighbour.index != passage.index:
                yield neighbour


def _quoted(phrase: str) -> str:
    prefix = "*" if phrase.endswith("*") else ""
    words = QUERY_WORD.findall(fold(phrase))
    return f'"{" ".join(words)}"{prefix}' if words else ""


def _passages(documents: Iterable[Document], check: Callable[[], None]) -> Iterable[Passage]:
    index = 0
    for document in documents:
        check()
        heading = ""
        for sentence in split(document.text):
            if index % BATCH == 0:
                check()
            # The first heading is the title of the document. It stands above every sentence, so
            # it cannot tell to which cell one of them belongs.
            if sentence.kind == "heading" and sentence.number > 1:
                heading = sentence.text
            yield _passage(document, sentence, heading, index)
            index += 1


def _passage(document: Document, sentence: Sentence, heading: str, index: int) -> Passage:
    return Passage(
        document=document.id,
        title=document.title,
        number=sentence.number,
        text=sentence.text,
        kind=sentence.kind,
        heading=plain(heading),
        index=index,
    )
