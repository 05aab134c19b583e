"""Whether a sentence can stand alone as a finding, and how well."""

import re
from functools import lru_cache

from agents.offline.evidence import Passage
from agents.offline.framework import Cell

FEWEST_WORDS, MOST_WORDS = 6, 45
ROW = 0.5
LETTERS = 0.6  # the least share of letters and spaces: tables and code have fewer
FUNCTION_WORDS = frozenset(
    {
        *(
            "the",
            "is",
            "are",
            "to",
            "of",
            "a",
            "an",
            "and",
            "can",
            "will",
            "be",
            "in",
            "for",
            "has",
        ),
        *("was", "with", "that", "by", "on", "have", "may", "must", "should", "were", "from", "as"),
        *("at", "it", "this", "or", "not", "its", "their", "more", "than", "we", "you", "been"),
    }
)
CODE = re.compile(r"::=|[{};]$|\{|\}|\(\);|->|==|&&|\|\||\w\(\)\s*\{|=\s*\w+\(|^\$ |^>>> |\\\w+\{")
BOILERPLATE = re.compile(
    r"copyright|\u00a9|warrant|redistribut|all rights reserved|thanks to|contributed by|see also"
    r"|table of contents|isbn|\bet al\b|for more information|click here",
    re.IGNORECASE,
)
# Sentences that lean on the one before: without it they say little.
LEANING = re.compile(
    r"^(?:this|these|those|that|that's|it|it's|they|he|she|such|but|and|so|also|thus|then|otherwise"
    r"|instead|similarly|therefore|furthermore|here|both|either|(?:for|as an?|a) "
    r"(?:concrete |simple )?(?:example|instance)|as such|as a (?:result|consequence)|note that"
    r"|(?:if|when|in|for|with|to do|after|because of|at) (?:this|that|these|those|such)"
    r"|the (?:former|latter|following|above|same)|once you're|now|let's)\b",
    re.IGNORECASE,
)
NEGATIVE = re.compile(
    r"\b(?:not|no|never|nor|cannot|without|lack\w*|fail\w*|problem\w*|bugs?|broken|wrong|errors?"
    r"|deprecat\w*|remov\w*|limitations?|vulnerab\w*|risk\w*|unfortunately|however|although"
    r"|despite|unless|difficult\w*|hard to|slow\w*|worse|dropped|weak\w*|threat\w*|attack\w*"
    r"|danger\w*|unable|missing|insecure|malicious|declin\w*|los[est]\w*|costly)\b|n't\b",
    re.IGNORECASE,
)
REMEDY = re.compile(
    r"\b(?:fix(?:e[sd]|ing)?|resolved?|solv\w+|prevent\w*|avoid\w*|mitigat\w*|protect\w*"
    r"|improv\w*|reduc\w*|faster|safeguard\w*)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def _of_words(words: str) -> float:
    tokens = words.split()
    if not FEWEST_WORDS <= len(tokens) <= MOST_WORDS or words.endswith((":", "?", "...", "\u2026")):
        return 0.0
    letters = sum(character.isalpha() or character == " " for character in words)
    functional = sum(token.lower() in FUNCTION_WORDS for token in tokens)
    if letters < LETTERS * len(words) or functional < 2 or CODE.search(words):
        return 0.0
    value = 1.0
    if LEANING.match(words):
        value *= 0.5
    if BOILERPLATE.search(words):
        value *= 0.4
    if words[0].islower() or words.count("(") != words.count(")"):
        value *= 0.6
    return value if len(tokens) > 8 else value * 0.85


def quality(passage: Passage) -> float:
    """Return 0 for what is no sentence, up to 1 for one that can be read on its own."""
    if passage.kind == "heading":
        return 0.0
    if passage.kind == "row":
        return ROW if len(passage.words) <= 300 else 0.0
    return _of_words(passage.words)


def has_tone(words: str, cell: Cell, cued: bool) -> bool:
    """Tell whether praise is not taken for blame; `cued` means that the cue is in the words."""
    negative = NEGATIVE.search(words) is not None
    if cell.tone == "good":
        return not negative
    if cell.tone == "bad":
        return (cued or negative) and REMEDY.search(words) is None
    return True
