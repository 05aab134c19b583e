"""Answers from texts that a message refers to: the sentences that fit best, each with its source."""

import re
from collections.abc import Callable, Sequence
from contextlib import closing

from agents.chats import Quoted
from agents.offline.evidence import Evidence, Passage
from agents.offline.inline import escape
from agents.offline.terms import content_words, stems
from agents.plans import Document

MOST_SENTENCES = 4
LEAST_SHARE = 0.4  # of the best one's score
REFERENCE = re.compile(r"(?<!\S)@\S+")
ABOUT_TEXT = re.compile(
    r"\b(file|document|text|report|readme|notes?|article|page|section|paragraph|memo|says?|said|"
    r"mentions?|mentioned|according to|written|author)\b",
    re.IGNORECASE,
)


def without_references(question: str) -> str:
    """Return the question without what it refers to with @."""
    return " ".join(REFERENCE.sub(" ", question).split())


def texts(references: Sequence[Quoted]) -> tuple[Quoted, ...]:
    return tuple(one for one in references if one.kind == "text" and one.text.strip())


def is_about_text(question: str) -> bool:
    return REFERENCE.search(question) is not None or ABOUT_TEXT.search(question) is not None


def quotations(
    question: str, references: Sequence[Quoted], check: Callable[[], None]
) -> list[tuple[Quoted, Passage]]:
    """Return the sentences that say most about the question, best first."""
    words = content_words(without_references(question))
    if not words:
        return []
    documents = [
        Document(id=str(number), title=one.reference, kind="file", text=one.text)
        for number, one in enumerate(references)
    ]
    with closing(Evidence(documents, check)) as evidence:
        wanted = stems(words)
        scored = sorted(
            (
                (score * (1 + len(evidence.passages[place].stems & wanted)), place)
                for place, score in evidence.search(words).items()
                if evidence.passages[place].kind != "heading"
            ),
            key=lambda entry: (-entry[0], entry[1]),
        )
        kept = [entry for entry in scored if entry[0] >= LEAST_SHARE * scored[0][0]]
        found = [evidence.passages[place] for _, place in kept[:MOST_SENTENCES]]
    return [(references[int(passage.document)], passage) for passage in found]


def answer(found: Sequence[tuple[Quoted, Passage]]) -> str:
    """Return the sentences with their sources."""
    lines = ["The text that you refer to says:", ""]
    for quoted, passage in found:
        source = f"{escape(quoted.path, 120)}#{passage.number}"
        lines.append(f"- {escape(passage.text, 600)} [{source}]")
    lines += ["", "These are the sentences that fit best; nothing was worked out from them.", ""]
    return "\n".join(lines)
