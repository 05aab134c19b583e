"""What a framework is: cells to fill, the words that show what belongs in them, and a lesson."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from agents.base import Card

Tone = Literal["good", "bad", ""]


@dataclass(frozen=True)
class Cell:
    """One question of a framework.

    `cues` are beginnings of words; `_` joins the words of a phrase and a full stop at the end
    makes the word whole. `hints` are weaker cues, used when a gap is looked at again. A cell of
    good tone takes no sentence that denies or complains, a cell of bad tone only such sentences
    or such cues.
    """

    name: str
    ask: str  # what to find out, completing "Find out ..."
    cues: str
    hints: str = ""
    tone: Tone = ""
    figures: bool = False  # sentences with figures are the best evidence
    needs_figure: bool = False  # sentences without a figure are none

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        return _phrases(self.cues)

    @cached_property
    def weak_phrases(self) -> tuple[str, ...]:
        return _phrases(self.hints)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _pattern(self.cues)

    @cached_property
    def weak_pattern(self) -> re.Pattern[str]:
        return _pattern(f"{self.cues} {self.hints}")


@dataclass(frozen=True)
class Framework:
    name: str
    stage: int  # where it comes in a plan: position, context, choice, delivery
    description: str
    details: tuple[str, ...]
    insight: str
    next_step: str
    cells: tuple[Cell, ...]
    aliases: tuple[str, ...] = ()
    goal_cues: str = ""  # words of a goal that speak for this framework, written like cues
    seconds: float = 2.0

    def card(self) -> Card:
        """Return what there is to learn while the framework is applied."""
        return Card(
            title=self.name,
            description=self.description,
            details=self.details,
            insight=self.insight,
            next_step=self.next_step,
            estimated_seconds=self.seconds,
        )

    @cached_property
    def goal_pattern(self) -> re.Pattern[str]:
        return _pattern(self.goal_cues)

    def cell(self, name: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.name == name), None)


def _phrases(cues: str) -> tuple[str, ...]:
    words = (cue.replace("_", " ") for cue in cues.split())
    return tuple(word[:-1] if word.endswith(".") else f"{word}*" for word in words)


def _pattern(cues: str) -> re.Pattern[str]:
    parts = [
        re.escape(cue.rstrip(".")).replace("_", r"[\s-]") + (r"\b" if cue.endswith(".") else r"\w*")
        for cue in cues.split()
    ]
    return re.compile(rf"(?<![\w.])(?:{'|'.join(parts)})", re.IGNORECASE)
