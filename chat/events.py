"""What a session's stream tells, besides what the run engine tells of its runs."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from runs.events import LifecycleEvent, ProgressEvent
from streams.events import ContentEvent, Envelope, Event


class Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileRef(Data):
    """A file a message refers to; its text stays with the message."""

    reference: str
    path: str
    kind: str
    first_line: int = 0
    last_line: int = 0


class ToolCalled(Data):
    call_id: str
    tool: str
    description: str = ""
    arguments: dict[str, Any] = {}


class Progress(ProgressEvent):
    """How far a run of the session is: the same shape for every kind of work."""

    type: ClassVar[str] = "progress"

    operation: str  # initialise, reply or workflow
    agent: str = ""


class StateChanged(LifecycleEvent):
    """The session's state by `chat.states`."""

    type: ClassVar[str] = "state_changed"

    new_state: str


class MessageAdded(ContentEvent):
    """A message that was complete when it came: a user's, or one of the system."""

    type: ClassVar[str] = "message_added"

    role: str
    turn: int
    branch: str
    by: str = ""
    workflow: str = ""
    references: tuple[FileRef, ...] = ()
    copied_from: UUID | None = None  # the message whose parts and status it has, after a merge


class MessageStarted(Event):
    """An assistant's message begins; `content_delta` brings its text."""

    type: ClassVar[str] = "message_started"

    message_id: UUID
    turn: int
    branch: str


class MessageCompleted(Event):
    """All text of a message is in the log: its chunks up to `final_sequence`.

    `status` is complete, waiting, cancelled or failed.
    """

    type: ClassVar[str] = "message_completed"

    message_id: UUID
    final_sequence: int
    status: str
    suggestions: tuple[str, ...] = ()


class MessageEnded(MessageCompleted, LifecycleEvent):
    """The same for a message whose run was stopped or failed, told by the run engine's hook."""

    type: ClassVar[str] = "message_ended"


class IntentParsed(Event):
    """The first part of a reply: what the message wants."""

    type: ClassVar[str] = "intent_parsed"
    measured: ClassVar[frozenset[str]] = frozenset({"duration_ms"})

    reply_id: UUID
    intent_type: str
    confidence: float
    reasoning: str
    plot: dict[str, str]
    duration_ms: int


class PartReady(ContentEvent):
    """A part of a reply as JSON text, which is its content: `message_id` is the part's own."""

    measured: ClassVar[frozenset[str]] = frozenset({"duration_ms"})

    reply_id: UUID
    duration_ms: int


class QueryExecuted(PartReady):
    """What was executed, and its result (`agents.chats.Query`)."""

    type: ClassVar[str] = "query_executed"

    row_count: int


class InsightGenerated(PartReady):
    """What the result says (`agents.chats.Insight`)."""

    type: ClassVar[str] = "insight_generated"


class DataSummarised(PartReady):
    """Statistics of the result and a small chart (`agents.chats.Summary`)."""

    type: ClassVar[str] = "data_summary"


class ReferenceRead(PartReady):
    """A file that the reply rests on (`agents.chats.Quoted`)."""

    type: ClassVar[str] = "reference_read"


class ToolRequested(LifecycleEvent):
    """The reply waits until somebody allows these calls."""

    type: ClassVar[str] = "tool_call_requested"

    reply_id: UUID
    gate_id: UUID
    calls: tuple[ToolCalled, ...]


class ToolDecided(LifecycleEvent):
    """Somebody allowed or denied the calls of a gate; `edited` are those with other arguments."""

    type: ClassVar[str] = "tool_call_decided"

    gate_id: UUID
    decision: str
    decided_by: str = ""
    reason: str = ""
    edited: tuple[str, ...] = ()


class ToolStarted(Event):
    type: ClassVar[str] = "tool_call_started"

    reply_id: UUID
    call_id: str
    tool: str
    arguments: dict[str, Any]
    approval: str  # not_needed, automatic or given


class ToolFinished(Event):
    type: ClassVar[str] = "tool_call_result"

    reply_id: UUID
    call_id: str
    result: Any = None
    error: str = ""


class DataModelReady(Event):
    """The session's data set is profiled; `GET sessions/{id}/model/` has all of it."""

    type: ClassVar[str] = "data_model_ready"

    name: str
    summary: str
    tables: int
    columns: int
    rows: int
    relationships: int
    quality: float
    issues: int
    suggestions: tuple[str, ...] = ()


class Result(ContentEvent):
    """What an operation came to: its whole result as JSON text, which is the content."""

    type: ClassVar[str] = "result"
    envelope: ClassVar[Envelope] = Envelope.RESULT

    operation: str
    status: str
    reply_id: UUID | None = None


class SessionStarted(Event):
    type: ClassVar[str] = "session_started"

    title: str
    mode: str
    branch: str
    data_set: str


class ModeSwitched(LifecycleEvent):
    """The tools that runs from now on may use are others; who switched."""

    type: ClassVar[str] = "mode_switched"

    mode: str
    by: str


class BranchCreated(LifecycleEvent):
    type: ClassVar[str] = "branch_created"

    branch: str
    name: str
    parent: str
    fork_turn: int
    by: str


class BranchSwitched(LifecycleEvent):
    type: ClassVar[str] = "branch_switched"

    branch: str
    by: str


class BranchMerged(LifecycleEvent):
    """Copies of another branch's messages were added to the end of this one."""

    type: ClassVar[str] = "branch_merged"

    branch: str
    source: str
    how: str  # append or cherry_pick
    turns: int
    by: str


class TitleChanged(LifecycleEvent):
    type: ClassVar[str] = "title_changed"

    title: str
