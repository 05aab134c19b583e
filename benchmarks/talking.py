"""Sessions whose engine says tokens at a steady pace, each with the moment it was said."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from agents import registry
from agents.base import AgentEvent, CancelFlag, Decision, Delta, Done, StepContext, StepKind
from agents.chats import Intent, Reply
from agents.scripted_chats import model
from chat import posting
from chat.models import Branch, ChatSession, DataSet
from streams.models import Stream

ENGINE = "bench-tokens"
INTENT = Intent(intent_type="PARTICULAR", confidence=1, reasoning="It is a benchmark.")


class Tokens:
    """Says `count` tokens, one each `every` seconds from the moment `begin` on.

    The message it answers has these figures: `<begin> <every> <count>`.
    """

    name = ENGINE
    capabilities = frozenset({"reply"})

    async def step(
        self,
        kind: StepKind,
        ctx: StepContext,
        cancel: CancelFlag,
        decisions: Mapping[str, Decision] | None = None,
    ) -> AsyncIterator[AgentEvent]:
        begin, every, count = (float(word) for word in ctx.input["question"].split())
        for number in range(int(count)):
            due = begin + number * every
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            yield Delta(text=f"{time.monotonic():.4f} ")
        reply = Reply(status="answered", text="", intent=INTENT)
        yield Done(result=reply.model_dump(mode="json"))


def connect() -> None:
    registry.register(ENGINE, Tokens)


@transaction.atomic
def start(sessions: int, count: int, every: float, begin: float) -> list[dict[str, str]]:
    """Return sessions with a message each, whose replies begin to speak at `begin`."""
    user = User.objects.get()
    data = DataSet.objects.create(key="bench", name="bench", model=model("bench").model_dump())
    started = []
    for number in range(sessions):
        session = _session(user, data)
        offset = begin + every * number / sessions
        posted = posting.post_message(session, f"{offset} {every} {count}", by=user)
        started.append({"session": str(session.pk), "run": str(posted.run.pk)})
    return started


def _session(user: User, data: DataSet) -> ChatSession:
    stream = Stream.objects.create()
    session: Any = ChatSession.objects.create(
        stream=stream, created_by=user, title="bench", engine=ENGINE, data_set=data
    )
    Stream.objects.filter(pk=stream.pk).update(session_id=session.pk)
    session.branch = Branch.objects.create(session=session, name="main", created_by=user)
    session.save(update_fields=["branch"])
    return ChatSession.objects.get(pk=session.pk)
