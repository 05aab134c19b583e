"""The verifier: which sentences really belong into a cell, and what they are worth."""

from collections.abc import Mapping
from dataclasses import dataclass

from agents.offline.evidence import Evidence, Passage
from agents.offline.figures import in_sentence
from agents.offline.framework import Cell, Framework
from agents.offline.ledger import Ledger
from agents.offline.planner import Assignment
from agents.offline.quality import has_tone, quality
from agents.offline.relevance import Topic
from agents.offline.terms import stems

CANDIDATES = 250
# Below this share of the goal a sentence is about something else.
LEAST_RELEVANCE = 0.12
# Somebody who attaches a few pages means all of them; in hundreds of pages most is beside it.
FEW_SENTENCES = 300
LEAST_SCORE = 0.5
CUE, CUE_IN_HEADING, WEAK_CUES = 1.0, 0.55, 0.4
GOAL, COMMENT, PREFERRED, FIGURE = 1.5, 2.0, 0.6, 0.25


@dataclass(frozen=True)
class Candidate:
    passage: Passage
    score: float


@dataclass(frozen=True)
class Search:
    """The index and the topics of one iteration."""

    evidence: Evidence
    goal: Topic
    comment: Topic
    assignment: Assignment

    @classmethod
    def of(cls, evidence: Evidence, assignment: Assignment) -> "Search":
        goal = Topic(evidence, assignment.goal_words)
        comment = Topic(evidence, assignment.comment_words)
        return cls(evidence, goal, comment, assignment)

    def relevance(self, passage: Passage) -> float:
        """Return the worth of a sentence for the goal and the comments, whatever the cell."""
        worth = GOAL * self.goal.relevance(passage) + COMMENT * self.comment.relevance(passage)
        return worth + (PREFERRED if passage.document in self.assignment.preferred else 0.0)

    def is_relevant(self, passage: Passage) -> bool:
        topics = [topic for topic in (self.goal, self.comment) if topic]
        if len(self.evidence.passages) <= FEW_SENTENCES or not topics:
            return True
        return any(topic.relevance(passage) >= LEAST_RELEVANCE for topic in topics)

    def is_avoided(self, passage: Passage) -> bool:
        return bool(stems(self.assignment.avoided) & (passage.stems | passage.heading_stems))


def candidates(
    framework: Framework, search: Search, ledger: Ledger, *, weak: bool = False
) -> dict[str, list[Candidate]]:
    """Return the sentences that fit each cell, best first; `weak` also takes weaker cues."""
    return {
        cell.name: _of_cell(cell, search, ledger, weak=weak or framework.name in again(search))
        for cell in framework.cells
    }


def again(search: Search) -> tuple[str, ...]:
    """Return the frameworks that are applied once more: for them weaker cues are enough."""
    return search.assignment.again


def _of_cell(cell: Cell, search: Search, ledger: Ledger, *, weak: bool) -> list[Candidate]:
    phrases = cell.phrases + (cell.weak_phrases if weak else ())
    hits = search.evidence.search_cues(phrases, CANDIDATES)
    if search.comment:
        # What a comment asks for must not be missed because many others have the cue as well.
        wanted = search.comment.hits(CANDIDATES)
        hits = {**hits, **{place: hits.get(place, 0.0) for place in wanted}}
    best = max(hits.values(), default=0.0) or 1.0
    found = [
        Candidate(passage, score)
        for place, hit in hits.items()
        for passage in (search.evidence.passages[place],)
        if (score := _score(passage, cell, search, hit / best, weak=weak)) >= LEAST_SCORE
        and ledger.is_new(passage)
    ]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.passage.index))


def _score(passage: Passage, cell: Cell, search: Search, hit: float, *, weak: bool) -> float:
    value = quality(passage)
    if not value or search.is_avoided(passage):
        return 0.0
    cue = _cue(passage, cell, weak=weak)
    if not cue or not has_tone(passage.words, cell, cued=cue >= CUE_IN_HEADING):
        return 0.0
    if not search.is_relevant(passage) or (cell.needs_figure and not in_sentence(passage.words)):
        return 0.0
    figure = FIGURE if cell.figures and any(char.isdigit() for char in passage.words) else 0.0
    return value * (cue * (0.5 + hit) + search.relevance(passage) + figure)


def _cue(passage: Passage, cell: Cell, *, weak: bool) -> float:
    if cell.pattern.search(passage.words):
        return CUE
    if cell.pattern.search(passage.heading):
        return CUE_IN_HEADING
    # One weak cue is in every other sentence; two different ones are a sign.
    signs = {sign.lower() for sign in cell.weak_pattern.findall(passage.words)} if weak else set()
    return WEAK_CUES if len(signs) > 1 else 0.0


def used_before(cell: Cell, search: Search) -> Passage | None:
    """Return the best sentence for a cell, also if it has been used elsewhere."""
    found = _of_cell(cell, search, Ledger(()), weak=False)
    return found[0].passage if found else None


def merged(cells: Mapping[str, list[Candidate]]) -> int:
    """Return how many different sentences fit any cell."""
    return len({one.passage.key for found in cells.values() for one in found})
