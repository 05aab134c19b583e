"""What people do with plans: propose one, branch one. Each is one transaction."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from agents import registry
from planning import reading
from planning.conf import (
    LONGEST_DEADLINE,
    LONGEST_INTERVAL,
    MOST_ITERATIONS,
    planning_settings,
)
from planning.exceptions import InvalidInput, UnknownCheckpoint
from planning.models import (
    Checkpoint,
    DataPoint,
    Finding,
    GapFound,
    Plan,
    PlanDocument,
)
from runs import actions as run_actions
from runs.gates import LONGEST_COMMENT
from runs.models import Run, Step

KIND = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks of a plan. `check` says what is wrong with it."""

    goal: str
    max_iterations: int = 4
    checkpoint_interval: int = 2
    documents: Sequence[str] = ()  # entity slugs, file ids or file slugs
    deadline_seconds: int | None = None
    on_expiry: str | None = None
    approvers: Group | None = None
    four_eyes: bool = False
    quorum: int = 1
    needs_proposal: bool = True
    engine: str | None = None
    client_key: str = ""

    def check(self) -> None:
        """Raise `InvalidInput` naming each field that is wrong."""
        fields = {**reading.errors(self.goal, self.documents), **_number_errors(self)}
        if self.engine and (refusal := registry.refusal(self.engine)):
            fields["engine"] = refusal
        if fields:
            raise InvalidInput(fields)


def _number_errors(wish: Wish) -> dict[str, str]:
    fields = {}
    if not 1 <= wish.max_iterations <= MOST_ITERATIONS:
        fields["max_iterations"] = f"max_iterations must be from 1 to {MOST_ITERATIONS}."
    if not 1 <= wish.checkpoint_interval <= LONGEST_INTERVAL:
        fields["checkpoint_interval"] = f"checkpoint_interval must be from 1 to {LONGEST_INTERVAL}."
    elif 1 < wish.max_iterations < wish.checkpoint_interval:
        fields["checkpoint_interval"] = (
            "checkpoint_interval must not exceed max_iterations: no checkpoint would be reached."
        )
    if wish.deadline_seconds is not None and not 1 <= wish.deadline_seconds <= LONGEST_DEADLINE:
        fields["deadline_seconds"] = f"deadline_seconds must be from 1 to {LONGEST_DEADLINE}."
    if not 1 <= wish.quorum <= 20:
        fields["quorum"] = "quorum must be from 1 to 20."
    if wish.on_expiry not in (None, "expire", "reject", "approve"):
        fields["on_expiry"] = "on_expiry must be expire, reject or approve."
    return fields


def propose(wish: Wish, *, by: User, idempotency_key: str | None = None) -> Plan:
    """Start a plan: a run works out a proposal and asks whether to go on.

    The same key and user give the plan of the first call. Raises `InvalidInput`.
    """
    wish.check()
    if known := run_actions.started_before(by, idempotency_key):
        return _plan_of(known)
    try:
        return _propose(wish, by=by, idempotency_key=idempotency_key)
    except IntegrityError:
        # Another request with the same key was faster.
        known = run_actions.started_before(by, idempotency_key)
        if known:
            return _plan_of(known)
        if wish.client_key:
            plans = Plan.objects.select_related("run")
            return plans.get(created_by=by, client_key=wish.client_key)
        raise


def _plan_of(run: Run) -> Plan:
    return Plan.objects.select_related("run").get(run=run)


@transaction.atomic
def _propose(wish: Wish, *, by: User, idempotency_key: str | None) -> Plan:
    limits = planning_settings()
    documents = reading.chosen(PlanDocument, by, wish.documents)
    run = run_actions.start(KIND, by=by, idempotency_key=idempotency_key)
    plan = Plan.objects.create(
        run=run,
        created_by=by,
        goal=wish.goal.strip(),
        engine=wish.engine or limits.engine,
        max_iterations=wish.max_iterations,
        checkpoint_interval=wish.checkpoint_interval,
        needs_proposal=wish.needs_proposal,
        client_key=wish.client_key,
        deadline_seconds=wish.deadline_seconds or limits.deadline_seconds,
        on_expiry=wish.on_expiry or limits.on_expiry,
        approvers=wish.approvers,
        four_eyes=wish.four_eyes,
        quorum=wish.quorum,
    )
    for document in documents:
        document.plan = plan
    PlanDocument.objects.bulk_create(documents)
    return plan


