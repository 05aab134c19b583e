"""Find what somebody names: a plan, a run or a gate, by its id or the beginning of it."""

import re
from itertools import pairwise
from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet

from planning.models import Plan
from runs import access
from runs.models import Gate, Run
from runs.terminal.exits import CommandFailed

M = TypeVar("M", bound=Model)
ID = re.compile(r"[0-9a-f]{4,32}")
LAST = "last"


def plan(user: User, name: str) -> Plan:
    """Return a plan by its own id or its run's; `last` is the newest. Raises `CommandFailed`."""
    plans = Plan.objects.visible_to(user).select_related("run__stream", "created_by", "entity")
    if name == LAST:
        found = plans.first()
        if found is None:
            raise CommandFailed("There is no plan yet: cairn plan GOAL starts one.")
        return found
    key = _key(name)
    return _one(plans.filter(Q(pk__startswith=key) | Q(run__pk__startswith=key)), name, "plan")


def run(user: User, name: str) -> Run:
    """Return a run by its own id, its plan's or one of its gates'. Raises `CommandFailed`."""
    if name == LAST:
        return plan(user, name).run
    key = _key(name)
    gates = Gate.objects.filter(pk__startswith=key).values("run")
    named = Q(pk__startswith=key) | Q(plan__pk__startswith=key) | Q(pk__in=gates)
    return _one(Run.objects.visible_to(user).filter(named), name, "run or plan")


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
    key = str(plan(user, name).run_id) if name == LAST else _key(name)
    direct = visible.filter(pk__startswith=key)
    if direct.exists():
        return _one(direct, name, "gate")
    of_run = Q(run__pk__startswith=key) | Q(run__plan__pk__startswith=key)
    pending = visible.filter(of_run, state=Gate.State.PENDING)
    if not pending.exists():
        raise CommandFailed(f"Nothing that you may see waits for a decision at {name!r}.")
    return _one(pending, name, "waiting gate")


def _key(name: str) -> str:
    """Return the beginning of an id as the database writes it: with hyphens in their places."""
    digits = name.lower().replace("-", "")
    if not ID.fullmatch(digits):
        raise CommandFailed(
            f"{name!r} is no id; give 4 characters of one or more, or {LAST!r} for the newest plan."
        )
    ends = (0, 8, 12, 16, 20, 32)
    return "-".join(part for a, b in pairwise(ends) if (part := digits[a:b]))


def _one(found: "QuerySet[M]", name: str, noun: str) -> M:
    rows = list(found.distinct()[:2])
    if not rows:
        raise CommandFailed(f"There is no {noun} {name!r} that you may see.")
    if len(rows) > 1:
        raise CommandFailed(f"More than one {noun} begins with {name!r}; give more of the id.")
    return rows[0]
