"""Plans as the older planning endpoints know them: by a session id, one checkpoint at a time.

A session id is a plan's id, or a name that the client chose itself.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction

from planning.actions import Wish, propose
from planning.models import Plan
from runs import gates
from runs.exceptions import GateError
from runs.models import Gate
from streams.reader import follow

LONGEST_NAME = 100


class NotWaiting(GateError):
    """The plan does not wait at this checkpoint; nothing was decided."""

    code = "not_waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    plan: Plan
    is_new: bool


def find(user: User, session_id: str) -> Plan | None:
    """Return the plan of a session, if the user may see it."""
    plans = Plan.objects.visible_to(user).select_related("run")
    try:
        plan = plans.filter(pk=UUID(session_id)).first()
    except ValueError:
        plan = None
    return plan or plans.filter(created_by=user, client_key=f"session:{session_id}").first()


@transaction.atomic
def attach_or_start(user: User, wish: Wish, *, session_id: str, is_reconnect: bool) -> Found:
    """Return the session's plan, or start it: asking again never starts a second one.

    Without a session id, the user's plan with the same goal and figures counts as the session
    while it is not finished, and after that for a client that says it was connected before.
    """
    # One request of a user at a time, so that two cannot both find nothing.
    User.objects.select_for_update().get(pk=user.pk)
    if session_id:
        plan = find(user, session_id)
        key = f"session:{session_id}"
    else:
        text = f"{wish.goal.strip()}\n{wish.max_iterations}\n{wish.checkpoint_interval}"
        prefix = f"goal:{hashlib.sha256(text.encode()).hexdigest()[:32]}:"
        plan = (
            Plan.objects.select_related("run")
            .filter(created_by=user, client_key__startswith=prefix)
            .order_by("-created_at")
            .first()
        )
        if plan and plan.run.is_terminal and not is_reconnect:
            plan = None
        key = f"{prefix}{uuid4().hex}"
    if plan is not None:
        return Found(plan=plan, is_new=False)
    plan = propose(replace(wish, client_key=key, needs_proposal=False), by=user)
    return Found(plan=plan, is_new=True)


def approve_proposal(plan: Plan, *, by: User, via: str) -> None:
    """Approve the stored proposal if the plan waits for that; its figures count, no others."""
    gate = Gate.objects.filter(
        run=plan.run_id, kind=Gate.Kind.PROPOSAL, state=Gate.State.PENDING
    ).first()
    if gate is not None:
        gates.answer(gate.pk, by=by, decision="approve", digest=gate.digest, via=via)


def checkpoint_gate(plan: Plan, number: int) -> Gate:
    """Return the gate of a checkpoint. Raises `NotWaiting` if it has not been reached."""
    gate = Gate.objects.filter(run=plan.run_id, name=f"checkpoint-{number}").first()
    if gate is None:
        raise NotWaiting(f"The plan has not asked about checkpoint {number}; wait until it does.")
    return gate


def set_checkpoint_approved(
    plan: Plan, number: int, *, by: User, via: str = Gate.Via.API, decision: str = "approve"
) -> Gate:
    """Approve one checkpoint. Only that one: a second call never approves the next."""
    gate = checkpoint_gate(plan, number)
    return gates.answer(gate.pk, by=by, decision=decision, digest=gate.digest, via=via)


async def wait_for_checkpoint_approval(plan: Plan, number: int) -> bool:
    """Wait until a checkpoint is decided and return whether the plan may go on.

    Holds no thread and no connection. There is no time-out here: the gate has its deadline, and
    what happens then is decided by its policy, whether anybody waits or not.
    """
    async for batch in follow(plan.run.stream_id):
        for row in batch if isinstance(batch, list) else ():
            if row.type == "checkpoint_approved":
                if json.loads(row.body)["data"]["checkpoint"] == number:
                    return True
            elif row.is_last:
                return False
    return False


def reset_checkpoint_state(plan: Plan) -> None:
    """Do nothing: each checkpoint has a row of its own, so there is no state to reset."""
