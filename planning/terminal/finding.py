"""Find what somebody names: a plan, a run or a gate, by its id or the beginning of it."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from planning.models import Plan
from runs import access
from runs.models import Gate, Run
from runs.terminal.exits import CommandFailed
from runs.terminal.naming import LAST, key, one


def plan(user: User, name: str) -> Plan:
    """Return a plan by its own id or its run's; `last` is the newest. Raises `CommandFailed`."""
    plans = Plan.objects.visible_to(user).select_related("run__stream", "created_by", "entity")
    if name == LAST:
        found = plans.first()
        if found is None:
            raise CommandFailed("There is no plan yet: cairn plan GOAL starts one.")
        return found
    start = key(name)
    return one(plans.filter(Q(pk__startswith=start) | Q(run__pk__startswith=start)), name, "plan")


def run(user: User, name: str) -> Run:
    """Return a run by its own id, its plan's or one of its gates'. Raises `CommandFailed`."""
    if name == LAST:
        return plan(user, name).run
    start = key(name)
    gates = Gate.objects.filter(pk__startswith=start).values("run")
    named = Q(pk__startswith=start) | Q(plan__pk__startswith=start) | Q(pk__in=gates)
    return one(Run.objects.visible_to(user).filter(named), name, "run or plan")


def own_run(user: User, name: str) -> Run:
    """Return a run that the user may stop: their own, or any with the permission for that."""
    found = run(user, name)
    if not access.may_steer(user, found):
        raise CommandFailed("Only the run's owner may do this.", code=1)
    return found


def waiting(user: User) -> "QuerySet[Gate]":
    """Return the gates that wait where the user may look, the most urgent first."""
    visible = Gate.objects.filter(state=Gate.State.PENDING)
    if not user.has_perm("runs.answer_gate"):
        visible = visible.filter(run__in=Run.objects.visible_to(user).values("pk"))
    return visible.select_related("run__created_by", "run__plan", "group").order_by("deadline")


def gate(user: User, name: str) -> Gate:
    """Return a gate by its id, or the one its run or plan waits at. Raises `CommandFailed`."""
    visible = Gate.objects.select_related("run").filter(
        Q(run__in=Run.objects.visible_to(user).values("pk")) | Q(pk__in=waiting(user).values("pk"))
    )
    start = str(plan(user, name).run_id) if name == LAST else key(name)
    direct = visible.filter(pk__startswith=start)
    if direct.exists():
        return one(direct, name, "gate")
    of_run = Q(run__pk__startswith=start) | Q(run__plan__pk__startswith=start)
    pending = visible.filter(of_run, state=Gate.State.PENDING)
    if not pending.exists():
        raise CommandFailed(f"Nothing that you may see waits for a decision at {name!r}.")
    return one(pending, name, "waiting gate")
