"""What the run engine tells of a run."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from streams.events import Envelope, Event, Percent


class Failure(BaseModel):
    """Why something failed, for programs (`code`) and for people (`message`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    message: str


class LifecycleEvent(Event):
    is_lifecycle: ClassVar[bool] = True


class RunStateChanged(LifecycleEvent):
    """The run is now queued, running, waiting or paused."""

    type: ClassVar[str] = "run_state"

    state: str
    reason: str | None = None


class RunRetrying(LifecycleEvent):
    """A step failed and will be tried again."""

    type: ClassVar[str] = "run_retrying"

    attempt: int
    max_attempts: int
    retry_in_seconds: float
    error: Failure


class RunReassigned(LifecycleEvent):
    """A worker was lost in the middle of its work; another goes on."""

    type: ClassVar[str] = "run_reassigned"

    reason: str


class StepRestarted(LifecycleEvent):
    """Discard what this step showed after `from_position`: it starts again."""

    type: ClassVar[str] = "step_restarted"

    step: str
    from_position: int


class StillWorking(LifecycleEvent):
    """A step has told nothing for a while; it goes on all the same."""

    type: ClassVar[str] = "still_working"
    envelope: ClassVar[Envelope] = Envelope.PROGRESS

    number: int  # 1 for the first time in a step
    seconds: int  # since the step began


class NoProgress(LifecycleEvent):
    """A step has told nothing for longer than is usual. Nothing was stopped, and nothing is lost:
    whoever waits may go on waiting, or cancel the run.
    """

    type: ClassVar[str] = "no_progress"

    seconds: int  # since the step last told something
    limit_seconds: float


class GateOpened(LifecycleEvent):
    """The run waits for a person."""

    type: ClassVar[str] = "gate_opened"

    gate_id: UUID
    kind: str
    name: str
    digest: str
    deadline: str
    decisions: tuple[str, ...]
    question: str


class GateAnswered(LifecycleEvent):
    type: ClassVar[str] = "gate_answered"

    gate_id: UUID
    kind: str
    name: str
    decision: str
    decided_by: str
    via: str
    comment: str = ""


class GateApproved(LifecycleEvent):
    """One of several approvals that a gate needs; it still waits for the others."""

    type: ClassVar[str] = "gate_vote"

    gate_id: UUID
    name: str
    by: str
    approvals: int
    quorum: int


class GateExpired(LifecycleEvent):
    """Nobody answered in time; `policy` says what follows."""

    type: ClassVar[str] = "gate_expired"

    gate_id: UUID
    kind: str
    name: str
    policy: str


class RunCompleted(LifecycleEvent):
    type: ClassVar[str] = "run_completed"
    envelope: ClassVar[Envelope] = Envelope.COMPLETE
    is_final: ClassVar[bool] = True

    progress: Percent = 100
    message: str = ""


class RunFailed(LifecycleEvent):
    type: ClassVar[str] = "run_failed"
    envelope: ClassVar[Envelope] = Envelope.ERROR
    is_final: ClassVar[bool] = True

    error: Failure
    step: str = ""


class RunCancelled(LifecycleEvent):
    type: ClassVar[str] = "run_cancelled"
    is_final: ClassVar[bool] = True

    reason: str = ""


class RunRejected(LifecycleEvent):
    type: ClassVar[str] = "run_rejected"
    is_final: ClassVar[bool] = True

    gate_id: UUID
    decided_by: str = ""
    comment: str = ""


class RunExpired(LifecycleEvent):
    type: ClassVar[str] = "run_expired"
    is_final: ClassVar[bool] = True

    gate_id: UUID


class ProgressEvent(Event):
    """An event that moves the run's progress; `progress` is for the whole run."""

    envelope: ClassVar[Envelope] = Envelope.PROGRESS

    step: str
    progress: Percent
    message: str

    def status(self) -> dict[str, Any]:
        """Return the columns of the run that say the same."""
        return {
            "progress": self.progress,
            "step": self.step[:100],
            "message": self.message[:500],
        }
