"""Dates in questions, as periods: from a first day up to, and without, an end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agents.offline.answering.words import Token

MONTHS = {
    name: place
    for place, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: place
    for place, name in enumerate(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], start=1
    )
}
SEASONS = {
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
    "fall": (9, 10, 11),
    "winter": (12, 1, 2),
}
HOLIDAYS = {
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "new year eve": (12, 31),
    "new year": (1, 1),
    "halloween": (10, 31),
    "independence day": (7, 4),
    "valentine": (2, 14),
}
QUARTER = re.compile(r"q([1-4])$")
# Month names that are also words, or parts of other words.
DOUBTFUL_MONTHS = frozenset({"may", "mar", "march", "jan", "sep", "dec"})
YEARS = range(1500, 2200)


@dataclass(frozen=True, slots=True)
class Period:
    """What a date phrase says: the parts that it names, the rest being open."""

    year: int | None = None
    months: tuple[int, ...] = ()
    day: int | None = None
    weekdays: tuple[int, ...] = ()
    decade: bool = False

    @property
    def is_span(self) -> bool:
        return self.year is not None and not self.weekdays and self._is_together

    @property
    def _is_together(self) -> bool:
        return not self.months or self.months == tuple(range(self.months[0], self.months[-1] + 1))

    def bounds(self) -> tuple[date, date]:
        """Return the first day and the day after the last one; only of a span."""
        assert self.year is not None
        if self.decade:
            return date(self.year, 1, 1), date(self.year + 10, 1, 1)
        if not self.months:
            return date(self.year, 1, 1), date(self.year + 1, 1, 1)
        first = date(self.year, self.months[0], self.day or 1)
        if self.day is not None:
            return first, first + timedelta(days=1)
        last = self.months[-1]
        return first, date(self.year + last // 12, last % 12 + 1, 1)


def period_at(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    """Return the date phrase that starts at a token, and the place after it."""
    for reader in (_holiday, _iso, _month, _day_first, _quarter, _decade, _year, _season, _weekday):
        found = reader(tokens, start)
        if found is not None and _is_possible(found[0]):
            return found
    return None


def _is_possible(period: Period) -> bool:
    if period.day is None:
        return True
    if not period.months or not 1 <= period.day <= 31:
        return False
    try:
        date(period.year or 2024, period.months[0], period.day)
    except ValueError:
        return False
    return True


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].word if 0 <= place < len(tokens) else ""


def year_at(tokens: Sequence[Token], place: int) -> int | None:
    """Return the year that is written at a place, if one is."""
    word = _word(tokens, place)
    if len(word) == 4 and word.isdecimal() and int(word) in YEARS:
        return int(word)
    return None


def _holiday(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    for name, (month, day) in HOLIDAYS.items():
        words = name.split()
        end = start + len(words)
        if [token.word for token in tokens[start:end]] == words:
            end += _word(tokens, end) == "day"
            end += _word(tokens, end) in ("in", "of") and year_at(tokens, end + 1) is not None
            year = year_at(tokens, end)
            return Period(year, (month,), day), end + (year is not None)
    return None


def _iso(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    if not tokens[start].is_date:
        return None
    text = tokens[start].word
    if "/" in text:
        month, day, year = (int(part) for part in text.split("/"))
        if month > 12:
            month, day = day, month
    else:
        numbers = [int(part) for part in text.split("-")]
        year, month, day = numbers[0], numbers[1], (numbers[2] if len(numbers) == 3 else 0)
    if not 1 <= month <= 12 or year not in YEARS:
        return None
    return Period(year, (month,), day or None), start + 1


def _month(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    month = MONTHS.get(_word(tokens, start))
    if month is None or not _is_month(tokens, start):
        return None
    end = start + 1
    day = _day(tokens, end)
    if day is not None:
        end += 1 + (_word(tokens, end + 1) in ("st", "nd", "rd", "th"))
    while _word(tokens, end) in (",", "of", "in") and year_at(tokens, end + 1):
        end += 1
    year = year_at(tokens, end)
    return Period(year, (month,), day), end + (year is not None)


def _is_month(tokens: Sequence[Token], start: int) -> bool:
    """Tell the month from the word: "may" and "march" need a hint."""
    word = tokens[start].word
    if word not in DOUBTFUL_MONTHS or tokens[start].text[0].isupper():
        return True
    before = _word(tokens, start - 1)
    hints = ("in", "of", "during", "since", "until", "and", "to", "from", "between", "for", "per")
    return before in hints or year_at(tokens, start + 1) is not None


def _day(tokens: Sequence[Token], place: int) -> int | None:
    word = re.sub(r"(st|nd|rd|th)$", "", _word(tokens, place))
    return int(word) if word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 31 else None


def _day_first(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    day = _day(tokens, start)
    if day is None:
        return None
    end = start + 1
    while _word(tokens, end) in ("st", "nd", "rd", "th", "of"):
        end += 1
    month = MONTHS.get(_word(tokens, end))
    if month is None:
        return None
    year = year_at(tokens, end + 1)
    return Period(year, (month,), day), end + 1 + (year is not None)


def _quarter(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    word = _word(tokens, start)
    match = QUARTER.match(word)
    ordinals = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
    end = start + 1
    if match is None:
        if word not in ordinals or _word(tokens, end) != "quarter":
            return None
        number, end = ordinals[word], end + 1
    else:
        number = int(match[1])
    if _word(tokens, end) in ("of", "in") and year_at(tokens, end + 1):
        end += 1
    year = year_at(tokens, end)
    months = tuple(range(number * 3 - 2, number * 3 + 1))
    return Period(year, months), end + (year is not None)


def _decade(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    year = year_at(tokens, start)
    if year is not None and year % 10 == 0 and _word(tokens, start + 1) == "s":
        return Period(year, decade=True), start + 2
    return None


def _year(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    year = year_at(tokens, start)
    return (Period(year), start + 1) if year is not None else None


def _season(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    months = SEASONS.get(_word(tokens, start))
    if months is None or (_word(tokens, start) == "fall" and _word(tokens, start - 1) != "in"):
        return None
    end = start + 1 + (_word(tokens, start + 1) == "of")
    year = year_at(tokens, end) if months[0] != 12 else None
    return (Period(year, months), end + 1) if year else (Period(None, months), start + 1)


def _weekday(tokens: Sequence[Token], start: int) -> tuple[Period, int] | None:
    word = _word(tokens, start)
    number = WEEKDAYS.get(word.removesuffix("s"))
    if number is not None:
        return Period(weekdays=(number,)), start + 1
    if word in ("weekend", "weekends"):
        return Period(weekdays=(6, 7)), start + 1
    if word in ("weekdays",) and _word(tokens, start - 1) in ("on", "during"):
        return Period(weekdays=(1, 2, 3, 4, 5)), start + 1
    return None
