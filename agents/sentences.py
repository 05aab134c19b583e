"""Text as numbered sentences, which citations point at.

The same text always gives the same numbers. Markdown is understood as far as sentences need it:
headings, list items, table rows, quotes, and fenced code, which is left out because nobody can
agree or disagree with it. Lines that were wrapped are joined with single spaces.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from agents.sentence_blocks import Block, Kind, blocks
from agents.sentence_ends import spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence; `line` is the line of the text where it starts, counted from 1."""

    number: int
    text: str
    line: int
    kind: Kind


def split(text: str) -> tuple[Sentence, ...]:
    """Return all sentences of the text, numbered from 1 in reading order."""
    found = ((*piece, block.kind) for block in blocks(text) for piece in _pieces(block))
    return tuple(
        Sentence(number=number, text=piece, line=line, kind=kind)
        for number, (piece, line, kind) in enumerate(found, start=1)
    )


def _pieces(block: Block) -> Iterator[tuple[str, int]]:
    """Yield the block's sentences, each with the line it starts on."""
    words = [(word, line) for line, text in block.lines for word in text.split()]
    joined = " ".join(word for word, _ in words)
    starts = [0]
    for word, _ in words:
        starts.append(starts[-1] + len(word) + 1)
    for start, end in spans(joined, whole=block.kind in ("heading", "row")):
        yield joined[start:end], words[bisect_right(starts, start) - 1][1]
