"""What texts may stand for: numbers, dates and times in the ways in which people write them.

A pattern is what both Python and DuckDB (RE2) match against the whole trimmed text.
"""

import re
from dataclasses import dataclass
from functools import cached_property

SIGN = "-?"
# At most 18 digits: longer ones are names of things, and would lose digits as numbers.
WHOLE = r"(?:0|[1-9][0-9]{0,17})"
PLAIN = rf"(?:{WHOLE}(?:\.[0-9]*)?|\.[0-9]+)"
GROUPED = r"[1-9][0-9]{0,2}(?:,[0-9]{3})+"
CURRENCY = "[$\u20ac\u00a3\u00a5]"
HOUR = r" [0-9]{1,2}:[0-9]{2}"
OFFSET = r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
STAMP = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"


@dataclass(frozen=True)
class Format:
    """`sql` makes the value of `{}`, the trimmed text; it gives NULL for what is none.

    `check` tells the same as the pattern, only faster.
    """

    name: str
    pattern: str
    sql: str
    is_number: bool = False
    note: str = ""
    check: str = ""

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def fits(self, text: str) -> bool:
        return self.compiled.fullmatch(text) is not None

    def test(self, text: str) -> str:
        """Return SQL that is true where the text is of this format."""
        value = self.sql.format(text)
        if self.check:
            return f"({self.check.format(text)})"
        return f"(regexp_full_match({text}, '{self.pattern}') AND {value} IS NOT NULL)"


def _number(name: str, pattern: str, sql: str, note: str = "") -> Format:
    return Format(name, pattern, sql, is_number=True, note=note)


def _moment(pattern: str, *codes: str) -> list[Format]:
    """A date in one way of writing it, and the same with an hour behind it."""
    listed = ", ".join(f"'{code}'" for code in codes)
    hours = ", ".join(f"'{code} {hour}'" for code in codes for hour in ("%H:%M", "%H:%M:%S"))
    return [
        Format(f"date {codes[0]}", pattern, f"CAST(try_strptime({{}}, [{listed}]) AS DATE)"),
        Format(
            f"datetime {codes[0]}",
            rf"{pattern}{HOUR}(?::[0-9]{{2}})?",
            f"try_strptime({{}}, [{hours}])",
        ),
    ]


BOOLEAN = Format("boolean", "(?:[Tt]rue|TRUE|[Ff]alse|FALSE)", "TRY_CAST({} AS BOOLEAN)")
NUMBERS = (
    Format(
        "integer",
        rf"{SIGN}{WHOLE}",
        "TRY_CAST({} AS BIGINT)",
        is_number=True,
        check="TRY_CAST({0} AS BIGINT)::VARCHAR = {0}",
    ),
    # With a plus only where it cannot be the number of a telephone.
    _number(
        "number",
        rf"(?:{SIGN}{PLAIN}(?:[eE][+-]?[0-9]{{1,2}})?|\+[0-9]{{1,6}}(?:\.[0-9]*)?)",
        "TRY_CAST({} AS DOUBLE)",
    ),
)
WITH_COMMAS = (
    _number(
        "grouped integer",
        rf"{SIGN}(?:{GROUPED}|{WHOLE})",
        "TRY_CAST(replace({}, ',', '') AS BIGINT)",
        "Commas between the digits were taken out of its numbers.",
    ),
    _number(
        "grouped number",
        rf"{SIGN}(?:{GROUPED}(?:\.[0-9]*)?|{PLAIN})",
        "TRY_CAST(replace({}, ',', '') AS DOUBLE)",
        "Commas between the digits were taken out of its numbers.",
    ),
)
DECIMAL_COMMA = (
    _number(
        "decimal comma",
        rf"{SIGN}(?:[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+|{WHOLE})(?:,[0-9]+)?",
        "TRY_CAST(replace(replace({}, '.', ''), ',', '.') AS DOUBLE)",
        "Its numbers were read with a comma before the decimals.",
    ),
)
WITH_SIGNS = (
    _number(
        "money",
        rf"-?{CURRENCY} ?(?:{GROUPED}(?:\.[0-9]*)?|{PLAIN})",
        r"TRY_CAST(regexp_replace({}, '[^-0-9.]', '', 'g') AS DOUBLE)",
        "The signs of the currency were taken out of its numbers.",
    ),
    _number(
        "percentage",
        rf"{SIGN}{PLAIN} ?%",
        "TRY_CAST(trim(replace({}, '%', '')) AS DOUBLE)",
        "Its percentages were read as plain numbers: 12% is 12.",
    ),
)
# Digits that are no number, as in 01234: they stay as they are.
CODE = Format("code", "[0-9]+", "{}", is_number=True)
MOMENTS = (
    *_moment(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "%Y-%m-%d"),
    Format("datetime", STAMP, "TRY_CAST({} AS TIMESTAMP)"),
    Format(
        "datetime with zone",
        rf"{STAMP}{OFFSET}",
        "CAST(TRY_CAST({} AS TIMESTAMPTZ) AS TIMESTAMP)",
        note="Its times are given in UTC.",
    ),
    *_moment(r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", "%Y/%m/%d"),
    *_moment(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "%m/%d/%Y"),
    *_moment(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "%d/%m/%Y"),
    *_moment(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}", "%m/%d/%y"),
    *_moment(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}", "%d/%m/%y"),
    *_moment(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}", "%d.%m.%Y"),
    *_moment(r"[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}", "%d-%b-%Y"),
    *_moment(r"[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4}", "%b %d %Y", "%b %d, %Y", "%B %d, %Y"),
    *_moment(r"[0-9]{1,2} [A-Za-z]{3,9} [0-9]{4}", "%d %b %Y", "%d %B %Y"),
    Format("time", r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?", "TRY_CAST({} AS TIME)"),
)


def formats(*, decimal_comma: bool) -> tuple[Format, ...]:
    """Return the formats in the order in which they are preferred."""
    commas = DECIMAL_COMMA if decimal_comma else WITH_COMMAS
    return (BOOLEAN, *NUMBERS, *commas, *WITH_SIGNS, CODE, *MOMENTS)
