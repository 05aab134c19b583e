"""Proposals of a plan: worked out, shown, adjusted, approved."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from agents.plans import Proposal, ProposeInput
from planning import policy, telling
from planning.conf import LONGEST_INTERVAL, MOST_ITERATIONS
from planning.events import ProposalReady
from planning.models import Plan
from planning.work import PlanWork
from runs.scope import StepScope
from streams.events import Event


async def propose(work: PlanWork) -> Proposal:
    """Work out proposals until one is approved, and return it."""
    adjustments: list[str] = []
    wanted = (work.plan.max_iterations, work.plan.checkpoint_interval)
    attempt = 1
    while True:
        proposal = await _proposal(work, attempt, adjustments, *wanted)
        if not work.plan.needs_proposal:
            break
        question = policy.proposal_question(work.plan, proposal, attempt)
        gate = await work.context.ask(question, before=lambda gate: ())
        if gate.decision != "adjust":
            break
        if gate.comment:
            adjustments.append(gate.comment)
        wanted = _adjusted(gate.answer or {}, proposal)
        attempt += 1
    return proposal


async def _proposal(
    work: PlanWork, attempt: int, adjustments: list[str], iterations: int, interval: int
) -> Proposal:
    given = ProposeInput(
        goal=work.plan.goal,
        max_iterations=iterations,
        checkpoint_interval=interval,
        documents=work.documents,
        adjustments=tuple(adjustments),
    )

    async def propose_once(scope: StepScope) -> dict[str, Any]:
        tell = partial(telling.about_proposal, attempt=attempt)
        result = await work.engine_step(scope, "propose", given, tell)
        proposal = Proposal.model_validate(result)
        await scope.emit(
            ProposalReady(
                title=proposal.title,
                max_iterations=proposal.max_iterations,
                checkpoint_interval=proposal.checkpoint_interval,
                attempt=attempt,
                message_id=scope.message_id("approach"),
                content=proposal.approach,
            )
        )
        return result

    def finish(result: dict[str, Any], milliseconds: int) -> Sequence[Event]:
        Plan.objects.filter(pk=work.plan.pk).update(proposal=result)
        return ()

    return Proposal.recorded(
        await work.context.step(f"proposal-{attempt}", propose_once, finish=finish)
    )


def _adjusted(answer: dict[str, Any], proposal: Proposal) -> tuple[int, int]:
    """Return the figures an adjustment asks for, as far as they are possible."""
    iterations, interval = proposal.max_iterations, proposal.checkpoint_interval
    asked = answer.get("max_iterations")
    if isinstance(asked, int) and 1 <= asked <= MOST_ITERATIONS:
        iterations = asked
    asked = answer.get("checkpoint_interval")
    if isinstance(asked, int) and 1 <= asked <= LONGEST_INTERVAL:
        interval = asked
    return iterations, min(interval, iterations)
