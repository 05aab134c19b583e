"""What a figure measures, in the words of its own sentence."""

import re

from agents.offline.figure_patterns import CODES, CURRENCIES, MONTHS, UNITS
from agents.offline.figure_values import Figure, number
from agents.offline.terms import STOP_WORDS

MOST_WORDS = 9
CLAUSE_END = re.compile(
    r"[;:()\u2014]|,\s|\s-\s|\s\u2013\s|\.\s|\s(?:but|while|whereas|which|that)\s"
)
# Words that lead to a figure or away from it and say nothing of what it measures.
_EDGES = (
    "is are was were be been to of by at from in on for with than a an the and or about around "
    "approximately roughly nearly almost least most over under up down some only another its their "
    "reached reaches totals totalled totaled equals"
)
EDGE = STOP_WORDS | frozenset(_EDGES.split())
NO_WORDS = frozenset((*UNITS, *CODES.split("|")))
TOKEN = re.compile(r"\S+")
NUMERIC = re.compile(r"[-+]?\d[\d,.' \u00a0]*")
CELL = re.compile(r"([^;=:]+?)\s?(?:=|:)\s(.+)")
IDENTIFIER = re.compile(r"\b(?:id|key|index|zip|postcode|phone|code|no|number|nr)\b", re.IGNORECASE)
YEAR_NAME = re.compile(r"\b(?:year|date)\b", re.IGNORECASE)


def label_of(text: str, figure: Figure) -> str:
    """Return the words around the figure that say what it measures."""
    before, after = text[: figure.start], text[figure.start + len(figure.text) :]
    left = _trimmed(CLAUSE_END.split(before)[-1])[-MOST_WORDS:]
    right = _trimmed(CLAUSE_END.split(after)[0])[:MOST_WORDS]
    if figure.kind == "count":
        # What is counted stands in the figure itself; the rest only says where.
        left, right = [], [*figure.unit.split(), *right[: MOST_WORDS - 3]]
    if len(left) < 2:
        left = [*left, *right][:MOST_WORDS]
    if len(left) < 2:
        left = _trimmed(before)[-MOST_WORDS:]
    return _join(left) if any(_is_word(word) for word in left) else _topic(text)


def _topic(text: str) -> str:
    """Return the first words of the sentence that are no figures: what it is about."""
    words = [word.strip("\"'*_`[]()<>|") for word in text.split()]
    words = [word for word in words if _is_word(word)]
    return _join(_trimmed(" ".join(words[: MOST_WORDS - 2])) or words[:MOST_WORDS])


def _is_word(word: str) -> bool:
    letters = len(word) > 2 and word.lower() not in MONTHS
    return letters and not any(char.isdigit() for char in word) and word not in NO_WORDS


def row_figures(text: str) -> list[tuple[Figure, str]] | None:
    """Return the figures of a table row, named by their columns; None if it has no columns."""
    head, _, body = text.partition(": ") if text.startswith("Row ") else ("", "", text)
    cells = [CELL.fullmatch(cell.strip()) for cell in body.removesuffix(".").split("; ")]
    named = [(cell[1].strip(), cell[2].strip()) for cell in cells if cell]
    if not named:
        return [] if head else None
    about = next((value for _, value in named if not NUMERIC.fullmatch(value)), "")
    return [
        (figure, _join([name, *(f"({about})".split() if about else [])]))
        for name, value in named
        if (figure := _cell_figure(name, value, text)) is not None
    ]


def _cell_figure(name: str, value: str, text: str) -> Figure | None:
    plain_name = name.replace("_", " ").replace("-", " ")
    if not NUMERIC.fullmatch(value) or IDENTIFIER.search(plain_name):
        return None
    try:
        amount = number(value.replace(" ", "").lstrip("+"))
    except ValueError:
        return None
    start = text.find(value)
    if YEAR_NAME.search(plain_name):
        return None
    currency = re.search(rf"\b({CODES})\b|([$\u20ac\u00a3])", plain_name.upper())
    if currency:
        unit = CURRENCIES.get(currency[0], currency[0])
        return Figure("money", value, amount, None, unit, start)
    if "%" in name or re.search(r"\b(?:percent|pct|share)\b", plain_name, re.IGNORECASE):
        return Figure("percent", value, amount, None, "%", start)
    return Figure("count", value, amount, None, "", start)


def _trimmed(text: str) -> list[str]:
    """Return the words of a text without the empty words at both ends."""
    words = [word.strip("\"'*_`[]()<>|") for word in TOKEN.findall(text)]
    words = [word for word in words if word]
    while words and _is_edge(words[0]):
        words.pop(0)
    while words and _is_edge(words[-1]):
        words.pop()
    return words


def _is_edge(word: str) -> bool:
    return word.lower().strip(".,;:!?") in EDGE or not any(char.isalnum() for char in word)


def _join(words: list[str]) -> str:
    return " ".join(words).strip(" .,;:!?-\u2013")
