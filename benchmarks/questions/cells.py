"""When two values of a table say the same: rounding, dates and shares.

Whole numbers must be equal. Other numbers may be rounded, as people round: to three significant
digits, or to two with two decimals.
"""

import re
from math import floor, isclose, log10

from agents.data_model import Scalar

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
PERCENT = re.compile(r"percent|pct|%", re.IGNORECASE)
SHARE = re.compile(r"share|fraction|proportion|ratio|rate|portion", re.IGNORECASE)
TOLD_PERCENT = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:%|percent)", re.IGNORECASE)
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?(?:\.0+)?(?:Z|[+]00(?::00)?)?)?")


def is_same(gold: Scalar, told: Scalar, column: str = "") -> bool:
    """Say whether `told` is `gold`, the value of the gold column `column`."""
    if gold is None or told is None or isinstance(gold, bool):
        return gold is told or gold == told
    if isinstance(gold, int | float):
        return _is_same_number(gold, told) or _is_same_period(gold, told, column)
    return _is_same_text(gold, told, column)


def number(value: Scalar) -> float | None:
    """Return a number, also one that is written as text; None for anything else."""
    if value is None or isinstance(value, bool):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _is_same_number(gold: float, told: Scalar) -> bool:
    found = number(told)
    if found is None:
        return False
    if isinstance(gold, int) or gold == 0:
        return isclose(found, gold, rel_tol=1e-12, abs_tol=1e-9)
    return isclose(found, gold, rel_tol=1e-9) or _is_rounded(gold, found)


def _is_rounded(gold: float, told: float) -> bool:
    for decimals in range(7):
        half = 0.5 * 10**-decimals * (1 + 1e-6)
        is_written_so = isclose(round(told, decimals), told, rel_tol=1e-12)
        if is_written_so and told != 0 and abs(told - gold) <= half:
            digits = floor(log10(abs(told))) + 1 + decimals
            return digits >= 3 or (decimals >= 2 and digits >= 2)
    return False


def _is_same_period(gold: float, told: Scalar, column: str) -> bool:
    """A year or a month may be told as the date it begins on, a month also by its name."""
    if not isinstance(told, str) or column not in ("year", "y", "month"):
        return False
    if column == "month" and len(told) >= 3 and gold in range(1, 13):
        name = MONTHS[int(gold) - 1]
        return name.startswith(told.strip().casefold()) or _begins_month(told, gold)
    found = DATE.fullmatch(told.strip())
    return found is not None and found.groups() == (str(gold), "01", "01")


def _begins_month(told: str, month: float) -> bool:
    found = DATE.fullmatch(told.strip())
    return found is not None and (int(found[2]), found[3]) == (month, "01")


def _is_same_text(gold: str, told: Scalar, column: str) -> bool:
    text = str(told).strip()
    day = DATE.fullmatch(gold)
    if not day:
        return text.casefold() == gold.strip().casefold()
    if column == "month" and text == gold[:7]:
        return True
    found = DATE.fullmatch(text)
    return found is not None and found.groups() == day.groups()


def forms(gold: Scalar, label: str, text: str) -> tuple[float, ...]:
    """Return how a percentage may stand in a column called `label`: as such, or as a share of 1.

    A label that says percent decides. Otherwise it may be a share of 1 where the label or the
    text (of the whole answer) calls it one, and a percentage where the text tells it with a
    percent sign. A bare number without any of this could be either, and is neither.
    """
    value = number(gold)
    if value is None:
        return ()
    if PERCENT.search(label):
        return (value,)
    told = any(_is_same_number(value, found) for found in TOLD_PERCENT.findall(text))
    is_share = SHARE.search(label) or (SHARE.search(text) and not told)
    return (*((value / 100,) if is_share else ()), *((value,) if told else ()))
