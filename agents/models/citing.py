"""Sentences for a model to rest on, and the check of what it says it rests on."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from agents.grounding import MARK
from agents.offline.evidence import Passage
from agents.plans import Citation, IterationResult

CITED = re.compile(r"\[([^\[\]\s#]+)#(\d+)\]")
LONGEST_SENTENCE = 500


@dataclass(frozen=True, slots=True)
class Sources:
    """Sentences under the numbers by which a model names them, counted from 1."""

    passages: tuple[Passage, ...]

    @classmethod
    def within(cls, passages: Sequence[Passage], most: int) -> "Sources":
        """Return the first sentences that fit into so many characters, at least one."""
        kept: list[Passage] = []
        for passage in passages:
            most -= len(_line(len(kept) + 1, passage)) + 1
            if most < 0 and kept:
                break
            kept.append(passage)
        return cls(tuple(kept))

    def lines(self) -> list[str]:
        return [_line(number, passage) for number, passage in enumerate(self.passages, start=1)]

    def citations(self, numbers: Iterable[int]) -> tuple[Citation, ...]:
        """Return the sentences of these numbers, each once; numbers of none are left out."""
        kept = dict.fromkeys(number for number in numbers if 0 < number <= len(self.passages))
        return tuple(self.passages[number - 1].citation() for number in kept)


def _line(number: int, passage: Passage) -> str:
    return f"{number}. {passage.text[:LONGEST_SENTENCE]} ({passage.document})"


def cited_in(results: Sequence[IterationResult]) -> frozenset[str]:
    """Return all citations of the findings and figures, as a text writes them."""
    found = [one for result in results for finding in result.findings for one in finding.citations]
    found += [point.citation for result in results for point in result.data_points]
    return frozenset(f"[{one.document}#{one.sentence}]" for one in found)


def checked(text: str, allowed: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """Return the text with a mark at each citation that does not exist, and those citations.

    They lose their brackets, so that nothing takes them for a link.
    """
    unknown: dict[str, None] = {}

    def replaced(found: re.Match[str]) -> str:
        if found[0] in allowed:
            return found[0]
        unknown[found[0]] = None
        return f"({found[1]} #{found[2]}) {MARK}"

    return CITED.sub(replaced, text), tuple(unknown)
