"""Sessions with the scripted engine, advanced as a worker does."""

import json
from typing import Any

from django.contrib.auth.models import User

from chat import actions, posting
from chat.actions import Wish
from chat.models import ChatSession
from runs.models import Gate, Run
from streams import log
from tests.factories import advance, make_user


def start(by: User | None = None, *, is_ready: bool = True, **wish: Any) -> ChatSession:
    """Return a session whose data set is profiled."""
    session = actions.start_session(Wish(**{"engine": "scripted", **wish}), by=by or make_user())
    if is_ready:
        work_off(session)
    return session


def work_off(session: ChatSession) -> Run:
    """Advance the session's runs until none can go on; return the one that went last."""
    runs = Run.objects.filter(stream=session.stream_id).order_by("begins_after", "created_at")
    last = runs[0]
    while run := Run.objects.claimable().filter(stream=session.stream_id).first():
        last = advance(run)
    session.refresh_from_db()
    return last


def ask(session: ChatSession, text: str, **more: Any) -> Run:
    """Post a message and let it be answered, as far as nobody has to say something."""
    posted = posting.post_message(session, text, by=session.created_by, **more)
    work_off(session)
    posted.run.refresh_from_db()
    return posted.run


def told(session: ChatSession, *types: str) -> list[dict[str, Any]]:
    """Return the session's events, or those of some types, as readers of the inline profile do."""
    rows = log.read_after(session.stream_id, 0, 100_000)
    bodies = [
        {**json.loads(row.body), **({"content": row.content} if row.has_content else {})}
        for row in rows
    ]
    return [one for one in bodies if not types or one["type"] in types]


def pending(session: ChatSession) -> Gate:
    return Gate.objects.get(run__stream=session.stream_id, state=Gate.State.PENDING)
