"""A step that an engine does alone: no person is asked in the middle of it."""

from collections.abc import Callable, Sequence
from typing import Any

from agents.base import AgentEvent, ApprovalNeeded, Engine, Metric, Progress, StepContext, StepKind
from agents.exceptions import Permanent
from agents.plans import Shape
from runs.agent_steps import drive
from runs.scope import StepScope
from streams.events import Event

Tell = Callable[[Progress | Metric], Sequence[Event]]


async def engine_step(
    scope: StepScope, engine: Engine, kind: StepKind, given: Shape, tell: Tell | None = None
) -> dict[str, Any]:
    """Let the engine do a step; return its result. `tell` turns its events into ours."""
    ctx = StepContext(
        run_id=str(scope.context.run.pk), step=scope.name, input=given.model_dump(mode="json")
    )

    async def told(event: AgentEvent) -> None:
        if tell is not None and isinstance(event, Progress | Metric):
            await scope.emit(*tell(event))

    ending = await drive(scope, engine, kind, ctx, told)
    if isinstance(ending, ApprovalNeeded):
        message = f"{engine.name} asked for a tool approval while planning."
        raise Permanent(message, code="bad_engine")
    return dict(ending.result)
