"""Patterns of figures: money, percentages, dates, durations, quantities and counts.

Each pattern has its own meaning, so that "EUR 3.4m" is 3.4 million euro, never 3.4 metres.
Ranges are part of the patterns: both ends share the unit that is written once.
"""

import re

NUMBER = (
    r"(?:\d{1,3}(?:[,'\u2019\u00a0\u202f]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+"
    r"|\d+(?:\.\d+|,\d{1,2}(?![\d,]))?)"
)
# Not inside a word, a version ("1.2.3"), an identifier ("CVE-2024-1", "#12") or a path.
BEFORE = r"(?<![\w.,/#$:@=_\\])(?<![\w][-\u2010\u2011])(?<!\d\s)"
AFTER = r"(?![\w]|[.,:/]\d|[-\u2010\u2011]\d)"
TO = r"\s?(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|to|and|or)\s?"
DASH = r"\s?(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|to)\s?"

MAGNITUDES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "bn": 1e9,
    "b": 1e9,
    "billion": 1e9,
    "billions": 1e9,
    "trillion": 1e12,
}
MAGNITUDE = r"(?:\s?(?:thousand|millions?|billions?|trillion|mio|mn|bn|[kKmMbB])\b)"
LONG_MAGNITUDE = r"(?:\s?(?:thousand|millions?|billions?|trillion|mio|mn|bn)\b|[kKmM]\b)"

CURRENCIES = {
    "\u20ac": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "$": "USD",
    "us$": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "\u00a3": "GBP",
    "pound sterling": "GBP",
    "pounds": "GBP",
    "\u00a5": "JPY",
    "yen": "JPY",
    "\u20b9": "INR",
    "rupees": "INR",
    "francs": "CHF",
}
CODES = "EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|NZD|BRL|ZAR|SGD|HKD|KRW|MXN"
SIGN = r"(?:US\$|[$\u20ac\u00a3\u00a5\u20b9])"
MONEY_BEFORE = re.compile(
    rf"(?<![\w$\\])(?P<unit>{SIGN}|\b(?:{CODES})\b)\s?(?P<low>{NUMBER})(?P<low_by>{MAGNITUDE})?"
    rf"(?:{TO}(?:(?P=unit)\s?)?(?P<high>{NUMBER})(?P<high_by>{MAGNITUDE})?(?![\w%]|[.,:/]\d))?"
    rf"(?![\w]|[.,:/]\d)"
)
MONEY_AFTER = re.compile(
    rf"{BEFORE}(?P<low>{NUMBER})(?P<low_by>{MAGNITUDE})?"
    rf"(?:{TO}(?P<high>{NUMBER})(?P<high_by>{MAGNITUDE})?)?"
    rf"\s?(?P<unit>[\u20ac\u00a3]|\b(?:{CODES}|euros?|dollars?|pounds sterling|yen|rupees|francs))"
    rf"(?!\w)",
)
PERCENT = re.compile(
    rf"(?<![\w.,/#$])(?P<sign>[-+\u2212])?(?P<low>{NUMBER})(?:\s?%?{TO}(?P<high>{NUMBER}))?"
    r"\s?(?P<unit>%|percentage points?\b|per\s?cent\b|pct\b|pp\b)(?!\w)",
    re.IGNORECASE,
)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
MONTH = rf"(?P<month>{'|'.join(name.capitalize() for name in MONTHS)})\.?"
YEAR = r"(?P<year>(?:19|20)\d\d)"
END_OF_DATE = r"(?![\w]|[-/.]\d)"
DATES = (
    re.compile(rf"(?<![\w/.-]){YEAR}-(?P<monthno>0[1-9]|1[0-2])-(?P<day>[0-3]\d){END_OF_DATE}"),
    re.compile(rf"(?<![\w.])(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s{MONTH},?\s{YEAR}{END_OF_DATE}"),
    re.compile(rf"\b{MONTH}\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s{YEAR}{END_OF_DATE}"),
    re.compile(rf"\b{MONTH},?\s{YEAR}{END_OF_DATE}"),
    re.compile(rf"\b(?P<part>[QH])(?P<partno>[1-4])[ /-]?{YEAR}{END_OF_DATE}"),
    re.compile(rf"(?<![\w.-]){YEAR}[ /-](?P<part>[QH])(?P<partno>[1-4])\b"),
    re.compile(rf"\bFY\s?{YEAR}{END_OF_DATE}"),
    re.compile(rf"(?<![\w.,/#$:-]){YEAR}(?:\u2013|-|\sto\s)(?P<until>(?:19|20)\d\d){END_OF_DATE}"),
    # A lone year counts only after a word that is followed by a time.
    re.compile(
        r"(?i:\b(?:in|since|by|until|till|from|during|year|before|after|early|mid|late|around"
        r"|through|end of|beginning of|start of|summer|winter|spring|autumn|fall))"
        rf"(?:\s|-){YEAR}(?![\w%]|[-/.,:]\d|\s(?:[a-z]+s)\b)"
    ),
)

