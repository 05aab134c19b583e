"""The Engine protocol: one durable step at a time, JSON in and JSON out.

An engine yields events while it works and then ends in exactly one way: `Done`,
`ApprovalNeeded`, or by raising `Retryable`, `Permanent` or `Cancelled` (`agents.exceptions`).
It never numbers events, never touches a database and never waits for a person: when it needs
one, it gives `ApprovalNeeded` with all it must remember and returns.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol

JSON = Any  # what json.dumps takes; checked where it is stored

StepKind = Literal[
    "propose", "iterate", "summarise", "finalise", "initialise", "reply", "strategy", "workflow"
]


class CancelFlag(Protocol):
    """Whether the caller still wants the result; looked at between pieces of work."""

    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContext:
    """What a step may know.

    `input` is the JSON form of the kind's input class (`agents.plans`, `agents.strategies`,
    `agents.data_model` and `agents.chats` have them).
    `run_id` and `step` name the work: `idempotency_key` makes keys for calls to the outside,
    which must bear being made twice.
    """

    run_id: str
    step: str
    input: Mapping[str, JSON]
    state: JSON = None  # what `ApprovalNeeded.state` held, when the step is resumed
    # What allowed calls gave in an earlier try of this step, by call: they are not made again.
    results: Mapping[str, JSON] = field(default_factory=dict)

    def idempotency_key(self, call: str) -> str:
        return f"{self.run_id}:{self.step}:{call}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's answer to one `ApprovalNeeded`."""

    decision: str
    comment: str = ""
    arguments: Mapping[str, JSON] | None = None


NO_DECISIONS: Mapping[str, Decision] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Something to learn while waiting: shown beside the progress of a step."""

    title: str
    description: str
    details: tuple[str, ...] = ()
    insight: str = ""
    next_step: str = ""
    estimated_seconds: float | None = None
    prompt_preview: str = ""  # the beginning of what a language model is asked, if one is


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the step is. `percent` is 0-100 within this step and never falls."""

    percent: float
    message: str
    agent: str = ""  # which part speaks: planner, verifier, executor, generator
    card: Card | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """A piece of text of the answer; all of a step's deltas, joined, are its text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    call_id: str
    tool: str
    arguments: Mapping[str, JSON] = field(default_factory=dict)
    description: str = ""  # of what the tool does, for the person who is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    call_id: str
    result: JSON
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A count that grew or a figure that was found, told as it is found.

    `name` is `frameworks`, `data_points`, `insights`, `gaps` or `citations` in planning;
    `value` is the total in this step so far; `detail` says what was added.
    """

    name: str
    value: float
    unit: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the result, told as soon as it is ready: `data` is the JSON form of its shape.

    `milliseconds` is how long it took, for people to see; repeating a step may take longer.
    """

    name: str
    data: Mapping[str, JSON]
    milliseconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalNeeded:
    """The step stops until a person decides. `state` is opaque JSON, given back on resuming.

    With `calls`, a person allows or denies them: the decision of each comes back by its
    `call_id`. Without, the question itself is asked, and its answer comes back as `question`;
    `options` are answers to choose from.
    """

    question: str
    calls: tuple[ToolCall, ...]
    state: JSON
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The step's result: the JSON form of the kind's result class."""

    result: Mapping[str, JSON]
    usage: Mapping[str, float] = field(default_factory=dict)


AgentEvent = Progress | Delta | Part | ToolCall | ToolResult | Metric | ApprovalNeeded | Done
Ending = ApprovalNeeded | Done


class Engine(Protocol):
    """Something that can do steps.

    `capabilities` names what a caller may rely on: the step kinds it does, and
    `deterministic` (the same context always gives the same events).
    """

    name: str
    capabilities: frozenset[str]

    def step(
        self,
        kind: StepKind,
        ctx: StepContext,
        cancel: CancelFlag,
        decisions: Mapping[str, Decision] = ...,
    ) -> AsyncIterator[AgentEvent]: ...
