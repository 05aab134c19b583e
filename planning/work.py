"""What a plan does in a segment: its steps, in the order its handler calls them."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.urls import reverse

from agents import registry
from agents.base import StepKind
from agents.plans import (
    CheckpointSummary,
    Document,
    FinaliseInput,
    FinalPlan,
    IterateInput,
    IterationResult,
    Proposal,
    Shape,
    SummariseInput,
)
from planning import policy, recording, telling
from planning.conf import MOST_ITERATIONS
from planning.engine_steps import Tell, engine_step
from planning.events import (
    CheckpointApproved,
    FinalPlanReady,
    IterationCompleted,
    IterationStarted,
    PlanningStarted,
    PlanSaved,
)
from planning.models import Plan
from planning.telling import IterationTeller
from runs.context import RunContext
from runs.models import Gate
from runs.scope import StepScope
from streams.events import Event

logger = logging.getLogger(__name__)
GOAL_SHOWN = 120


class PlanWork:
    """One segment of a plan. Holds what the replayed steps gave."""

    def __init__(self, context: RunContext, plan: Plan, documents: tuple[Document, ...]) -> None:
        self.context = context
        self.plan = plan
        self.documents = documents
        self.engine = registry.engine(plan.engine)
        self.results: list[IterationResult] = []
        self.comments: list[str] = [plan.guidance] if plan.guidance else []
        self.proposal: Proposal
        self.extra = 0  # iterations that revisions at the last checkpoint added
        self.checkpoints = 0
        self.since = 0  # the iteration at the checkpoint before
        self.approved_to_the_end = False

    @property
    def planned(self) -> int:
        return self.proposal.max_iterations

    @property
    def last(self) -> int:
        return min(self.planned + self.extra, MOST_ITERATIONS)

    async def engine_step(
        self, scope: StepScope, kind: StepKind, given: Shape, tell: Tell | None = None
    ) -> dict[str, Any]:
        """Let the engine do a step; return its result. `tell` turns its events into ours."""
        return await engine_step(scope, self.engine, kind, given, tell)

    def adopt(self) -> None:
        """Take the proposal of the plan this one was branched from, which was approved there."""
        self.proposal = Proposal.recorded(self.plan.proposal)
        finished = self.plan.first_iteration - 1
        self.extra = max(0, finished - self.planned)
        if self.plan.guidance and finished >= self.planned:
            self.extra += 1  # otherwise there would be no iteration left to guide

    async def start(self) -> None:
        """Take the approved proposal's figures: they are the plan's from now on."""

        async def work(scope: StepScope) -> None:
            return None

        def finish(result: None, milliseconds: int) -> Sequence[Event]:
            Plan.objects.filter(pk=self.plan.pk).update(
                max_iterations=self.proposal.max_iterations,
                checkpoint_interval=self.proposal.checkpoint_interval,
            )
            return [
                PlanningStarted(
                    goal=self.plan.goal[:GOAL_SHOWN],
                    max_iterations=self.proposal.max_iterations,
                    checkpoint_interval=self.proposal.checkpoint_interval,
                )
            ]

        await self.context.step("start", work, finish=finish)

    async def iterate(self, number: int) -> None:
        given = IterateInput(
            goal=self.plan.goal,
            number=number,
            max_iterations=self.last,
            proposal=self.proposal,
            documents=self.documents,
            earlier=tuple(self.results),
            comments=tuple(self.comments),
        )
        frameworks = list(dict.fromkeys(name for one in self.results for name in one.frameworks))
        points = sum(len(one.data_points) for one in self.results)

        def begin() -> Sequence[Event]:
            logger.info("Iteration started run=%s iteration=%s", self.context.run.pk, number)
            recording.begin_iteration(self.plan, number)
            return [IterationStarted(iteration=number, max=self.last)]

        async def work(scope: StepScope) -> dict[str, Any]:
            teller = IterationTeller(number, self.planned, frameworks, points)
            return await self.engine_step(scope, "iterate", given, teller.about)

        def finish(result: dict[str, Any], milliseconds: int) -> Sequence[Event]:
            found = IterationResult.model_validate(result)
            recording.finish_iteration(self.plan, found, milliseconds)
            logger.info(
                "Iteration finished run=%s iteration=%s ms=%s frameworks=%s data_points=%s",
                self.context.run.pk,
                number,
                milliseconds,
                len(found.frameworks),
                len(found.data_points),
            )
            return [
                IterationCompleted(
                    iteration=number,
                    duration_ms=milliseconds,
                    frameworks=found.frameworks,
                    data_points=len(found.data_points),
                    insights=len(found.insights),
                    gaps=len(found.gaps),
                )
            ]

        result = await self.context.step(f"iteration-{number}", work, begin=begin, finish=finish)
        self.results.append(IterationResult.recorded(result))

    async def checkpoint(self, iteration: int) -> None:
        """Sum up and wait for a decision, unless all were approved in advance."""
        self.checkpoints += 1
        number = self.checkpoints
        if iteration < self.plan.first_iteration:  # decided where this plan branched off
            self.since = iteration
            return
        summary = await self._summary(number, iteration)
        if self.approved_to_the_end:
            await self._pass(number, iteration, summary)
            return
        question = policy.checkpoint_question(
            self.plan, summary, number=number, iteration=iteration, last=self.last
        )

        def before(gate: Gate) -> Sequence[Event]:
            recording.reach_checkpoint(
                self.plan, summary, number=number, iteration=iteration, gate=gate
            )
            return [telling.reached(self.context.run, number, iteration, summary, gate)]

        gate = await self.context.ask(question, before=before)
        self.approved_to_the_end = gate.decision == "approve_all"
        if gate.decision == "revise":
            self.comments.append(gate.comment)
            if iteration >= self.last:
                self.extra += 1

    async def _summary(self, number: int, iteration: int) -> CheckpointSummary:
        given = SummariseInput(
            goal=self.plan.goal,
            checkpoint=number,
            iteration=iteration,
            max_iterations=self.last,
            proposal=self.proposal,
            results=tuple(self.results),
            since=self.since,
            comments=tuple(self.comments),
        )
        self.since = iteration
        work = partial(self.engine_step, kind="summarise", given=given)
        return CheckpointSummary.recorded(await self.context.step(f"summary-{number}", work))

    async def _pass(self, number: int, iteration: int, summary: CheckpointSummary) -> None:
        async def work(scope: StepScope) -> None:
            return None

        def finish(result: None, milliseconds: int) -> Sequence[Event]:
            recording.reach_checkpoint(
                self.plan, summary, number=number, iteration=iteration, gate=None
            )
            return [
                telling.reached(self.context.run, number, iteration, summary, None),
                CheckpointApproved(checkpoint=number, decision="approve_all"),
            ]

        await self.context.step(f"checkpoint-{number}", work, finish=finish)

    async def finalise(self) -> None:
        given = FinaliseInput(
            goal=self.plan.goal,
            proposal=self.proposal,
            titles={document.id: document.title for document in self.documents},
            results=tuple(self.results),
            comments=tuple(self.comments),
            checkpoints=self.checkpoints,
        )

        def finish(result: dict[str, Any], milliseconds: int) -> Sequence[Event]:
            final = FinalPlan.model_validate(result)
            entity = recording.save_final_plan(self.plan, final)
            counted = recording.metrics(self.plan)
            return [
                FinalPlanReady(
                    frameworks=counted["frameworks"],
                    data_points=counted["data_points"],
                    iterations=counted["iterations"],
                    checkpoints=counted["checkpoints"],
                    message_id=telling.message_id(self.context.run, "final-plan"),
                    content=final.markdown,
                ),
                PlanSaved(
                    entity=entity.slug,
                    title=entity.title,
                    url=reverse("entity", args=[entity.slug]),
                ),
            ]

        work = partial(self.engine_step, kind="finalise", given=given)
        await self.context.step("finalise", work, finish=finish)
