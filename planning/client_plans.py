"""Plans under a client's own ids: the same message, sent again, attaches to the plan it started."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from planning.actions import Wish, propose
from planning.models import Plan
from runs import resent
from runs.models import Run
from runs.resent import Sent


def plan_of(run: Run) -> Plan:
    return Plan.objects.select_related("run").get(run=run)


def known(user: User, chat: str) -> Plan | None:
    """Return the plan that has this id, if the user may see it."""
    try:
        return Plan.objects.visible_to(user).select_related("run").filter(pk=UUID(chat)).first()
    except ValueError:
        return None


def plans(user: User, chat: str, scope: str) -> list[Plan]:
    """Return the plans of a client's conversation, the newest first: one for each message."""
    if plan := known(user, chat):
        return [plan]
    runs = resent.runs(user, resent.of_chat(scope, chat))
    found = Plan.objects.filter(run__in=runs).select_related("run")
    return list(found.order_by("-created_at", "-pk"))


@transaction.atomic
def attach_or_start(
    user: User, sent: Sent, wish: Wish, *, is_again: bool, reply: str, before: Callable[[], None]
) -> Plan:
    """Return the plan that a message has started, or start it.

    With `is_again` another one is started for the same goal, unless `reply`, the message that is
    to be replaced, has been already. `before` may raise; so may `InvalidInput`.
    """
    # One request of a user at a time, so that two cannot both find nothing.
    User.objects.select_for_update().get(pk=user.pk)
    run = resent.newest(user, sent)
    if run is not None and resent.is_meant(run, sent, is_again=is_again, reply=reply):
        return plan_of(run)
    wish.check()
    before()
    return propose(wish, by=user, idempotency_key=resent.next_key(user, sent))
