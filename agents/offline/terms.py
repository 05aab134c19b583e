"""Words that carry meaning: what a goal or a comment asks about."""

import re
import unicodedata
from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+(?:[-'\u2019.][^\W_]+)*")
LONGEST_WORD = 40
# Enough for any goal that a person has thought about; a pasted book is not searched for.
MOST_TERMS = 40

STOP_WORDS = frozenset(
    word
    for line in (
        "a about above across after again against all almost already also although always am an",
        "and any anything are around as ask at away back be because become becomes been before",
        "being below best better between both but by can cannot come consider could decide",
        "decision did do does doing done down during each either else enough etc even every",
        "everything few find first following for from further get give given go goal goes going",
        "good great had has have having he help her here hers him his how however i if in instead",
        "into is it its itself just keep kind know last later less let like look make making many",
        "may me might more most much must my need needs never new next no nor not nothing now of",
        "off often on once one only onto or other our ours out over own per perhaps plan please",
        "prepare put question quite rather really same say see seem several shall she should since",
        "so some something soon still such take tell than that the their them then there these they",
        "thing things this those though through thus to together too toward towards try under until",
        "up upon us use used using very want was way we well were what when where whether which",
        "while who whom whose why will with within without work would write year yes yet you your",
        "eur usd gbp chf jpy euro euros dollar dollars percent number",
        "step steps way ways whatever month months week weeks today focus include including look add based document documents file files text evidence",
    )
    for word in line.split()
)


def content_words(text: str) -> tuple[str, ...]:
    """Return the words of the text that are not stop words, each once, in order, in lower case."""
    words = (plain_word(found) for found in WORD.findall(fold(text)))
    kept = (word for word in words if is_content(word))
    return tuple(dict.fromkeys(kept))[:MOST_TERMS]


def is_content(word: str) -> bool:
    return 1 < len(word) <= LONGEST_WORD and word not in STOP_WORDS and not word.isdigit()


def plain_word(word: str) -> str:
    return word.lower().removesuffix("'s").removesuffix("\u2019s")


def fold(text: str) -> str:
    """Return the text with compatible characters made equal, and without control characters."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(
        character if unicodedata.category(character) not in ("Cc", "Cf", "Cs") else " "
        for character in normal
    )


def stem(word: str) -> str:
    """Return what words of one family share: good enough to see that two texts speak of it."""
    word = word.lower()
    for ending, least in (("ies", 4), ("ings", 7), ("ing", 6), ("ed", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            return word[: -len(ending)].rstrip("e") + ("y" if ending == "ies" else "")
    return word.rstrip("e") if len(word) > 4 else word


def stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words)


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of the content words of a text, however many there are."""
    words = (plain_word(found) for found in WORD.findall(text))
    return frozenset(stem(word) for word in words if is_content(word))
