"""Whether the numbers of a text come from somewhere: from an executed result, or cited evidence.

    known = evidence(tables=[query.result], texts=[query.sql])
    text, unverified = marked("The mean is 12.7 minutes.", known)     # "... 12.7 [unverified] ..."

A number is known if it occurs in the evidence, rounded as the text writes it: 12.7 for 12.6839,
336,800 for 336,776, 1.2 million for 1,187,400, and 12.5% for 12.5 or for a share of 0.125.
A year and the parts of a date have to occur as they are. Ordinals, the numbers of lists and
headings, and citations claim nothing and are not looked at. Numbers written as words are not
found. What a text works out from two known numbers is not known: a result has to say it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agents.chats import Query, ResultTable
from agents.data_model import Scalar
from agents.stated_numbers import Stated, numbers

MARK = "[unverified]"
# Zeros at the end of a large number may stand for rounding, those of a small one do not; and what
# is rounded to fewer digits than two says too little to be taken for the same number.
LARGE, LEAST_DIGITS = 1000, 2
YEARS = range(1500, 2200)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Numbers that are known, without their signs: a fall of 5 may be known as -5."""

    values: tuple[float, ...] = field(default=())

    def has(self, low: float, high: float) -> bool:
        """Tell whether any known number lies between two, both included."""
        place = bisect_left(self.values, low)
        return place < len(self.values) and self.values[place] <= high

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(tuple(sorted({*self.values, *other.values})))


def evidence(
    *,
    tables: Iterable[ResultTable] = (),
    texts: Iterable[str] = (),
    values: Iterable[Scalar] = (),
) -> Evidence:
    """Return the numbers of results, of texts and of single values."""
    known: set[float] = set()
    for table in tables:
        known |= {float(table.row_count), float(len(table.columns)), float(len(table.rows))}
        known |= {number for row in table.rows for value in row for number in _of(value)}
    known |= {number for value in values for number in _of(value)}
    known |= {number for text in texts for number in _in_text(text)}
    return Evidence(tuple(sorted(known)))


def of_queries(queries: Iterable[Query]) -> Evidence:
    """Return the numbers of executed queries: of their results, their SQL and its values."""
    asked = list(queries)
    return evidence(
        tables=[query.result for query in asked],
        texts=[query.sql for query in asked],
        values=[value for query in asked for value in query.values],
    )


def unverified(text: str, known: Evidence) -> tuple[str, ...]:
    """Return the numbers of a text that are not known, as they are written, each once."""
    return tuple(dict.fromkeys(one.text for one in _unknown(text, known)))


def marked(text: str, known: Evidence) -> tuple[str, tuple[str, ...]]:
    """Return the text with a mark behind each number that is not known, and those numbers."""
    found = list(_unknown(text, known))
    for one in reversed(found):
        text = f"{text[: one.end]} {MARK}{text[one.end :]}"
    return text, tuple(dict.fromkeys(one.text for one in found))


def note(numbers_: Iterable[str]) -> str:
    """Return what follows a text that was told before its numbers could be looked at."""
    listed = ", ".join(f"{number} {MARK}" for number in numbers_)
    if not listed:
        return ""
    return (
        f"\n\n**Not verified:** {listed}. "
        "This does not occur in what was executed or cited, so do not rely on it."
    )


def _unknown(text: str, known: Evidence) -> Iterator[Stated]:
    for one in numbers(text):
        if one.is_claim and not _is_marked(text, one.end) and not _is_known(one, known):
            yield one


def _is_marked(text: str, end: int) -> bool:
    """Tell whether a mark stands there, also one that was escaped for Markdown."""
    return text[end : end + len(MARK) + 3].replace("\\", "").startswith(f" {MARK}")


def _is_known(one: Stated, known: Evidence) -> bool:
    if known.has(one.value, one.value):
        return True
    if one.parts:
        return all(known.has(part, part) for part in one.parts)
    if one.is_bare and one.value in YEARS:
        return False
    return any(_occurs(one, known, factor) for factor in _factors(one))


def _factors(one: Stated) -> tuple[float, ...]:
    """Return what a known number may be multiplied by: a percentage may be known as a share."""
    if one.is_percent:
        return (1.0, 100.0)
    return (1.0, 0.01) if 0 < one.value < 1 else (1.0,)


def _occurs(one: Stated, known: Evidence, factor: float) -> bool:
    """Tell whether a known number, times the factor, is the stated one as far as it is rounded."""
    half = _half(one) + 1e-9 * max(abs(one.value), 1.0)
    return known.has((one.value - half) / factor, (one.value + half) / factor)


def _half(one: Stated) -> float:
    """Return half of the last digit that the text gives: how far rounding may have moved it."""
    if one.decimals:
        return float(0.5 * one.scale * 10.0**-one.decimals)
    zeros = len(one.digits) - max(len(one.digits.rstrip("0")), LEAST_DIGITS)
    rounded = 10.0 ** max(zeros, 0) if one.value >= LARGE else 1.0
    return float(0.5 * one.scale * rounded)


def _of(value: Scalar) -> Iterable[float]:
    if value is None or isinstance(value, bool):
        return ()
    if isinstance(value, int | float):
        return (abs(float(value)),)
    return _in_text(value)


def _in_text(text: str) -> Iterator[float]:
    for one in numbers(text):
        # What was not known before does not become known by being repeated.
        if not _is_marked(text, one.end):
            yield from one.readings
