"""The run of a plan: proposal, iterations, checkpoints, final plan.

The handler starts anew after each wait or crash; steps that are recorded are not done again, so
it quickly comes to where the plan stands.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from agents.plans import Document
from planning import reading, shapes
from planning.actions import KIND, again
from planning.events import CheckpointApproved, CheckpointExpired, CheckpointRejected
from planning.models import Plan
from planning.proposing import propose
from planning.work import PlanWork
from runs import handlers
from runs.context import RunContext
from runs.models import Gate, Run
from streams.events import Event


async def execute_plan(context: RunContext) -> str:
    """Do what is left of a plan, up to its next gate or its end."""

    def load() -> tuple[Plan, tuple[Document, ...]]:
        plan = Plan.objects.select_related(
            "run", "created_by", "approvers", "branched_from__plan__entity"
        ).get(run=context.run)
        return plan, reading.as_given(plan.documents.all())

    work = PlanWork(context, *await context.read(load))
    if work.plan.branched_from_id:
        work.adopt()
    else:
        work.proposal = await propose(work)
    await work.start()
    number = 0
    while number < work.last:
        number += 1
        await context.pause_point()
        await work.iterate(number)
        if number % work.proposal.checkpoint_interval == 0 or number > work.planned:
            await work.checkpoint(number)
    await work.finalise()
    return "Planning completed!"


def gate_closed(gate: Gate) -> Sequence[Event]:
    """Say what a decision at a checkpoint means for the plan."""
    if gate.kind != Gate.Kind.CHECKPOINT:
        return ()
    number = int(gate.payload["checkpoint"])
    by = gate.decided_by.get_username() if gate.decided_by else ""
    events: list[Event] = []
    if gate.via == Gate.Via.POLICY:
        events.append(CheckpointExpired(checkpoint=number, policy=gate.on_expiry))
    if gate.decision == "reject":
        events.append(CheckpointRejected(checkpoint=number, decided_by=by, comment=gate.comment))
    elif gate.decision:
        events.append(
            CheckpointApproved(
                checkpoint=number, decision=gate.decision, decided_by=by, comment=gate.comment
            )
        )
    return events


def snapshot(run: Run) -> dict[str, Any] | None:
    plan = Plan.objects.filter(run=run).first()
    return shapes.plan(plan) if plan else None


def about(runs: Sequence[Run]) -> Mapping[UUID, handlers.About]:
    """Name runs by the goals of their plans."""
    found = Plan.objects.filter(run__in=[one.pk for one in runs]).only("pk", "goal", "run_id")
    return {
        one.run_id: handlers.About(title=one.goal, url=reverse("plan", args=[one.pk]))
        for one in found
    }


def connect() -> None:
    handlers.register(
        handlers.Kind(
            name=KIND,
            handler=execute_plan,
            gate_closed=gate_closed,
            snapshot=snapshot,
            about=about,
            again=again,
        )
    )
