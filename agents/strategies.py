"""What the steps of a strategy take and give, as checked, frozen JSON shapes.

strategy   StrategyInput -> StrategyStepResult, once for each step of `agents.strategy_guides`

The steps come in a fixed order. A step that could not be done is no end: those after it are told
which are `missing`, and the last one writes the strategy all the same.
"""

from typing import Literal

from pydantic import Field

from agents.plans import DataPoint, Document, Finding, Gap, Shape

StepName = Literal[
    "context",
    "foundation",
    "insights",
    "competition",
    "performance",
    "roadmap",
    "risks",
    "document",
]


class Missing(Shape):
    """A step that could not be done, and why, in words for people."""

    step: StepName
    reason: str


class Strategy(Shape):
    """The whole strategy. The counts equal what the steps found."""

    title: str
    markdown: str
    frameworks: tuple[str, ...]
    findings: int = Field(ge=0)
    data_points: int = Field(ge=0)
    gaps: int = Field(ge=0)


class StrategyStepResult(Shape):
    """What one step achieved. Every finding and figure is cited; what is not known is a gap."""

    step: StepName
    achievement: str  # in one sentence
    frameworks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    data_points: tuple[DataPoint, ...] = ()
    insights: tuple[str, ...] = ()  # lines of Markdown
    gaps: tuple[Gap, ...] = ()
    strategy: Strategy | None = None  # of the last step


class StrategyInput(Shape):
    goal: str
    step: StepName
    documents: tuple[Document, ...] = ()
    earlier: tuple[StrategyStepResult, ...] = ()  # of the steps that were done, in their order
    missing: tuple[Missing, ...] = ()
