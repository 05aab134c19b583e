"""How much a sentence has to do with the goal and the comments: between 0 and 1."""

import math
from collections.abc import Sequence

from agents.offline.evidence import Evidence, Passage
from agents.offline.terms import stem, stems_of

# A sentence with half of what is asked for is as relevant as a sentence gets.
ENOUGH = 0.5
HEADING, NEIGHBOR, TITLE = 0.7, 0.4, 0.3


class Topic:
    """Words to look for, each weighing more the rarer it is in the documents."""

    def __init__(self, evidence: Evidence, words: Sequence[str]) -> None:
        total = len(evidence.passages) or 1
        self._evidence = evidence
        self._weights: dict[str, float] = {}
        self.missing: list[str] = []  # words that no document has
        self.words: list[str] = []
        for word in words:
            found = len(evidence.search([word], limit=total))
            if found:
                self.words.append(word)
                weight = math.log(1 + total / found)
                self._weights[stem(word)] = max(weight, self._weights.get(stem(word), 0))
            else:
                self.missing.append(word)
        self._all = sum(self._weights.values())

    def __bool__(self) -> bool:
        return bool(self._weights)

    def coverage(self, stems: frozenset[str]) -> float:
        """Return which part of the topic the words cover."""
        if not self._all:
            return 0.0
        # Summed in the order of the topic: a set's own order may change the last digit.
        found = sum(weight for word, weight in self._weights.items() if word in stems)
        return min(1.0, found / self._all / ENOUGH)

    def relevance(self, passage: Passage) -> float:
        """Return how much the sentence, its heading or its neighbors speak of the topic."""
        direct = self.coverage(passage.stems)
        heading = HEADING * self.coverage(passage.heading_stems)
        title = TITLE * self.coverage(stems_of(passage.title))
        around = NEIGHBOR * max(
            (self.coverage(near.stems) for near in self._evidence.around(passage, 1)), default=0.0
        )
        return min(1.0, max(direct, heading, around, title) + 0.2 * min(direct, heading + title))

    def hits(self, limit: int) -> dict[int, float]:
        return self._evidence.search(self.words, limit) if self.words else {}
