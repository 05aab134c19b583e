"""Figures in a sentence, as data points: value, unit, both ends of a range, and a label.

Dates are numbers that say how they are written: 20240312 in the unit `yyyymmdd`, 202403 in
`yyyymm`, 20243 (third quarter) in `yyyyq`, 20241 (first half) in `yyyyh`, 2024 in `year`.
"""

import re
from collections.abc import Callable, Iterator

from agents.offline import figure_patterns as patterns
from agents.offline.figure_labels import label_of, row_figures
from agents.offline.figure_values import Figure, bounds, magnitude, number
from agents.plans import Citation, DataPoint

# A sentence with more figures than this is a table that lost its lines.
MOST_IN_SENTENCE = 12

Found = Iterator[tuple[re.Match[str], Figure]]


def in_sentence(text: str) -> tuple[Figure, ...]:
    """Return the figures of a sentence in the order in which they are written."""
    taken: list[tuple[int, int]] = []
    figures: list[tuple[int, Figure]] = []
    for finder in FINDERS:
        for match, figure in finder(text):
            start, end = match.span()
            if not any(start < other_end and other < end for other, other_end in taken):
                taken.append((start, end))
                figures.append((start, figure))
    ordered = [figure for _, figure in sorted(figures, key=lambda pair: pair[0])]
    return tuple(ordered) if len(ordered) <= MOST_IN_SENTENCE else ()


def data_points(text: str, citation: Citation, *, is_row: bool = False) -> tuple[DataPoint, ...]:
    """Return the figures of a cited sentence as data points; equal ones are given once."""
    found = row_figures(text) if is_row else None
    if found is None:
        found = [(figure, label_of(text, figure)) for figure in in_sentence(text)]
    points = {
        figure.text: DataPoint(
            kind=figure.kind,
            label=label,
            text=figure.text,
            value=figure.value,
            high=figure.high,
            unit=figure.unit,
            citation=citation,
        )
        for figure, label in reversed(found)
        if label
    }
    return tuple(reversed(points.values()))


def _money(pattern: re.Pattern[str]) -> Callable[[str], Found]:
    def find(text: str) -> Found:
        for match in pattern.finditer(text):
            written = match["unit"]
            unit = patterns.CURRENCIES.get(written.lower(), written.upper())
            low, high = bounds(match)
            yield match, Figure("money", match[0], low, high, unit, match.start())

    return find


def _percent(text: str) -> Found:
    for match in patterns.PERCENT.finditer(text):
        low, high = bounds(match)
        unit = "percentage points" if "point" in match["unit"] or match["unit"] == "pp" else "%"
        negative = match["sign"] in ("-", "\u2212") and high is None
        value = -low if negative else low
        yield match, Figure("percent", match[0], value, high, unit, match.start())


def _dates(text: str) -> Found:
    for pattern in patterns.DATES:
        for match in pattern.finditer(text):
            value, high, unit = _date(match.groupdict())
            start = match.start("year") if unit == "year" else match.start()
            yield match, Figure("date", text[start : match.end()], value, high, unit, start)


def _date(parts: dict[str, str | None]) -> tuple[float, float | None, str]:
    year = int(parts["year"] or 0)
    written, part = parts.get("month"), parts.get("part")
    month = int(parts.get("monthno") or 0) or patterns.MONTHS.get((written or "").lower(), 0)
    if part:
        return year * 10 + int(parts["partno"] or 0), None, f"yyyy{part.lower()}"
    if month and parts.get("day"):
        return year * 10_000 + month * 100 + int(parts["day"] or 0), None, "yyyymmdd"
    if month:
        return year * 100 + month, None, "yyyymm"
    until = parts.get("until")
    return year, float(until) if until else None, "year"


def _durations(text: str) -> Found:
    for match in patterns.DURATION.finditer(text):
        low = number(match["low"])
        high = number(match["high"]) if match["high"] else None
        unit = patterns.DURATIONS[match["unit"]]
        if not patterns.NAMES_NUMBERS.search(text, 0, match.start()):
            yield match, Figure("duration", match[0], low, high, unit, match.start())


def _quantities(text: str) -> Found:
    for match in patterns.QUANTITY.finditer(text):
        low, high = bounds(match)
        if not patterns.NAMES_NUMBERS.search(text, 0, match.start()):
            yield match, Figure("quantity", match[0], low, high, match["unit"], match.start())


def _counts(text: str) -> Found:
    for match in patterns.COUNT.finditer(text):
        if patterns.NAMES_NUMBERS.search(text, 0, match.start()) or _counts_nothing(text, match):
            continue
        low, high = bounds(match)
        unit = match["unit"].strip()
        yield match, Figure("count", match[0], low, high, unit, match.start())


def _counts_nothing(text: str, match: re.Match[str]) -> bool:
    """Tell a year or a version number, or words that are no things, from a count."""
    if match["unit"].split()[-1] in patterns.NOT_COUNTED:
        return True
    if magnitude(match["low_by"]) is not None:
        return False
    if re.fullmatch(r"(?:19|20)\d\d", match["low"]):
        return patterns.BEFORE_YEAR.search(text, 0, match.start()) is not None
    return re.fullmatch(r"\d+\.\d+", match["low"]) is not None


FINDERS: tuple[Callable[[str], Found], ...] = (
    _dates,
    _money(patterns.MONEY_BEFORE),
    _money(patterns.MONEY_AFTER),
    _percent,
    _durations,
    _quantities,
    _counts,
)
