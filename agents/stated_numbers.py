"""Numbers as texts state them: with separators, scales, percent signs, in dates and times.

A text can be read in two ways ("1.234" is one and a bit, or more than a thousand); `readings`
has all that it may mean, `value` the one that an English text most likely does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Numbers that stand for a date or a time lie far from those that count something.
DATES, TIMES = 1e12, 2e12
MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
MONTHS = {name[:3]: place for place, name in enumerate(MONTH_NAMES, start=1)}
SCALES = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mn", "mio", "million"), 1e6),
    **dict.fromkeys(("b", "bn", "billion"), 1e9),
    **dict.fromkeys(("t", "tn", "trillion"), 1e12),
}
GAP = "\u00a0\u2009\u202f"  # spaces that keep the digits of a number together
_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTH_NAMES)}|sept)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
DATE_PATTERNS = (
    re.compile(rf"(?<![\w-]){_YEAR}-(?P<monthno>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(rf"(?<![\w-]){_YEAR}-(?P<monthno>0[1-9]|1[0-2])(?![\w-])"),
    re.compile(rf"\b{_DAY}\s+{_MONTH}\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH},?\s+{_YEAR}\b", re.IGNORECASE),
)
TIME = re.compile(r"(?<![\w:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\w:])")
NUMBER = re.compile(
    rf"""
    (?<![\w\#])(?<!\d[.,])
    (?P<currency>[$€£¥]\s?)?
    (?P<digits>
        \d{{1,3}}(?:,\d{{3}})+(?:\.\d+)? | \d{{1,3}}(?:[{GAP} ']\d{{3}})+(?:[.,]\d+)?
      | \d{{1,3}}(?:\.\d{{3}})+,\d+ | \d+[.,]\d+ | \d+
    )
    (?P<ordinal>(?:st|nd|rd|th)\b)?
    (?:[{GAP} -]?(?P<word>thousand|million|billion|trillion)\b | (?P<letter>bn|mn|tn|[kKmMbBtT])\b)?
    (?P<percent>\s?%|[{GAP} -]per\s?cent(?:age)?\b|\s?pp\b)?
    """,
    re.VERBOSE,
)
# What numbers things and claims nothing: markers of lists and headings, citations, links.
SILENT = (
    re.compile(r"\[[^\[\]\s]+\#\d+\]"),
    re.compile(r"(?:https?://|www\.)\S+|(?<=\]\()[^)\s]+"),
    re.compile(r"^\s*(?:>\s*)*(?:#{1,6}\s+)?\d{1,3}[.)](?=\s)", re.MULTILINE),
    re.compile(
        r"\b(?:step|phase|iteration|checkpoint|option|part|section|chapter|figure|table|question"
        r"|item|version|page|line|no\.|number)\s+\d{1,3}\b(?!\s?%|[.,]\d)",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A number in a text, up to its `end`; `parts` are those of a date or a time."""

    text: str
    end: int
    value: float
    readings: tuple[float, ...]
    digits: str = ""  # before the decimal point
    decimals: int = 0
    scale: float = 1.0
    is_percent: bool = False
    is_claim: bool = True
    is_bare: bool = False  # nothing but digits
    parts: tuple[float, ...] = ()


def numbers(text: str) -> Iterator[Stated]:
    """Yield the numbers of a text in the order in which they are written."""
    silent = [found.span() for pattern in SILENT for found in pattern.finditer(text)]
    taken = [*_dates(text, silent), *_times(text, silent)]
    spans = [(one.end - len(one.text), one.end) for one in taken]
    for found in NUMBER.finditer(text):
        start, end = found.span("digits")
        if not any(first < end and start < last for first, last in spans):
            taken.append(_number(found, is_claim=not _is_in(found.start(), silent)))
    yield from sorted(taken, key=lambda one: one.end)


def _dates(text: str, silent: list[tuple[int, int]]) -> Iterator[Stated]:
    done: list[tuple[int, int]] = []
    for pattern in DATE_PATTERNS:
        for found in pattern.finditer(text):
            if not _is_in(found.start(), done):
                done.append(found.span())
                yield _date(found, is_claim=not _is_in(found.start(), silent))


def _date(found: re.Match[str], *, is_claim: bool) -> Stated:
    given = found.groupdict()
    year = int(given["year"])
    month = int(given.get("monthno") or MONTHS[(given.get("month") or "")[:3].lower()])
    day = int(given.get("day") or 0)
    whole = DATES + (year * 10_000 + month * 100 + day if day else year * 100 + month)
    parts = (float(year), float(month), *([float(day)] if day else []))
    return Stated(
        text=found[0],
        end=found.end(),
        value=whole,
        readings=(whole, DATES + year * 100 + month, *parts),
        is_claim=is_claim,
        parts=parts,
    )


def _times(text: str, silent: list[tuple[int, int]]) -> Iterator[Stated]:
    for found in TIME.finditer(text):
        whole = int(found["hour"]) * 100 + int(found["minute"])
        yield Stated(
            text=found[0],
            end=found.end(),
            value=TIMES + whole,
            readings=(TIMES + whole, float(whole)),
            is_claim=not _is_in(found.start(), silent),
            parts=(float(whole),),  # clocks are often kept as numbers: 1430
        )


def _number(found: re.Match[str], *, is_claim: bool) -> Stated:
    written = found["digits"]
    whole, _, decimals = _plain(written).partition(".")
    number = float(f"{whole}.{decimals or 0}")
    scale = _scale(found)
    readings = {number, number * scale, number * SCALES.get((found["letter"] or "").lower(), 1.0)}
    readings |= {float(other) for other in _otherwise(written)}
    text = found[0].strip()
    return Stated(
        text=text,
        end=found.start() + len(found[0].rstrip()),
        value=number * scale,
        readings=tuple(sorted(readings)),
        digits=whole,
        decimals=len(decimals),
        scale=scale,
        is_percent=found["percent"] is not None,
        is_claim=is_claim and found["ordinal"] is None,
        is_bare=text.isdigit() and len(text) == 4,
    )


def _scale(found: re.Match[str]) -> float:
    if found["word"]:
        return SCALES[found["word"]]
    letter = found["letter"] or ""
    # Five "m" are metres, unless they are money; five "t" are tons.
    if letter in ("m", "t", "b") and not found["currency"]:
        return 1.0
    return SCALES.get(letter.lower(), 1.0)


def _plain(written: str) -> str:
    """Return the digits with a point before the decimals, as an English text means them."""
    if re.fullmatch(r"\d+,\d+", written) and len(written.partition(",")[2]) != 3:
        return written.replace(",", ".")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", written):
        return written.replace(".", "").replace(",", ".")
    return re.sub(rf"[,{GAP} ']", "", written)


def _otherwise(written: str) -> Iterator[str]:
    """Yield what the digits mean where the comma stands before the decimals."""
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", written):
        yield written.replace(",", ".")
        yield re.sub("[.,]", "", written)


def _is_in(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
