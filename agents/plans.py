"""What the planning steps take and give, as checked, frozen JSON shapes.

propose    ProposeInput   -> Proposal
iterate    IterateInput   -> IterationResult
summarise  SummariseInput -> CheckpointSummary
finalise   FinaliseInput  -> FinalPlan
"""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

FRAMEWORKS = (
    "Porter's Five Forces",
    "SWOT",
    "Market analysis",
    "Competitive analysis",
    "Risk assessment",
    "PESTLE",
    "Value proposition",
    "Implementation roadmap",
    "Financial projections",
    "Go-to-market",
)


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def recorded(cls, value: object) -> Self:
        """Return what was recorded, maybe by newer code: fields that are not known are left out."""
        return cls.model_validate(value, extra="ignore")


class Document(Shape):
    """A text the plan may use. `id` is what citations name: an entity's slug or a file's slug."""

    id: str
    title: str
    kind: Literal["entity", "file"]
    text: str


class Citation(Shape):
    """One sentence of one document: `sentence` is its number by `agents.sentences.split`."""

    document: str
    sentence: int = Field(ge=1)
    quote: str  # the sentence's whole text, as split gives it


class DataPoint(Shape):
    """A figure read from a source. `value` is a number in `unit`; ranges keep both ends."""

    kind: Literal["money", "percent", "date", "duration", "quantity", "count"]
    label: str  # what it measures, in the source's words
    text: str  # the figure as written
    value: float | None = None
    high: float | None = None  # the upper end, where the text gives a range
    unit: str = ""
    citation: Citation


class Finding(Shape):
    """One line of one framework cell, with the evidence it rests on."""

    framework: str
    cell: str
    text: str
    citations: tuple[Citation, ...] = Field(min_length=1)


class Gap(Shape):
    """A framework cell for which no evidence was found; it becomes a task of the plan."""

    framework: str
    cell: str
    task: str


class Proposal(Shape):
    """How the goal would be worked on; a person approves, adjusts or rejects it."""

    title: str
    approach: str  # Markdown
    frameworks: tuple[tuple[str, ...], ...]  # for each iteration, the frameworks it applies
    questions: tuple[str, ...] = ()  # what the documents leave open
    sources: tuple[str, ...] = ()  # document ids the work will rest on
    focus: tuple[str, ...] = ()  # words that adjustments asked to look for in every iteration
    avoid: tuple[str, ...] = ()  # words that adjustments asked to stay away from
    max_iterations: int = Field(ge=1, le=20)
    checkpoint_interval: int = Field(ge=1, le=10)


class ProposeInput(Shape):
    goal: str
    max_iterations: int = Field(ge=1, le=20)
    checkpoint_interval: int = Field(ge=1, le=10)
    documents: tuple[Document, ...] = ()
    adjustments: tuple[str, ...] = ()  # comments of earlier `adjust` decisions, oldest first


class IterationResult(Shape):
    number: int
    focus: str  # what this iteration was about, in one sentence
    frameworks: tuple[str, ...]
    findings: tuple[Finding, ...]
    data_points: tuple[DataPoint, ...]
    insights: tuple[str, ...]
    gaps: tuple[Gap, ...]
    followed: tuple[str, ...] = ()  # how each revise comment was used, in the order given


class IterateInput(Shape):
    goal: str
    number: int = Field(ge=1)
    max_iterations: int
    proposal: Proposal
    documents: tuple[Document, ...] = ()
    earlier: tuple[IterationResult, ...] = ()
    comments: tuple[str, ...] = ()  # revise comments this iteration must use, oldest first


class SummariseInput(Shape):
    goal: str
    checkpoint: int
    iteration: int
    max_iterations: int
    proposal: Proposal
    results: tuple[IterationResult, ...]  # all so far
    since: int = 0  # the iteration at the checkpoint before this one; 0 when there was none
    comments: tuple[str, ...] = ()


class CheckpointSummary(Shape):
    summary: str  # Markdown
    frameworks: tuple[str, ...]
    data_points: int
    deltas: dict[
        str, int
    ]  # since the last checkpoint: frameworks, data_points, insights, gaps, ...
    insights: tuple[str, ...]
    next: str  # what follows if it is approved
    unverified: tuple[str, ...] = ()  # numbers and citations of the summary that nothing has


class FinaliseInput(Shape):
    goal: str
    proposal: Proposal
    titles: dict[str, str] = {}  # of the documents, by id
    results: tuple[IterationResult, ...]
    comments: tuple[str, ...] = ()
    checkpoints: int = 0


class FinalPlan(Shape):
    title: str
    markdown: str
    frameworks: tuple[str, ...]
    data_points: int
    iterations: int
    checkpoints: int
    unverified: tuple[str, ...] = ()  # numbers and citations of the plan that nothing has
