"""The blocks of a text: what may be joined to a sentence and what may not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "prose", "item", "row"]
Lines = Sequence[tuple[int, str]]

HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$")
UNDERLINE = re.compile(r"^\s*([=\-~^*#+\"'`:._])\1{2,}\s*$")
ITEM = re.compile(
    r"^\s*(?:[-*+\u2022\u2023\u25e6\u2043\u00b7]|\(?\d{1,3}[.)]|\(?[a-z]\))[ \t]+(?=\S)"
)
QUOTE = re.compile(r"^ {0,3}(?:>[ \t]?)+")
FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
DIVIDER = re.compile(r"^[\s|:+=-]*-[\s|:+=-]*$")
# What agents.reading makes of a line of a CSV file; its values may hold full stops.
DATA_ROW = re.compile(r"^Row \d+: ")
LINE_ENDS = re.compile("\r\n|[\n\r\f\v\u0085\u2028\u2029]")
# A line of its own that is short and does not end like a sentence is a heading of plain text.
HEADING_WORDS = 10
HEADING_CHARACTERS = 80
SENTENCE_INSIDE = re.compile(r"[^\W\d_][.!?] ")
ENDS_SENTENCE = (".", "!", "?", ":", ";", ",", "\u2026", "\u3002")


@dataclass(frozen=True, slots=True)
class Block:
    kind: Kind
    lines: tuple[tuple[int, str], ...]  # number and text of each line, without markers


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of the text in reading order; none of them is empty."""
    lines = _without_code(list(enumerate(LINE_ENDS.split(text.lstrip("\ufeff")), start=1)))
    at = 0
    while at < len(lines):
        number, line = lines[at]
        if _is_row(line):
            end = _end_of_table(lines, at)
            yield from _rows(lines[at:end])
            at = end
        elif not line.strip() or UNDERLINE.match(line):
            at += 1
        else:
            at, block = _next_block(lines, at, number, line)
            if any(part.strip() for _, part in block.lines):
                yield block


def _next_block(lines: Lines, at: int, number: int, line: str) -> tuple[int, Block]:
    heading = HEADING.match(line)
    if heading:
        return at + 1, Block("heading", ((number, heading[1]),))
    if DATA_ROW.match(line):
        return at + 1, Block("row", ((number, line),))
    item = ITEM.match(line)
    if item:
        end = _end(lines, at)
        return end, Block("item", ((number, line[item.end() :]), *lines[at + 1 : end]))
    return _paragraph(lines, at)


def _paragraph(lines: Lines, at: int) -> tuple[int, Block]:
    end = _end(lines, at)
    block = tuple((number, QUOTE.sub("", line)) for number, line in lines[at:end])
    underlined = end < len(lines) and UNDERLINE.match(lines[end][1]) is not None
    if len(block) == 1 and (underlined or _looks_like_heading(block[0][1])):
        return end + underlined, Block("heading", block)
    return end, Block("prose", block)


def _end(lines: Lines, at: int) -> int:
    """Return where the block ends that starts at `at`: at a blank line or another block."""
    end = at + 1
    while end < len(lines) and not _starts_block(lines[end][1]):
        end += 1
    return end


def _starts_block(line: str) -> bool:
    return (
        not line.strip()
        or any(pattern.match(line) for pattern in (HEADING, UNDERLINE, ITEM, DATA_ROW))
        or _is_row(line)
    )


def _looks_like_heading(line: str) -> bool:
    line = line.strip()
    return (
        len(line) <= HEADING_CHARACTERS
        and len(line.split()) <= HEADING_WORDS
        and not line.endswith(ENDS_SENTENCE)
        and (line[0].isupper() or line[0].isdigit())
        and SENTENCE_INSIDE.search(line) is None
    )


def _without_code(lines: Lines) -> Lines:
    """Leave out fenced code; a fence that is never closed is no fence."""
    kept: list[tuple[int, str]] = []
    never_closed: set[str] = set()
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at][1])
        closing = 0
        if fence is not None and fence[1] not in never_closed:
            closing = _closing(lines, at, fence[1])
            if not closing:
                never_closed.add(fence[1])
        kept.append((lines[at][0], "") if closing else lines[at])
        at = max(at, closing) + 1
    return kept


def _closing(lines: Lines, at: int, fence: str) -> int:
    """Return the index of the line that closes the fence opened at `at`, or 0."""
    for index in range(at + 1, len(lines)):
        line = lines[index][1].strip()
        if line.startswith(fence) and not line.strip(fence[0]):
            return index
    return 0


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") and line.count("|") > 1


def _end_of_table(lines: Lines, at: int) -> int:
    while at < len(lines) and _is_row(lines[at][1]):
        at += 1
    return at


def _rows(table: Lines) -> Iterator[Block]:
    """Yield a block for each row of a table; cells below a header are named by it."""
    header: list[str] = []
    for place, (number, line) in enumerate(table):
        if DIVIDER.match(line):
            header = _cells(table[place - 1][1]) if place else []
            continue
        cells = _cells(line)
        text = " | ".join(cell for cell in cells if cell)
        if header and len(header) == len(cells):
            pairs = zip(header, cells, strict=True)
            text = "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)
        if text:
            yield Block("row", ((number, text),))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
