"""A question as tokens: words, numbers, quoted texts and comparison signs."""

import re
import unicodedata
from dataclasses import dataclass

from agents.offline.answering.word_lists import words_of
from agents.offline.terms import fold

LONGEST_QUESTION = 2000
MOST_TOKENS = 120
QUOTES = {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u00ab": '"', "\u00bb": '"'}
TOKEN = re.compile(
    r"""
    "(?P<double>[^"\n]{1,200})"
  | (?<![\w'])'(?P<single>[^'\n]{1,200})'(?![\w'])
  | (?P<date>\d{4}-\d{2}(?:-\d{2})?|\d{1,2}/\d{1,2}/\d{4})(?!\d)
  | (?P<number>[$\u20ac\u00a3]?(?<![\w.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?
      (?:\s?(?:k|bn|million|billion|thousand)\b|[mM]\b|%)?)(?![\d])
  | (?P<sign>>=|<=|!=|<>|==|[<>=%&])
  | (?P<word>[^\W_]+(?:'[^\W_]+)?)
  | (?P<stop>[.,;:?!()])
    """,
    re.VERBOSE | re.IGNORECASE,
)
MAGNITUDES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
NUMBER = re.compile(r"(-?[\d,]+(?:\.\d+)?)\s?([a-z]+)?", re.IGNORECASE)
NUMBER_WORDS = {
    word: float(place)
    for place, word in enumerate(
        words_of("""
zero one two three four five six seven eight nine ten eleven twelve
""")
    )
} | {"twenty": 20.0, "thirty": 30.0, "fifty": 50.0, "hundred": 100.0, "dozen": 12.0}
CONTRACTIONS = {"n't": "not", "'s": "", "'re": "are", "'ve": "have", "'d": "", "'ll": "", "'m": ""}
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Token:
    """`word` is in lower case; `key` is its singular, by which words are compared."""

    text: str
    word: str
    key: str
    number: float | None = None
    is_quoted: bool = False
    is_date: bool = False


def clean(question: str) -> str:
    """Return the question without control characters and with plain quotes, cut if very long."""
    text = fold(question[: LONGEST_QUESTION * 2])
    for fancy, plain in QUOTES.items():
        text = text.replace(fancy, plain)
    return " ".join(text.split())[:LONGEST_QUESTION]


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a cleaned text."""
    found: list[Token] = []
    for match in TOKEN.finditer(text):
        found += _tokens(match)
        if len(found) >= MOST_TOKENS:
            break
    return tuple(found[:MOST_TOKENS])


def _tokens(match: re.Match[str]) -> list[Token]:
    kind = match.lastgroup or ""
    text = match[kind]
    if not text.strip():
        return []
    if kind in ("double", "single"):
        return [Token(text, text.lower(), text.lower(), is_quoted=True)]
    if kind == "date":
        return [Token(text, text, text, is_date=True)]
    if kind == "number":
        return [Token(text, text.lower(), text.lower(), number=number_of(text))]
    if kind == "word":
        return [token for piece in _pieces(text) for token in [_word(piece)]]
    return [Token(text, text, text)]


def _word(text: str) -> Token:
    word = text.lower()
    return Token(text, word, singular(word), number=NUMBER_WORDS.get(word))


def _pieces(text: str) -> list[str]:
    lowered = text.lower()
    for ending, instead in CONTRACTIONS.items():
        if lowered.endswith(ending) and len(lowered) > len(ending):
            stem = text[: -len(ending)]
            return [stem, instead] if instead else [stem]
    return [text.replace("'", "")]


def number_of(text: str) -> float | None:
    """Return the value of "10,000", "1.5 million", "$20k" or "35%"."""
    match = NUMBER.search(text)
    if match is None:
        return None
    value = float(match[1].replace(",", ""))
    return value * MAGNITUDES.get((match[2] or "").lower(), 1.0)


def singular(word: str) -> str:
    """Return the singular of an English noun as far as rules go; names are compared by it."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 and word not in ("series", "species") else word
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


ENDINGS = words_of(
    "ations ation ating ated ates ate ities ity ments ment ings ing ures ure ions ion als al ed es s"
)
LEAST_ROOT = 4


def root(word: str) -> str:
    """Return what words of one family begin with: "departed" and "departure" have one root."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= LEAST_ROOT:
            return word[: -len(ending)]
    return word.rstrip("e") if len(word) > LEAST_ROOT else word


IRREGULAR = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "feet": "foot",
    "mice": "mouse",
    "indices": "index",
    "matrices": "matrix",
    "aircrafts": "aircraft",
    "gas": "gas",
    "news": "news",
    "buses": "bus",
    "statuses": "status",
    "analyses": "analysis",
    "less": "less",
    "always": "always",
}


def name_words(name: str) -> tuple[str, ...]:
    """Return the words a table's or column's name is made of, in lower case."""
    spaced = CAMEL.sub(" ", unicodedata.normalize("NFKC", name))
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", spaced)
    spaced = re.sub(r"([^\W\d_]{2,})(\d+)", r"\1 \2", spaced)
    return tuple(word.lower() for word in re.findall(r"[^\W_]+", spaced))


def normal(text: str) -> str:
    """Return a value as its words in lower case: how values are compared with questions."""
    return " ".join(re.findall(r"[^\W_]+", fold(text).lower()))
