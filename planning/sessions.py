"""Plans as the older planning endpoints know them: by a session id, one checkpoint at a time.

A session id is a plan's id, or a name that the client chose itself. A session of a client's own
name may have several plans, one after the other; the newest counts.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from planning.actions import Wish, propose
from planning.models import Plan
from runs import gates
from runs.exceptions import GateError
from runs.models import Gate
from streams.pool import pooled
from streams.reader import follow

LONGEST_NAME = 100


class NotWaiting(GateError):
    """The plan does not wait at this checkpoint; nothing was decided."""

    code = "not_waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client says when it wants to follow a plan, or have one.

    `is_reconnect` is true of a client that was connected before. `wish` is None for one that
    only wants to follow.
    """

    session_id: str = ""
    is_reconnect: bool = False
    wish: Wish | None = None

    @property
    def key(self) -> str:
        """How the client keys of the session's plans begin."""
        if self.session_id:
            return f"session:{_digest(self.session_id)}:"
        assert self.wish is not None
        wish = self.wish
        text = f"{wish.goal.strip()}\n{wish.max_iterations}\n{wish.checkpoint_interval}"
        return f"goal:{_digest(text)}:"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def find(user: User, session_id: str) -> Plan | None:
    """Return the newest plan of a session, if the user may see it."""
    return _by_id(user, session_id) or _plans(user, Asked(session_id=session_id)).first()


def _by_id(user: User, session_id: str) -> Plan | None:
    try:
        pk = UUID(session_id)
    except ValueError:
        return None
    return Plan.objects.visible_to(user).select_related("run").filter(pk=pk).first()


def _plans(user: User, asked: Asked) -> "QuerySet[Plan]":
    """Return what the user started under the session's own name, the newest first."""
    own = Plan.objects.filter(created_by=user, client_key__startswith=asked.key)
    return own.select_related("run").order_by("-created_at")


def attached(user: User, asked: Asked) -> Plan | None:
    """Return the plan this is about, or None if one is to be started.

    A plan's own id always means that plan. A session's last plan counts until it has ended;
    after that, only for a client that was connected before or wants no other.
    """
    if asked.session_id and (plan := _by_id(user, asked.session_id)):
        return plan
    plan = _plans(user, asked).first()
    if plan and plan.run.is_terminal and asked.wish and not asked.is_reconnect:
        return None
    return plan


@transaction.atomic
def attach_or_start(user: User, asked: Asked, *, before_start: Callable[[], None]) -> Plan:
    """Return the session's plan, or start it: asking again never starts a second one.

    Without a session id, the user's plan with the same goal and figures counts as the session.
    `before_start` may raise; then nothing has started.
    """
    # One request of a user at a time, so that two cannot both find nothing.
    User.objects.select_for_update().get(pk=user.pk)
    if plan := attached(user, asked):
        return plan
    assert asked.wish is not None
    before_start()
    number = _plans(user, asked).count() + 1
    wish = replace(asked.wish, client_key=f"{asked.key}{number}", needs_proposal=False)
    return propose(wish, by=user)


def approve_proposal(plan: Plan, *, by: User, via: str) -> None:
    """Approve the stored proposal if the plan waits for that; its figures count, no others.

    Somebody else who only follows the plan approves nothing by that.
    """
    gate = Gate.objects.filter(
        run=plan.run_id, kind=Gate.Kind.PROPOSAL, state=Gate.State.PENDING
    ).first()
    if gate is not None and plan.created_by_id == by.pk:
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
    async with aclosing(follow(plan.run.stream_id)) as batches:
        async for batch in batches:
            for row in batch if isinstance(batch, list) else ():
                if row.type == "checkpoint_approved" and _checkpoint(row.body) == number:
                    return True
    return await pooled(_was_approved)(plan, number)  # its events may be kept no longer


def _checkpoint(body: str) -> int:
    return int(json.loads(body)["data"]["checkpoint"])


def _was_approved(plan: Plan, number: int) -> bool:
    decided = Gate.objects.filter(run=plan.run_id, name=f"checkpoint-{number}")
    return decided.filter(state=Gate.State.DECIDED).exclude(decision="reject").exists()


def reset_checkpoint_state(plan: Plan) -> None:
    """Do nothing: each checkpoint has a row of its own, so there is no state to reset."""
