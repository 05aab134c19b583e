"""Who decides a plan's gates, and what they are asked."""

from typing import Any

from agents.plans import CheckpointSummary, Proposal
from planning.conf import MOST_ITERATIONS
from planning.models import Plan
from runs.gates import Policy, Question
from runs.models import Gate


def policy(plan: Plan) -> Policy:
    return Policy(
        deadline_seconds=plan.deadline_seconds,
        on_expiry=plan.on_expiry,
        group=plan.approvers,
        owner_may_answer=not plan.four_eyes,
        quorum=plan.quorum,
    )


def proposal_question(plan: Plan, proposal: Proposal, attempt: int) -> Question:
    return Question(
        kind=Gate.Kind.PROPOSAL,
        name=f"proposal-{attempt}",
        text=f"Start planning with {proposal.max_iterations} iterations?",
        payload={"plan": str(plan.pk), "goal": plan.goal, **proposal.model_dump(mode="json")},
        decisions=("approve", "adjust", "reject"),
        policy=policy(plan),
    )


def checkpoint_question(
    plan: Plan, summary: CheckpointSummary, *, number: int, iteration: int, last: int
) -> Question:
    payload: dict[str, Any] = {
        "plan": str(plan.pk),
        "goal": plan.goal,
        "checkpoint": number,
        "iteration": iteration,
        "max_iterations": last,
        **summary.model_dump(mode="json"),
    }
    decisions = ["approve", "approve_all", "revise", "reject"]
    if iteration >= last:
        decisions.remove("approve_all")  # there is nothing left to approve
    if iteration >= MOST_ITERATIONS:
        decisions.remove("revise")  # a revision takes another iteration
    return Question(
        kind=Gate.Kind.CHECKPOINT,
        name=f"checkpoint-{number}",
        text=f"Checkpoint {number} - Approve to Continue?",
        payload=payload,
        decisions=tuple(decisions),
        policy=policy(plan),
    )