def again(run: Run, by: User, idempotency_key: str | None) -> Run | None:
    """Start the plan of a failed run once more: from its last checkpoint if it has one."""
    plan = Plan.objects.get(run=run)
    last = plan.checkpoints.order_by("number").last()
    if last is not None:
        return branch(plan, last.number, by=by, idempotency_key=idempotency_key).run
    wish = Wish(
        goal=plan.goal,
        max_iterations=plan.max_iterations,
        checkpoint_interval=plan.checkpoint_interval,
        documents=[one.name for one in plan.documents.all()],
        deadline_seconds=plan.deadline_seconds,
        on_expiry=plan.on_expiry,
        approvers=plan.approvers,
        four_eyes=plan.four_eyes,
        quorum=plan.quorum,
        needs_proposal=plan.needs_proposal,
        engine=plan.engine,
    )
    return propose(wish, by=by, idempotency_key=idempotency_key).run


def branch(
    plan: Plan,
    number: int,
    *,
    by: User,
    guidance: str = "",
    idempotency_key: str | None = None,
) -> Plan:
    """Start a new plan from what another had reached at a checkpoint.

    The new plan has the finished iterations and goes on with the next one, led by `guidance` if
    there is any. The old plan is left as it is. The same key and user give the plan of the first
    call. Raises `UnknownCheckpoint`, `InvalidInput`.
    """
    if known := run_actions.started_before(by, idempotency_key):
        return _plan_of(known)
    if len(guidance) > LONGEST_COMMENT:
        raise InvalidInput({"guidance": f"guidance may have at most {LONGEST_COMMENT} characters."})
    checkpoint = plan.checkpoints.filter(number=number).first()
    if checkpoint is None:
        raise UnknownCheckpoint(f"The plan has not reached a checkpoint {number}.")
    try:
        return _branch(plan, checkpoint, by, guidance.strip(), idempotency_key)
    except IntegrityError:
        known = run_actions.started_before(by, idempotency_key)
        if known is None:
            raise
        return _plan_of(known)  # another request with the same key was faster


@transaction.atomic
def _branch(
    plan: Plan, checkpoint: Checkpoint, by: User, guidance: str, idempotency_key: str | None
) -> Plan:
    run = run_actions.start(KIND, by=by, idempotency_key=idempotency_key)
    copy = Plan.objects.get(pk=plan.pk)
    copy.pk = uuid.uuid4()
    copy._state.adding = True
    copy.run, copy.created_by, copy.client_key = run, by, ""
    copy.branched_from, copy.first_iteration = checkpoint, checkpoint.iteration + 1
    copy.guidance, copy.final_plan, copy.entity = guidance, "", None
    copy.max_iterations = max(copy.max_iterations, checkpoint.iteration)
    copy.save(force_insert=True)
    _copy_rows(plan, copy, checkpoint)
    return copy


def _copy_rows(plan: Plan, copy: Plan, checkpoint: Checkpoint) -> None:
    _clone(plan.documents.all(), plan=copy)
    _clone(plan.checkpoints.filter(number__lte=checkpoint.number), plan=copy, gate=None)
    for iteration in plan.iterations.filter(number__lte=checkpoint.iteration):
        new = _clone([iteration], plan=copy)[0]
        for model in (Finding, GapFound, DataPoint):
            _clone(model._default_manager.filter(iteration=iteration), iteration=new)
    names = [f"iteration-{n}" for n in range(1, checkpoint.iteration + 1)]
    _clone(
        Step.objects.filter(run=plan.run, name__in=names),
        run=copy.run,
        fence=0,
        from_position=0,
        finished_at=timezone.now(),
        usage={},  # the new plan did not ask for it
    )


def _clone(rows: Any, **changes: Any) -> list[Any]:
    clones = []
    for row in rows:
        for name, value in {"pk": None, **changes}.items():
            setattr(row, name, value)
        row._state.adding = True
        row.save(force_insert=True)
        clones.append(row)
    return clones


def find(user: User, plan_id: str) -> Plan | None:
    """Return a plan that the user may see."""
    try:
        return Plan.objects.visible_to(user).select_related("run").filter(pk=plan_id).first()
    except ValidationError:
        return None
