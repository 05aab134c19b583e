"""Rows that tests of the API start from, made without a runner."""

from typing import Any

from django.contrib.auth.models import User

from chat.actions import Wish as ChatWish
from chat.actions import start_session
from chat.models import ChatSession, Message
from chat.posting import post_message
from planning.actions import Wish, propose
from planning.models import Checkpoint, Plan
from runs import gates
from runs.gates import Policy, Question
from runs.models import Gate
from tests.factories import held

DECISIONS = ("approve", "approve_all", "revise", "reject")


def plan(by: User, goal: str = "Open a second bakery", **wish: Any) -> Plan:
    return propose(Wish(goal=goal, engine="scripted", **wish), by=by)


def gate(of: Plan, number: int = 1, **policy: Any) -> Gate:
    """Let a plan wait at a checkpoint."""
    of.run.refresh_from_db()
    question = Question(
        kind=Gate.Kind.CHECKPOINT,
        name=f"checkpoint-{number}",
        text=f"Checkpoint {number} - Approve to Continue?",
        payload={"checkpoint": number, "summary": "Two frameworks so far."},
        decisions=DECISIONS,
        policy=Policy(**policy),
    )
    opened = gates.open_gate(held(of.run), question)
    Checkpoint.objects.create(
        plan=of,
        number=number,
        iteration=2 * number,
        gate=opened,
        summary="Two frameworks so far.",
        frameworks=["SWOT Analysis"],
        data_points=3,
        deltas={"data_points": 3},
        insights=["Rent matters."],
    )
    return opened


def proposal(of: Plan, **policy: Any) -> Gate:
    """Let a plan wait for the approval of its proposal: three iterations, interval one."""
    of.run.refresh_from_db()
    question = Question(
        kind=Gate.Kind.PROPOSAL,
        name="proposal-1",
        text="Start planning?",
        payload={
            "title": "A second bakery",
            "approach": "Look at the rent.",
            "max_iterations": 3,
            "checkpoint_interval": 1,
        },
        decisions=("approve", "adjust", "reject"),
        policy=Policy(**policy),
    )
    return gates.open_gate(held(of.run), question)


def session(by: User, **wish: Any) -> ChatSession:
    """Start a chat whose data is not profiled yet."""
    return start_session(ChatWish(**{"engine": "scripted", **wish}), by=by)


def message(of: ChatSession, text: str = "How many rows by month?") -> Message:
    """Ask something, without waiting for an answer."""
    return post_message(of, text, by=of.created_by).message
