"""Plain functions that build valid rows; each takes only what a test cares about."""

import asyncio
import threading
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.models import User
from django.db import connection, transaction

from runs import gates, handlers
from runs.context import RunContext, load
from runs.events import ProgressEvent
from runs.execution import Interruption, execute
from runs.gates import Policy, Question, open_gate, opened
from runs.lease import Lease, claim
from runs.models import Gate, Run
from runs.transitions import tell
from streams.events import ContentEvent, Event
from streams.group import GroupWriter
from streams.models import Stream, StreamEvent

T = TypeVar("T")


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


def make_gate(run: Run | None = None, *, policy: Policy | None = None, **parts: Any) -> Gate:
    """Return a gate that a claimed run opened; the run waits."""
    run = run or make_run()
    question = Question(
        kind=parts.pop("kind", Gate.Kind.CHECKPOINT),
        name=parts.pop("name", "checkpoint-1"),
        text="Go on?",
        payload=parts.pop("payload", {"summary": "All is well."}),
        decisions=parts.pop("decisions", ("approve", "approve_all", "revise", "adjust", "reject")),
        policy=policy or Policy(),
    )
    with transaction.atomic():
        gate = open_gate(held(run), question, **parts)
        tell(run, opened(gate))
    run.refresh_from_db()
    return gate


def answer(gate: Gate, by: User | None = None, decision: str = "approve", **parts: Any) -> Gate:
    """Answer a gate as its run's owner, about what it shows."""
    parts.setdefault("digest", gate.digest)
    parts.setdefault("via", "api")
    return gates.answer(gate.pk, by=by or gate.run.created_by, decision=decision, **parts)


def limit_pages(count: int) -> None:
    """Let this connection make the database's file no longer than so many pages, or than it is."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count={count}")


def text_that_does_not_fit() -> str:
    """Return a text longer than what is free within the database's file."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA freelist_count")
        free = int(cursor.fetchone()[0])
    return "x" * ((free + 100) * 4096)


def types(run: Run) -> list[str]:
    """Return the types of a run's events, in order."""
    return list(StreamEvent.objects.filter(stream=run.stream_id).values_list("type", flat=True))


def at_once(count: int, work: Callable[[int], T]) -> list[T | Exception]:
    """Call `work(0)` to `work(count - 1)` on as many threads at the same moment."""
    barrier = threading.Barrier(count)

    def call(number: int) -> T | Exception:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return work(number)
        except Exception as error:  # noqa: BLE001 - what a racer met is what the test is about
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))
