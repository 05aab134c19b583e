"""What the server answers, as far as programs usually look; docs/reference/openapi.yaml has all."""

from typing import Any, TypedDict


class Failed(TypedDict):
    code: str
    message: str


class Gate(TypedDict):
    """A question to a person. Answer it with the digest of the payload you have shown."""

    id: str
    run_id: str
    kind: str
    name: str
    state: str
    question: str
    payload: dict[str, Any]
    digest: str
    deadline: str
    decisions: list[str]
    may_answer: dict[str, Any]
    decision: str | None
    decided_by: str | None
    decided_at: str | None
    comment: str
    via: str | None


class Run(TypedDict):
    id: str
    kind: str
    state: str
    progress: float
    step: str
    message: str
    position: int
    cancel_requested: bool
    pause_requested: bool
    pending_gate: Gate | None
    error: Failed | None
    created_at: str
    started_at: str | None
    finished_at: str | None


class Work(TypedDict):
    """A plan or a strategy, as lists show it."""

    id: str
    goal: str
    state: str
    progress: float
    message: str
    engine: str
    run_id: str
    created_by: str
    created_at: str
    finished_at: str | None
    entity: dict[str, str] | None


class PlanSummary(Work):
    max_iterations: int
    checkpoint_interval: int


class Plan(PlanSummary):
    error: Failed | None
    position: int
    proposal: dict[str, Any] | None
    documents: list[dict[str, Any]]
    iterations: list[dict[str, Any]]
    checkpoints: list[dict[str, Any]]
    final_plan: str | None
    metrics: dict[str, Any]
    pending_gate: Gate | None


class SessionSummary(TypedDict):
    id: str
    title: str
    mode: str
    state: str
    turns: int
    updated_at: str


class Session(SessionSummary):
    data_set: dict[str, Any]
    branch: str
    branches: list[dict[str, Any]]
    pending_gates: list[Gate]
    run_id: str
    position: int


class Posted(TypedDict):
    message_id: str
    run_id: str
    turn: int
    branch: str
    queued_behind: str | None


class Message(TypedDict):
    id: str
    role: str
    turn: int
    branch: str
    status: str
    text: str
    sequence: int
    run_id: str | None
    by: str | None
    parts: dict[str, Any]
    error: Failed | None


class Content(TypedDict):
    """A message's text after a sequence, up to `sequence`; `completed`: none will follow."""

    message_id: str
    sequence: int
    content: str
    completed: bool


class File(TypedDict):
    id: str
    slug: str
    name: str
    size: int
    sha256: str
    uses: list[str]


class Entity(TypedDict):
    slug: str
    title: str
    body: str
    links: list[str]
    backlinks: list[str]
    updated_at: str
