"""Messages that a GET posts: the same request, sent again, finds its run and posts nothing.

A browser's EventSource repeats its GET whenever the connection breaks. So a message is known by
the client's own key, or by its text: then for as long as its run has not ended, and after that
for a client that says it was connected before.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from chat import posting
from chat.models import ChatSession
from runs.models import Run

ANY = "any"  # the scope of requests that name no session


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks. `scope` is the session it names, or `ANY`."""

    message: str
    scope: str = ANY
    key: str = ""
    is_reconnect: bool = False

    @property
    def prefix(self) -> str:
        """How the keys of the runs begin that such a request has started."""
        kind, name = ("k", self.key) if self.key else ("m", self.message)
        return f"asked:{self.scope}:{kind}:{hashlib.sha256(name.encode()).hexdigest()[:32]}:"


def attached(user: User, asked: Asked) -> Run | None:
    """Return the run this request is about, or None if its message is to be posted."""
    run = _runs(user, asked).order_by("-created_at").first()
    if run and run.is_terminal and not (asked.key or asked.is_reconnect):
        return None
    return run


def _runs(user: User, asked: Asked) -> QuerySet[Run]:
    return Run.objects.filter(created_by=user, idempotency_key__startswith=asked.prefix)


@transaction.atomic
def attach_or_post(
    user: User,
    asked: Asked,
    *,
    session: Callable[[], ChatSession],
    before_post: Callable[[], None],
) -> Run:
    """Return the run of a request, or post its message: asking again never posts a second one.

    `session` is called only if there is something to post. It and `before_post` may raise; then
    nothing was posted.
    """
    # One request of a user at a time, so that two cannot both find nothing.
    User.objects.select_for_update().get(pk=user.pk)
    if run := attached(user, asked):
        return run
    into = session()
    before_post()
    number = _runs(user, asked).count() + 1
    key = f"{asked.prefix}{number}"
    return posting.post_message(into, asked.message, by=user, idempotency_key=key).run
