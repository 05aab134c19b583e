"""What a strategy does in a segment: its steps, each of which may fail without ending it."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import DatabaseError
from django.urls import reverse

from agents import registry
from agents.exceptions import AgentError, Cancelled, Permanent
from agents.plans import Document
from agents.strategies import Missing, StrategyInput, StrategyStepResult
from agents.strategies import Strategy as Written
from agents.strategy_guides import STEPS, Guide
from planning.engine_steps import engine_step
from planning.models import Strategy
from planning.strategy import estimates, fallback, recording, telling
from planning.strategy.events import StrategyReady, StrategySaved, StrategyStarted
from planning.telling import message_id
from runs.context import RunContext
from runs.events import Failure
from runs.execution import failure
from runs.models import Run
from runs.scope import ReplayDivergedError, StepScope
from streams.events import Event
from streams.exceptions import Fenced, StreamClosed

logger = logging.getLogger(__name__)
GOAL_SHOWN = 120
LAST = STEPS[-1]
# These are no failures of a step: the run is held no longer, nothing can be written, or a replay
# must start again.
NOT_THE_STEPS = (Cancelled, DatabaseError, Fenced, ReplayDivergedError, StreamClosed)


class StrategyWork:
    """One segment of a strategy. Holds what the replayed steps gave."""

    def __init__(
        self, context: RunContext, strategy: Strategy, documents: tuple[Document, ...]
    ) -> None:
        self.context = context
        self.strategy = strategy
        self.documents = documents
        self.engine = registry.engine(strategy.engine)
        self.results: list[StrategyStepResult] = []
        self.missing: list[Missing] = []

    async def do(self, guide: Guide) -> None:
        """Do a step, or note that it is missing. Raises `Permanent` if there is nothing to write."""
        if guide is LAST and not self.results:
            reason = self.missing[-1].reason
            raise Permanent(f"None of the steps could be done: {reason}", code="nothing_done")
        outcome = await self.context.step(
            guide.name,
            partial(self._try, guide),
            begin=partial(self._begin, guide),
            finish=partial(self._finish, guide),
        )
        if error := outcome.get("error"):
            self.missing.append(Missing(step=guide.name, reason=error["message"]))
        else:
            self.results.append(StrategyStepResult.recorded(outcome["result"]))

    def _begin(self, guide: Guide) -> Sequence[Event]:
        recording.begin_step(self.strategy, guide)
        if guide is not STEPS[0]:
            return []
        return [
            StrategyStarted(
                goal=self.strategy.goal[:GOAL_SHOWN],
                steps=len(STEPS),
                estimated_seconds=estimates.total(self.strategy),
            )
        ]

    async def _try(self, guide: Guide, scope: StepScope) -> dict[str, Any]:
        seconds = self.strategy.estimates.get(guide.name, guide.seconds)
        await scope.emit(*telling.started(guide, seconds))
        given = StrategyInput(
            goal=self.strategy.goal,
            step=guide.name,
            documents=self.documents,
            earlier=tuple(self.results),
            missing=tuple(self.missing),
        )
        try:
            tell = partial(telling.working, guide)
            result = await engine_step(scope, self.engine, "strategy", given, tell)
            return {"result": self._checked(guide, result)}
        except NOT_THE_STEPS:
            raise
        except Exception as error:
            if not isinstance(error, Permanent) and not await self._is_last_try():
                raise  # tried again after a while
            is_bug = not isinstance(error, AgentError)
            logger.warning(
                "Step failed run=%s step=%s",
                self.context.run.pk,
                guide.name,
                exc_info=error if is_bug else None,
            )
            return {"error": failure(error).model_dump()}

    def _checked(self, guide: Guide, result: dict[str, Any]) -> dict[str, Any]:
        found = StrategyStepResult.model_validate(result)
        if guide is LAST and found.strategy is None:
            raise Permanent(f"{self.engine.name} wrote no strategy.", code="bad_engine")
        return found.model_dump(mode="json")

    async def _is_last_try(self) -> bool:
        def query() -> tuple[int, int]:
            run = Run.objects.filter(pk=self.context.run.pk)
            return run.values_list("attempts", "max_attempts").get()

        attempts, most = await self.context.read(query)
        return attempts >= most

    def _finish(self, guide: Guide, outcome: dict[str, Any], milliseconds: int) -> Sequence[Event]:
        written: Written | None = None
        if told := outcome.get("error"):
            reason = Failure.model_validate(told)
            recording.fail_step(self.strategy, guide, reason, milliseconds)
            events = telling.failed(guide, reason, milliseconds)
            missing = [*self.missing, Missing(step=guide.name, reason=reason.message)]
        else:
            result = StrategyStepResult.model_validate(outcome["result"])
            recording.complete_step(self.strategy, guide, result, milliseconds)
            events = telling.completed(guide, result, milliseconds)
            missing, written = self.missing, result.strategy
        if guide is not LAST:
            return events
        # That it could not be written well is no reason to lose what was found.
        whole = written or fallback.outline(self.strategy.goal, self.results, missing)
        return [*events, *self._save(whole, missing)]

    def _save(self, written: Written, missing: Sequence[Missing]) -> Sequence[Event]:
        entity = recording.save(self.strategy, written)
        return [
            StrategyReady(
                title=written.title,
                frameworks=len(written.frameworks),
                findings=written.findings,
                data_points=written.data_points,
                gaps=written.gaps,
                missing=tuple(one.step for one in missing),
                message_id=message_id(self.context.run, "strategy"),
                content=written.markdown,
            ),
            StrategySaved(
                entity=entity.slug, title=entity.title, url=reverse("entity", args=[entity.slug])
            ),
        ]
