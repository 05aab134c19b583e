"""What a person's comment asks for: frameworks, documents, words, counts.

A comment is read clause by clause. "Leave out", "only" and their like govern the words up to the
next such phrase, so "skip PESTLE and focus on risks" means two things. What is not understood is
never guessed: `understood` is then empty, and the caller says so.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from agents.offline import frameworks
from agents.offline.figure_patterns import WORD_NUMBERS
from agents.offline.inline import one_line
from agents.offline.terms import content_words, fold
from agents.plans import Document

AGAINST = (
    r"leave out|leaving out|skip(?:ping)?|without|drop(?:ping)?|omit(?:ting)?|exclud(?:e|ing)|remove"
    r"|ignor(?:e|ing)|do(?:n't| not) (?:use|apply|look at|consider|include)|no need for|avoid"
    r"|not interested in|forget(?: about)?"
)
ONLY = (
    r"(?:use |using |with |from |look at )?(?:only|solely|exclusively|nothing but)(?: use| from)?"
)
FOR = (
    r"focus(?:ing)?(?: more)?(?: on)?|add|include|start with|begin with|prioriti[sz]e|more (?:about|on)"
    r"|look (?:at|into)|emphasi[sz]e|deepen|concentrate on|instead|consider|put|use"
)
TRIGGER = re.compile(
    rf"\b(?:(?P<against>{AGAINST})|(?P<only>{ONLY})|(?P<wanted>{FOR}))\b|(?P<end>[.;!?\n]+(?=\s|$))"
)
NUMBER = rf"(\d{{1,3}}|{'|'.join(WORD_NUMBERS)})"
ITERATIONS = re.compile(rf"\b{NUMBER}\s(?:iterations?|rounds?|passes)\b")
INTERVAL = re.compile(
    rf"\bcheckpoints?(?: interval)?(?: of| to|:)?(?: after)?(?: every)?\s{NUMBER}\b"
    rf"|\bevery {NUMBER}(?: iterations?| rounds?)?\b"
)
EVERY_ONE = re.compile(r"\b(?:checkpoint (?:after )?(?:every|each)|(?:every|each)) iteration\b")
FIGURES = re.compile(
    r"\bmore (?:\w+ )?(?:figures|numbers|data|metrics|statistics|hard facts|quantities)\b"
    r"|\bquantif|\b(?:figures|numbers|data points)\b"
)
# Words about the plan itself; the documents need not be searched for them.
ABOUT_THE_PLAN = frozenset(
    {
        *("iteration", "iterations", "round", "rounds", "checkpoint", "checkpoints", "framework"),
        *("frameworks", "figures", "numbers", "data", "metrics", "statistics", "interval", "page"),
        *("analysis", "assessment", "detail", "details", "point", "points", "interested", "skip"),
        *("iterate", "section", "aspect", "aspects", "topic", "side", "leave", "drop", "ignore"),
    }
)
T = TypeVar("T")
DISTINCTIVE = 4  # letters of a word that may stand for a document's title


@dataclass(frozen=True)
class Wish:
    """What one comment asks for."""

    comment: str
    words: tuple[str, ...] = ()
    forward: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    avoided: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()
    more_figures: bool = False
    iterations: int | None = None
    interval: int | None = None

    @property
    def understood(self) -> bool:
        return any(
            (self.words, self.forward, self.left_out, self.avoided, self.only, self.ignored)
        ) or any((self.preferred, self.more_figures, self.iterations, self.interval))


@dataclass(frozen=True)
class Clause:
    mode: str  # against, only, wanted
    text: str


def read(comments: Iterable[str], documents: Sequence[Document]) -> tuple[Wish, ...]:
    """Return what each comment asks for, in the order given."""
    return tuple(_wish(comment, documents) for comment in comments)


def _wish(comment: str, documents: Sequence[Document]) -> Wish:
    text = fold(comment).lower()
    parts = _clauses(text)
    wanted = " . ".join(part.text for part in parts if part.mode != "against")
    against = [part.text for part in parts if part.mode == "against"]
    only = [part.text for part in parts if part.mode == "only"]
    left_out = [name for part in against for name in frameworks.named_in(part)]
    cells = [(fw.name, cell.name) for fw, cell in frameworks.cells_named_in(wanted)]
    named = [*frameworks.named_in(wanted), *(name for name, _ in cells)]
    only_documents = _named(" . ".join(only), documents, loosely=True)
    ignored = _named(" . ".join(against), documents, loosely=True)
    return Wish(
        comment=one_line(comment, 300),
        words=_words(wanted, documents, only_documents),
        forward=_unique(name for name in named if name not in left_out),
        left_out=_unique(left_out),
        cells=_unique(cells),
        avoided=_avoided(against, documents),
        only=only_documents,
        ignored=tuple(id for id in ignored if id not in only_documents),
        preferred=tuple(id for id in _named(wanted, documents) if id not in only_documents),
        more_figures=FIGURES.search(wanted) is not None,
        iterations=_number(ITERATIONS, text),
        interval=1 if EVERY_ONE.search(text) else _number(INTERVAL, text),
    )


def _clauses(text: str) -> list[Clause]:
    found: list[Clause] = []
    mode, start = "wanted", 0
    for trigger in TRIGGER.finditer(text):
        found.append(Clause(mode, text[start : trigger.start()]))
        mode, start = trigger.lastgroup or "wanted", trigger.end()
        if mode == "end":
            mode = "wanted"
    found.append(Clause(mode, text[start:]))
    return [clause for clause in found if clause.text.strip()]


def _named(text: str, documents: Sequence[Document], *, loosely: bool = False) -> tuple[str, ...]:
    """Return the documents a text names; loosely, one word that only one title has is enough."""
    plain = _spaced(text)
    all_words = [set(_spaced(f"{document.id} {document.title}").split()) for document in documents]
    found: list[str] = []
    for place, document in enumerate(documents):
        names = [_spaced(document.id), _spaced(document.title), _spaced(_stem(document.title))]
        own = all_words[place].difference(*all_words[:place], *all_words[place + 1 :])
        words = {word for word in own if len(word) >= DISTINCTIVE and content_words(word)}
        named = any(name.strip() and f" {name.strip()} " in plain for name in names)
        if named or (loosely and words & set(plain.split())):
            found.append(document.id)
    return _unique(found)


def _words(wanted: str, documents: Sequence[Document], taken: tuple[str, ...]) -> tuple[str, ...]:
    of_documents = {
        word
        for document in documents
        if document.id in taken
        for word in _spaced(f"{document.id} {document.title}").split()
    }
    return tuple(
        word
        for word in content_words(wanted)
        if word not in ABOUT_THE_PLAN and word not in of_documents and word not in WORD_NUMBERS
    )


def _avoided(against: list[str], documents: Sequence[Document]) -> tuple[str, ...]:
    """Return the words to stay away from: of clauses that name no framework and no document."""
    return _unique(
        word
        for text in against
        if not frameworks.named_in(text) and not _named(text, documents, loosely=True)
        for word in content_words(text)
        if word not in ABOUT_THE_PLAN
    )


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    written = next((group for group in found.groups() if group), "") if found else ""
    return WORD_NUMBERS.get(written) or (int(written) if written else None)


def _spaced(text: str) -> str:
    return f" {re.sub(r'[^a-z0-9]+', ' ', fold(text).lower()).strip()} "


def _stem(title: str) -> str:
    name, dot, suffix = title.rpartition(".")
    return name if dot and len(suffix) <= 8 else title


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
