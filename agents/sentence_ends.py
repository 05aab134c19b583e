"""Where sentences end within a line of text that has single spaces."""

import re
from collections.abc import Iterator

END = re.compile(
    r"[.!?\u2026\u061f\u06d4\u0964]+[\"'\u201d\u2019\u00bb)\]*_`]*(?= )|[\u3002\uff01\uff1f]+[\u300d\u300f]?"
)
OPENING = "\"'\u201c\u2018\u00ab([*_`"
INSIDE = ".,;:!?\u2026"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Followed by more of the same sentence, always.
ABBREVIATIONS = _words(
    "e.g i.e cf vs mr mrs ms dr prof st mt approx est dept gen gov rep sen hon rev viz resp incl "
    "excl ca max min eg ie fig figs eq eqs sec ch art vol pp al ed eds jan feb mar apr jun jul "
    "aug sep sept oct nov dec mon tue wed thu fri u.s.c ph op cit ibid tel ext avg"
)
# Followed by more of the same sentence when a number comes next: "No. 7", "p. 12".
BEFORE_NUMBERS = _words("no nos p para ver v rev item nr")
# Often the last word of a sentence: only a word that likes to start one shows that it was.
MAY_END = _words("etc inc ltd co corp jr sr u.s u.k e.u u.n a.m p.m b.c a.d ph.d m.sc bros")
STARTERS = _words(
    "the this that these those it its in on at a an and but or if when while for as by with from "
    "to we you he she they i our their there here however no not so all some most each"
)
INITIAL = re.compile(r"^[A-Z]$|^(?:[A-Z]\.)+[A-Z]$")
LONGEST = 1000


def spans(text: str, *, whole: bool = False) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence; nothing but spaces is left between them.

    With `whole` the text is one sentence. Either way a sentence of more than 1,000 characters
    is cut at a space, because nobody can check a citation of that length.
    """
    start = 0
    for end in _ends(text) if not whole else [len(text)]:
        yield from _shortened(text, start, end)
        start = end
        while start < len(text) and text[start] == " ":
            start += 1


def _ends(text: str) -> Iterator[int]:
    start = 0
    for found in END.finditer(text):
        if found[0][0] in "\u3002\uff01\uff1f" or _is_end(text, start, found):
            yield found.end()
            start = found.end() + 1
    if text[start:].strip():
        yield len(text)


def _is_end(text: str, start: int, found: re.Match[str]) -> bool:
    rest = text[found.end() + 1 : found.end() + 40]
    following = rest.lstrip(OPENING)
    if not following or following[0] in INSIDE or not _has_word(text, start, found.start()):
        return False
    if following[0].islower() and rest[0] == following[0]:
        return False
    if found[0][0] != "." or found[0].startswith(".."):
        return True
    return not _is_abbreviation(text[start : found.start()], following)


def _has_word(text: str, start: int, end: int) -> bool:
    return any(text[place].isalnum() for place in range(start, end))


def _is_abbreviation(before: str, following: str) -> bool:
    """Tell whether the full stop between the two belongs to the word before it."""
    word = before.rpartition(" ")[2].lstrip(OPENING)
    if word == before.lstrip(OPENING) and word.isdigit() and len(word) <= 3:
        return True  # the number of a list item
    lower = word.lower()
    if lower in MAY_END:
        return _first_word(following) not in STARTERS
    if lower in BEFORE_NUMBERS:
        return following[0].isdigit()
    return lower in ABBREVIATIONS or INITIAL.match(word) is not None


def _first_word(text: str) -> str:
    return re.split(r"[\s,;:]", text, maxsplit=1)[0].lower()


def _shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        space = text.rfind(" ", start, start + LONGEST)
        cut = space if space > start else start + LONGEST
        yield start, cut
        start = cut + 1 if space > start else cut
    if end > start:
        yield start, end
