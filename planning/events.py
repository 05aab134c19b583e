"""What a plan tells while it is worked on."""

from typing import ClassVar
from uuid import UUID

from runs.events import ProgressEvent
from streams.events import ContentEvent, Envelope, Event


class ProposalProgress(ProgressEvent):
    type: ClassVar[str] = "proposal_progress"

    agent: str = ""


class ProposalReady(ContentEvent):
    """The text is the approach, in Markdown."""

    type: ClassVar[str] = "proposal_ready"

    title: str
    max_iterations: int
    checkpoint_interval: int
    attempt: int


class PlanningStarted(Event):
    type: ClassVar[str] = "planning_started"

    goal: str  # shortened; the plan has it whole
    max_iterations: int
    checkpoint_interval: int


class IterationStarted(Event):
    type: ClassVar[str] = "iteration_started"

    iteration: int
    max: int


class IterationProgress(ProgressEvent):
    """`frameworks` and `data_points` count what the plan has so far."""

    type: ClassVar[str] = "iteration_progress"

    iteration: int
    agent: str
    frameworks: int
    data_points: int


class EducationalCard(Event):
    type: ClassVar[str] = "educational_card"
    envelope: ClassVar[Envelope] = Envelope.EDUCATIONAL

    iteration: int
    title: str
    description: str
    details: tuple[str, ...] = ()
    insight: str = ""
    next_step: str = ""
    estimated_seconds: float | None = None


class PlanMetrics(Event):
    """A count of this iteration that grew; `detail` says by what."""

    type: ClassVar[str] = "plan_metrics"
    envelope: ClassVar[Envelope] = Envelope.PROGRESS

    iteration: int
    name: str
    value: float
    unit: str = ""
    detail: str = ""


class IterationCompleted(Event):
    type: ClassVar[str] = "iteration_completed"

    iteration: int
    duration_ms: int
    frameworks: tuple[str, ...]
    data_points: int
    insights: int
    gaps: int


class CheckpointReached(ContentEvent):
    """The text is the summary, in Markdown. Without a gate it was approved in advance."""

    type: ClassVar[str] = "checkpoint_reached"

    iteration: int
    checkpoint_number: int
    frameworks_so_far: tuple[str, ...]
    data_points_so_far: int
    gate_id: UUID | None = None
    digest: str | None = None
    deadline: str | None = None
    decisions: tuple[str, ...] = ()


class CheckpointApproved(Event):
    """`decision` is approve, approve_all or revise: the work goes on."""

    type: ClassVar[str] = "checkpoint_approved"

    checkpoint: int
    decision: str
    decided_by: str = ""
    comment: str = ""


class CheckpointRejected(Event):
    type: ClassVar[str] = "checkpoint_rejected"

    checkpoint: int
    decided_by: str = ""
    comment: str = ""


class CheckpointExpired(Event):
    type: ClassVar[str] = "checkpoint_expired"

    checkpoint: int
    policy: str


class FinalPlanReady(ContentEvent):
    """The text is the plan, in Markdown; the counts equal the plan's rows."""

    type: ClassVar[str] = "final_plan"

    frameworks: int
    data_points: int
    iterations: int
    checkpoints: int


class PlanSaved(Event):
    type: ClassVar[str] = "plan_saved"

    entity: str
    title: str
    url: str
