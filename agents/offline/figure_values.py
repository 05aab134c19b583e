"""The value of a written number."""

import re
from dataclasses import dataclass
from typing import Literal

from agents.offline.figure_patterns import MAGNITUDES, WORD_NUMBERS

Kind = Literal["money", "percent", "date", "duration", "quantity", "count"]
THOUSANDS = re.compile(r"[,'\u2019\u00a0\u202f](?=\d{3}(?:\D|$))")
GERMAN = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+")


@dataclass(frozen=True)
class Figure:
    """A number as found: `high` is set where the text gives a range."""

    kind: Kind
    text: str
    value: float
    high: float | None
    unit: str
    start: int  # where it stands in the sentence


def number(written: str) -> float:
    """Return the value of "1,200.5", "1.200,5", "3,4" or "twelve"."""
    if written.lower() in WORD_NUMBERS:
        return float(WORD_NUMBERS[written.lower()])
    if GERMAN.fullmatch(written):
        return float(written.replace(".", "").replace(",", "."))
    return float(THOUSANDS.sub("", written).replace(",", "."))


def magnitude(written: str | None) -> float | None:
    return MAGNITUDES.get((written or "").strip().lower())


def bounds(match: re.Match[str]) -> tuple[float, float | None]:
    """Return both ends of a match; a magnitude that is written once is meant for both."""
    parts = match.groupdict()
    low_by, high_by = magnitude(parts.get("low_by")), magnitude(parts.get("high_by"))
    low = number(match["low"])
    if not match["high"]:
        return _times(low, low_by), None
    high = number(match["high"])
    return _times(low, low_by or high_by), _times(high, high_by)


def _times(value: float, by: float | None) -> float:
    # Rounded, because 3.4 * 1e6 is 3399999.9999999995.
    return round(value * by, 4) if by else value
