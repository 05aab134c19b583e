"""Lists of sessions: found by what they are called and what was said, each with its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from chat.models import ChatSession, ChatSessionQuerySet, Message
from chat.states import AT_GATE, State, working
from runs.models import Gate, Run
from streams.models import MessageChunk


@dataclass(frozen=True, slots=True)
class Row:
    session: ChatSession
    state: State


def search(user: User, query: str = "") -> ChatSessionQuerySet:
    """Return the sessions a user may see, newest first; those that say `query` somewhere.

    The titles, the names of data sets, and what users wrote are searched.
    """
    found = ChatSession.objects.visible_to(user).select_related("data_set", "created_by")
    query = query.replace("\x00", "").strip()
    if query:
        said = MessageChunk.objects.filter(text__icontains=query).values("message_id")
        asked = Message.objects.filter(role=Message.Role.USER, pk__in=said).values("session")
        found = found.filter(
            Q(title__icontains=query) | Q(data_set__name__icontains=query) | Q(pk__in=asked)
        )
    return found.order_by("-updated_at", "-pk")


def rows(sessions: Sequence[ChatSession]) -> list[Row]:
    """Return sessions with their states, for two queries in all."""
    heads: dict[UUID, Run] = {}
    at_work = Run.objects.filter(
        stream__in=[one.stream_id for one in sessions], finished_at=None
    ).exclude(started_at=None)
    for run in at_work.order_by("begins_after"):
        heads.setdefault(run.stream_id, run)
    pending = Gate.objects.filter(
        run__in=[run.pk for run in heads.values()], state=Gate.State.PENDING
    )
    kinds = {one.run_id: one.kind for one in pending}
    return [Row(one, _state(heads.get(one.stream_id), kinds)) for one in sessions]


def _state(run: Run | None, gates: dict[UUID, str]) -> State:
    if run is None:
        return State.IDLE
    kind = gates.get(run.pk)
    return AT_GATE[Gate.Kind(kind)] if kind else working(run.kind)
