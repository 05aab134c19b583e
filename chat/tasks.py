"""Replies as tasks: what the insight dialect's status tells of a run, from the rows of its log.

A task is known while its run goes on, and for some minutes after. The run, its messages and its
log are kept as long as the session is.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from chat.conf import chat_settings
from chat.models import ChatSession
from runs import shapes
from runs.clock import read
from runs.models import Run
from streams import log
from streams.conf import stream_settings
from streams.dialects import insight
from streams.models import MessageChunk, StreamEvent
from streams.rows import Row

KINDS = ("reply", "workflow")
MOST_MESSAGES = 500  # in one status; a client goes on after the last one's id
PROCESSING, COMPLETED, ERROR = "processing", "completed", "error"
STATUS: dict[str, str] = {
    **dict.fromkeys(Run.State.values, PROCESSING),
    **dict.fromkeys(Run.TERMINAL, ERROR),
    Run.State.COMPLETED: COMPLETED,
}


def find(user: User, task_id: str, *, now: datetime | None = None) -> Run | None:
    """Return the run of a task that is not yet forgotten, if the user may see it."""
    try:
        pk = UUID(task_id)
    except ValueError:
        return None
    forgotten = read(now) - timedelta(seconds=chat_settings().task_seconds)
    known = Q(finished_at=None) | Q(finished_at__gt=forgotten)
    found = Run.objects.visible_to(user).filter(known, pk=pk, kind__in=KINDS)
    return found.select_related("stream").first()


def urls(run: Run) -> dict[str, str]:
    """Return how the task is named and where it is followed, in every answer about it."""
    return {
        "task_id": str(run.pk),
        "session_id": str(run.stream.session_id),
        "stream_url": f"/api/chat/stream?task_id={run.pk}",
        "status_url": f"/api/chat/status/{run.pk}",
    }


def tag(run: Run, after: int) -> str:
    """Return what changes whenever the status does, without reading what it tells."""
    newest = log.last_of_run(run.stream_id, run.pk)
    parts = (run.pk, run.state, run.cancel_requested, newest, after)
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def status(run: Run, after: int) -> dict[str, Any]:
    """Return the task's messages after a position, and how it stands."""
    gate = shapes.pending_gate(run)
    return {
        "task_id": str(run.pk),
        "session_id": str(run.stream.session_id),
        "status": STATUS[run.state],
        "messages": messages(run, after),
        "result": result(run),
        "error": error(run),
        "waiting": gate is not None,
        "gate": gate,
        "poll_after_ms": stream_settings().poll_milliseconds,
    }


def error(run: Run) -> str | None:
    """Return why a task has no result, in the words of its stream."""
    if STATUS[run.state] != ERROR:
        return None
    return run.error_message or insight.ERRORS[f"run_{run.state}"]


def messages(run: Run, after: int) -> list[dict[str, Any]]:
    """Return the task's messages after a position, each with its own as `id`."""
    rows = _rows(run, after, list(insight.BUILDERS), MOST_MESSAGES)
    return [told for row in rows if (told := insight.message(row)) is not None]


def result(run: Run) -> dict[str, Any] | None:
    """Return the whole reply, once there is one."""
    if run.state != Run.State.COMPLETED:
        return None
    rows = _rows(run, run.begins_after, ["result"], 1)
    whole: dict[str, Any] | None = json.loads(rows[0].content or "null") if rows else None
    return whole


def _rows(run: Run, after: int, types: Sequence[str], most: int) -> list[Row]:
    """Return the run's events of some types, with their text; those of replies' text are many."""
    after = max(after, run.begins_after)
    found = StreamEvent.objects.filter(
        stream=run.stream_id, position__gt=after, run_id=run.pk, type__in=types
    )
    columns = ("position", "type", "body", "message_id", "sequence")
    events = list(found.order_by("position").values_list(*columns)[:most])
    written = {message_id for _, _, _, message_id, _ in events if message_id}
    chunks = MessageChunk.objects.filter(message_id__in=written)
    texts = {(one.message_id, one.sequence): one.text for one in chunks}
    return [
        Row(position, type_, body, message_id is not None, texts.get((message_id, sequence)), False)
        for position, type_, body, message_id, sequence in events
    ]


def latest_session(user: User) -> ChatSession | None:
    """Return the session that the user used last."""
    return ChatSession.objects.filter(created_by=user).order_by("-updated_at", "-pk").first()