DURATIONS = {
    "millisecond": "milliseconds",
    "ms": "milliseconds",
    "microsecond": "microseconds",
    "second": "seconds",
    "sec": "seconds",
    "minute": "minutes",
    "min": "minutes",
    "hour": "hours",
    "hr": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "decade": "decades",
}
_WORDS = "one two three four five six seven eight nine ten eleven twelve"
WORD_NUMBERS = {word: number for number, word in enumerate(_WORDS.split(), start=1)}
DURATION_NUMBER = rf"(?:{NUMBER}|\b(?i:{'|'.join(WORD_NUMBERS)})\b)"
DURATION = re.compile(
    rf"{BEFORE}(?P<low>{DURATION_NUMBER})(?:{TO}(?P<high>{DURATION_NUMBER}))?"
    rf"(?:\s|-)?(?:(?:working|business|calendar|full|more|additional)\s)?"
    rf"(?P<unit>{'|'.join(sorted(DURATIONS, key=len, reverse=True))})s?\b"
    r"(?!-?old\b|\sago\b)"
)

_UNIT_NAMES = (
    "km km/h kg g mg tonnes tons litres liters hectares acres metres meters kilometres "
    "kilometers miles feet inches cm mm nm sqm m\u00b2 km\u00b2 m\u00b3 kW MW GW TW kWh MWh GWh "
    "TWh W V mA GHz MHz kHz Hz bits bit bytes byte KB kB MB GB TB PB KiB MiB GiB TiB Kbit/s "
    "Mbit/s Gbit/s kbps Mbps Gbps fps rpm \u00b0C \u00b0F dB FTE FTEs "
)
UNITS = sorted(_UNIT_NAMES.split(), key=len, reverse=True)
QUANTITY = re.compile(
    rf"{BEFORE}(?P<low>{NUMBER})(?P<low_by>{LONG_MAGNITUDE})?"
    rf"(?:{TO}(?P<high>{NUMBER})(?P<high_by>{LONG_MAGNITUDE})?)?(?:\s|-)?"
    rf"(?P<unit>{'|'.join(re.escape(unit) for unit in UNITS)})"
    r"(?![\w/])"
)
# A lower-case plural after the number says what is counted; up to two words may describe it.
COUNT = re.compile(
    rf"{BEFORE}(?P<low>{NUMBER})(?P<low_by>{LONG_MAGNITUDE})?"
    rf"(?:{DASH}(?P<high>{NUMBER})(?P<high_by>{LONG_MAGNITUDE})?)?\+?"
    r"(?P<unit>(?:\s(?!(?:and|or|of|the|in|to|is|are|as|by|for|with|was)\b)[a-z][\w-]*){0,2}"
    r"\s(?:[a-z][a-z-]{2,}[^s\W]s|people|staff|children|households|men|women|entries|"
    r"companies|businesses|processes|classes|addresses|branches|losses))\b"
)
BEFORE_YEAR = re.compile(r"(?i:\b(?:in|since|by|until|till|from|during|of|year|before|after))\s$")
NOT_COUNTED = frozenset({"series", "times", "years", "months", "weeks", "days", "hours", "minutes"})
# "section 3 rules", "Python 3 users": the number names something, it counts nothing.
NAMES_NUMBERS = re.compile(
    r"(?i:\b(?:section|chapter|figure|table|page|step|version|release|item|note|rfc|pep|bug|issue|"
    r"ticket|line|row|column|level|type|class|option|python|django|node|linux|windows|debian|v|no"
    r"|nr|iso|appendix|part|rule|article|port|error|code|exit|status|api)\.?\s?|[#$])$"
)
