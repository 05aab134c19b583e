"""An engine that says what its script says: for tests, demonstrations and benchmarks only.

It does every step with small, valid results that depend on nothing but the step's
input, and can be slow, chatty, failing or asking for approval when its `Script` says so.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal

from agents import scripted_chats, scripted_results, scripted_strategies
from agents.base import (
    NO_DECISIONS,
    AgentEvent,
    ApprovalNeeded,
    CancelFlag,
    Card,
    Decision,
    Delta,
    Done,
    Metric,
    Progress,
    StepContext,
    StepKind,
    ToolCall,
)
from agents.exceptions import Cancelled, Permanent, Retryable
from agents.plans import IterationResult, Shape

SUB_AGENTS = ("planner", "verifier", "executor", "generator")
# Short enough for a cancelled step to end well within the second its contract allows.
SLICE_SECONDS = 0.25
TEXT_OF = {"propose": "approach", "summarise": "summary", "finalise": "markdown"}
BUILDERS: dict[str, Callable[[Mapping[str, Any]], Shape]] = {
    "propose": scripted_results.proposal,
    "iterate": scripted_results.iteration,
    "summarise": scripted_results.summary,
    "finalise": scripted_results.plan,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The step fails the first `times` times it is tried for a run."""

    times: int = 1
    error: Literal["retryable", "permanent", "crash"] = "retryable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How the engine behaves. Keys of `fail`, `slow` and `approval` are step names or kinds."""

    delay: float = 0.0  # seconds before each event
    slow: Mapping[str, float] = field(default_factory=dict)  # the same for some steps alone
    events_per_iteration: int = 8  # Progress events of an iteration, or of a strategy's step
    delta_size: int = 40  # characters of a piece of text
    words: int = 40  # of an answer in a chat; each is a piece of its own
    fail: Mapping[str, Failure] = field(default_factory=dict)
    approval: tuple[str, ...] = ()  # steps that ask a person once

    def __post_init__(self) -> None:
        least = min(self.events_per_iteration, self.delta_size, self.words)
        if min([self.delay, *self.slow.values()]) < 0 or least < 1:
            message = "A script needs delay >= 0, and 1 or more of everything that it counts."
            raise Permanent(message, code="bad_script")

    @classmethod
    def from_json(cls, text: str) -> "Script":
        """Read a script such as `{"delay": 0.1, "fail": {"iterate": {"times": 2}}}`."""
        try:
            given = json.loads(text)
            unknown = sorted(set(given) - {known.name for known in fields(cls)})
            if unknown:
                raise Permanent(f"A script has no {', '.join(unknown)}.", code="bad_script")
            failures = {step: Failure(**how) for step, how in given.pop("fail", {}).items()}
            return cls(**given | {"fail": failures, "approval": tuple(given.get("approval", ()))})
        except (TypeError, ValueError, AttributeError) as error:
            message = f"CAIRN_SCRIPT is not a script in JSON: {error}."
            raise Permanent(message, code="bad_script") from error


