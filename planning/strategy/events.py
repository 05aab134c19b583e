"""What a strategy tells while it is worked on."""

from typing import ClassVar, Literal

from runs.events import Failure, ProgressEvent
from streams.events import ContentEvent, Envelope, Event


class StrategyStarted(Event):
    type: ClassVar[str] = "strategy_started"

    goal: str  # shortened; the strategy has it whole
    steps: int
    estimated_seconds: float


class StrategyStepStarted(ProgressEvent):
    """The progress is ten for the first step, twenty for the second, and so on."""

    type: ClassVar[str] = "strategy_step_started"

    number: int
    title: str
    estimated_seconds: float


class StrategyProgress(ProgressEvent):
    type: ClassVar[str] = "strategy_progress"

    number: int
    agent: str = ""


class StrategyCard(Event):
    """Something to learn: when a step starts, while an engine works, when it ends or fails."""

    type: ClassVar[str] = "strategy_card"
    envelope: ClassVar[Envelope] = Envelope.EDUCATIONAL

    step: str
    number: int
    phase: Literal["start", "working", "end", "fallback"]
    title: str
    description: str
    details: tuple[str, ...] = ()
    insight: str = ""
    prompt_preview: str = ""
    estimated_seconds: float | None = None
    achievement: str = ""
    next_step: str = ""
    fallback: str = ""


class StrategyStepCompleted(Event):
    type: ClassVar[str] = "strategy_step_completed"

    step: str
    number: int
    duration_ms: int
    achievement: str
    frameworks: tuple[str, ...]
    findings: int
    data_points: int
    gaps: int


class StrategyStepFailed(Event):
    """A step could not be done. The strategy goes on without it, and says so."""

    type: ClassVar[str] = "strategy_step_failed"

    step: str
    number: int
    duration_ms: int
    message: str
    error: Failure


class StrategyReady(ContentEvent):
    """The text is the strategy, in Markdown. `missing` names the steps that are not in it."""

    type: ClassVar[str] = "strategy_ready"
    envelope: ClassVar[Envelope] = Envelope.RESULT

    title: str
    frameworks: int
    findings: int
    data_points: int
    gaps: int
    missing: tuple[str, ...] = ()


class StrategySaved(Event):
    type: ClassVar[str] = "strategy_saved"

    entity: str
    title: str
    url: str
