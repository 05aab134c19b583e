"""Plain functions that build valid rows; each takes only what a test cares about."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from django.contrib.auth.models import User

from runs import handlers
from runs.context import RunContext, load
from runs.events import ProgressEvent
from runs.execution import Interruption, execute
from runs.lease import Lease, claim
from runs.models import Run
from streams.events import ContentEvent, Event
from streams.group import GroupWriter
from streams.models import Stream


class Noted(Event):
    """An event of tests."""

    type: ClassVar[str] = "test_noted"

    text: str = ""


class Moved(ProgressEvent):
    type: ClassVar[str] = "test_moved"


class Said(ContentEvent):
    type: ClassVar[str] = "test_said"


def make_stream() -> Stream:
    return Stream.objects.create()


def make_user(name: str = "") -> User:
    return User.objects.create_user(name or f"user-{uuid.uuid4().hex[:8]}")


def make_run(by: User | None = None, *, kind: str = "test", **columns: Any) -> Run:
    if kind == "test" and "test" not in handlers._kinds:
        register("test")
    columns.setdefault("stream", make_stream())
    return Run.objects.create(kind=kind, created_by=by or make_user(), **columns)


async def _done(context: RunContext) -> str:
    return "done"


def register(
    name: str, handler: Callable[[RunContext], Awaitable[str]] = _done, **hooks: Any
) -> str:
    handlers.register(handlers.Kind(name=name, handler=handler, **hooks))
    return name


def held(run: Run) -> Lease:
    """Claim a run and return the lease."""
    lease = claim(run.pk, run.segment)
    assert lease is not None
    return lease


def advance(run: Run, writer: GroupWriter | None = None) -> Run:
    """Work on a run as a worker does, until its segment ends."""
    run.refresh_from_db()
    lease = held(run)
    own = writer or GroupWriter("test-writer")
    try:
        asyncio.run(execute(lease, own, Interruption(), []))
    finally:
        if writer is None:
            own.close()
    run.refresh_from_db()
    return run


def context_of(run: Run, writer: GroupWriter) -> RunContext:
    return load(held(run), writer)