class ScriptedEngine:
    name = "scripted"
    capabilities = frozenset(
        {*BUILDERS, "initialise", "reply", "strategy", "workflow", "deterministic"}
    )

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        # Failures are counted in this process only, which is all a test of retries needs.
        self._tries: Counter[tuple[str, str]] = Counter()

    async def step(
        self,
        kind: StepKind,
        ctx: StepContext,
        cancel: CancelFlag,
        decisions: Mapping[str, Decision] = NO_DECISIONS,
    ) -> AsyncIterator[AgentEvent]:
        if kind not in self.capabilities:
            raise Permanent(f"The scripted engine cannot {kind}.", code="unsupported_kind")
        slow = self.script.slow
        delay = slow.get(ctx.step, slow.get(kind, self.script.delay))
        for event in self._events(kind, ctx, decisions):
            await self._pause(delay, cancel)
            yield event
            if isinstance(event, ApprovalNeeded):
                return

    def _events(
        self, kind: StepKind, ctx: StepContext, decisions: Mapping[str, Decision]
    ) -> Iterator[AgentEvent]:
        if kind in BUILDERS:
            yield from self._plan_events(kind, ctx)
            return
        if kind == "strategy":
            yield Progress(percent=0, message=f"Started {ctx.step}.", agent=SUB_AGENTS[0])
        self._fail_if_told(kind, ctx)
        if kind == "initialise":
            yield from scripted_chats.initialise(ctx.input)
        elif kind == "reply":
            yield from scripted_chats.reply(ctx, decisions, self.script.words)
        elif kind == "strategy":
            yield from scripted_strategies.events(ctx.input, self.script.events_per_iteration)
        else:
            yield from scripted_chats.workflow(ctx.input)

    def _plan_events(self, kind: StepKind, ctx: StepContext) -> Iterator[AgentEvent]:
        yield Progress(percent=0, message=f"Started {ctx.step}.", agent=SUB_AGENTS[0])
        self._fail_if_told(kind, ctx)
        if ctx.state is None and {kind, ctx.step} & set(self.script.approval):
            yield _question(ctx)
        result = BUILDERS[kind](ctx.input)
        if isinstance(result, IterationResult):
            yield from self._iteration_events(result)
        text = str(getattr(result, TEXT_OF.get(kind, ""), ""))
        for start in range(0, len(text), self.script.delta_size):
            yield Delta(text=text[start : start + self.script.delta_size])
        yield Progress(percent=100, message=f"Finished {ctx.step}.", agent=SUB_AGENTS[-1])
        yield Done(result=result.model_dump(mode="json"), usage={"events": 1})

    def _iteration_events(self, result: IterationResult) -> Iterator[AgentEvent]:
        total = self.script.events_per_iteration
        metrics = scripted_results.metrics(result)
        for number in range(total):
            agent = SUB_AGENTS[number * len(SUB_AGENTS) // total]
            framework = result.frameworks[number * len(result.frameworks) // total]
            yield Progress(
                percent=round(99 * (number + 1) / total, 2),
                message=f"Iteration {result.number}, {framework}: part {number + 1} of {total}.",
                agent=agent,
                card=_card(framework) if number == 0 else None,
            )
            share = slice(number * len(metrics) // total, (number + 1) * len(metrics) // total)
            for name, value in metrics[share]:
                yield Metric(name=name, value=value)

    def _fail_if_told(self, kind: StepKind, ctx: StepContext) -> None:
        failure = self.script.fail.get(ctx.step) or self.script.fail.get(kind)
        if failure is None or self._tries[ctx.run_id, ctx.step] >= failure.times:
            return
        self._tries[ctx.run_id, ctx.step] += 1
        message = f"The script says that {ctx.step} fails."
        if failure.error == "crash":
            raise RuntimeError(message)
        if failure.error == "permanent":
            raise Permanent(message, code="scripted")
        raise Retryable(message, code="scripted", retry_after=self.script.delay)

    async def _pause(self, seconds: float, cancel: CancelFlag) -> None:
        """Wait, and end at once when the step is cancelled."""
        left = seconds
        while not cancel.is_set():
            await asyncio.sleep(min(left, SLICE_SECONDS))
            left -= SLICE_SECONDS
            if left <= 0:
                return
        raise Cancelled


def build() -> ScriptedEngine:
    """Return the engine for the script in the environment variable CAIRN_SCRIPT, if any."""
    return _build(os.environ.get("CAIRN_SCRIPT", ""))


@cache
def _build(text: str) -> ScriptedEngine:
    # The same script gives the same engine, so that its failures are counted over all steps.
    return ScriptedEngine(Script.from_json(text) if text else None)


def _question(ctx: StepContext) -> ApprovalNeeded:
    call = ToolCall(call_id="script-1", tool="publish", arguments={"step": ctx.step})
    return ApprovalNeeded(
        question=f"May {ctx.step} go on?", calls=(call,), state={"asked": ctx.step}
    )


def _card(framework: str) -> Card:
    return Card(
        title=framework,
        description=f"{framework} as the script tells it.",
        details=("First detail.", "Second detail."),
        insight="A script always says the same.",
        next_step="Read the findings.",
        estimated_seconds=1.0,
    )
