"""Requests that clients send under ids of their own: sent again, they find the run they started.

A client names its conversation and its message. The same message may be sent with another text,
or the same text be asked once more; each of these has a run, of which the newest counts.
"""

import hashlib
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet

from runs.models import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a client said: `scope` tells kinds of conversations apart, `chat` is its own id."""

    scope: str
    chat: str
    message: str
    text: str

    @property
    def prefix(self) -> str:
        """How the keys of the runs begin that this message has started."""
        return f"{of_chat(self.scope, self.chat)}{_digest(self.message)}:"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def of_chat(scope: str, chat: str) -> str:
    """Return how the keys of all runs of a client's conversation begin."""
    return f"{scope}:{_digest(chat)}:"


def runs(user: User, prefix: str) -> QuerySet[Run]:
    """Return the user's runs whose keys begin so, the newest first."""
    found = Run.objects.filter(created_by=user, idempotency_key__startswith=prefix)
    return found.order_by("-created_at", "-pk")


def newest(user: User, sent: Sent) -> Run | None:
    """Return the newest run that this message has started, whatever its text was then."""
    return runs(user, sent.prefix).first()


def is_about(run: Run, sent: Sent) -> bool:
    """Whether the run was started by this very text."""
    begins = f"{sent.prefix}{_digest(sent.text)}:"
    return (run.idempotency_key or "").startswith(begins)


def is_meant(run: Run, sent: Sent, *, is_again: bool, reply: str) -> bool:
    """Whether a request is about the newest run of its message, and not about a further one.

    `reply` names the answer to be made again, if the client says which: of two clicks on the
    same one, the second finds what the first has started.
    """
    if is_again:
        return bool(reply) and reply not in (str(run.pk), sent.message)
    return is_about(run, sent)


def next_key(user: User, sent: Sent) -> str:
    """Return the key of one more run of this message; the caller holds the user's row."""
    return f"{sent.prefix}{_digest(sent.text)}:{runs(user, sent.prefix).count() + 1}"
