"""Advance a run by one segment: the same coroutine under every engine."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import DatabaseError

from agents.exceptions import AgentError, Permanent, Retryable
from runs import counters, handlers, transitions
from runs.conf import run_settings
from runs.context import RunContext, load
from runs.events import Failure, RunCancelled, RunCompleted, RunFailed, RunRetrying
from runs.exceptions import Stop, UnknownKind
from runs.lease import Lease
from runs.models import Run
from streams.events import storable
from streams.exceptions import Fenced, StreamClosed
from streams.group import GroupWriter
from streams.pool import pooled

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Interruption:
    """Why a segment is being stopped from outside; set before its task is cancelled."""

    reason: str = ""  # cancel, lost or shutdown
    is_obeyed: bool = False  # the work has stopped; its end is being written


Outcome = Callable[[Lease], None]


async def execute(
    lease: Lease, writer: GroupWriter, interruption: Interruption, started: list[RunContext]
) -> None:
    """Run the handler, then write how the segment ended.

    Never raises: what goes wrong in a handler is recorded in the run; what cannot be recorded
    (no database) is left to the lease, which runs out.
    """
    try:
        outcome = await _work(lease, writer, interruption, started)
        if outcome is not None:
            await _end(lease, writer, outcome)
    except Fenced:
        counters.leases_lost.add()
        logger.warning("Lease lost run=%s fence=%s", lease.run_id, lease.fence)
    except asyncio.CancelledError:
        logger.info("Segment stopped run=%s reason=%s", lease.run_id, interruption.reason)
    except DatabaseError as error:
        # Disk full, database gone: the run stays as it is and its lease runs out.
        logger.warning("Could not record the end of a segment run=%s error=%s", lease.run_id, error)
    except Exception:
        logger.exception("Could not end a segment run=%s", lease.run_id)


async def _work(
    lease: Lease, writer: GroupWriter, interruption: Interruption, started: list[RunContext]
) -> Outcome | None:
    """Return how the segment ends, or None if that has been written already."""
    try:
        context = await pooled(load)(lease, writer)
        started.append(context)
        if context.run.cancel_requested:  # asked for before there was a task to cancel
            return _cancelled
        message = await handlers.kind(context.run.kind).handler(context)
        return partial(_complete, message)
    except Stop:
        return None
    except (Fenced, StreamClosed) as error:
        raise Fenced(str(error)) from error
    except asyncio.CancelledError as error:
        for context in started:
            context.cancel.set()
        return _after_cancel(interruption, error)
    except Exception as error:  # noqa: BLE001 - the run fails or is retried; the worker goes on
        # A handler may turn its cancellation into an error of its own.
        return (
            _after_cancel(interruption, error) if interruption.reason else partial(_failed, error)
        )


def _after_cancel(interruption: Interruption, error: BaseException) -> Outcome:
    """Return how a segment ends whose task was cancelled; raise if another goes on with it."""
    task = asyncio.current_task()
    assert task is not None
    interruption.is_obeyed = True
    if interruption.reason == "cancel":
        task.uncancel()
        return _cancelled
    if interruption.reason or task.cancelling():
        raise asyncio.CancelledError from error
    return partial(_failed, RuntimeError("The handler awaited something that was cancelled."))


async def _end(lease: Lease, writer: GroupWriter, outcome: Outcome) -> None:
    try:
        await _write(lease, writer, outcome)
    except (Fenced, DatabaseError):
        raise
    except Exception as error:  # noqa: BLE001 - a closing message that is none: the run fails
        await _write(lease, writer, partial(_failed, error))


async def _write(lease: Lease, writer: GroupWriter, outcome: Outcome) -> None:
    def write() -> None:
        lease.hold()
        outcome(lease)

    await asyncio.wrap_future(writer.submit(write))


def plain(text: str, *, most: int = 2000) -> str:
    """Return text that every database and every client takes."""
    whole = storable(text)
    return whole if len(whole) <= most else f"{whole[: most - 3]}..."


def _complete(message: str, lease: Lease) -> None:
    message = plain(message)
    transitions.finish(
        lease.run_id,
        lease.condition,
        state=Run.State.COMPLETED,
        event=RunCompleted(message=message),
        progress=100,
        message=message[:500],
    )


def _cancelled(lease: Lease) -> None:
    transitions.finish(
        lease.run_id, lease.condition, state=Run.State.CANCELLED, event=RunCancelled()
    )


def failure(error: Exception) -> Failure:
    """Return what a user is told. The details of a bug go to the server's log only."""
    if isinstance(error, (AgentError, UnknownKind)):
        return Failure(code=error.code, message=plain(str(error)))
    if isinstance(error, DatabaseError):
        return Failure(code="storage", message="The database refused a write; is the disk full?")
    return Failure(code="internal", message="The server made an error; it has been logged.")


def _failed(error: Exception, lease: Lease) -> None:
    """Queue the run again after a while, or end it when that cannot help."""
    told = failure(error)
    run = Run.objects.get(pk=lease.run_id)
    counters.errors.add(run.kind, told.code)
    if not isinstance(error, AgentError):
        logger.error("Handler failed run=%s", run.pk, exc_info=error)
    if isinstance(error, (Permanent, UnknownKind)) or run.attempts >= run.max_attempts:
        fail(lease, told)
        return
    delay = backoff(run.attempts, least=error.retry_after if isinstance(error, Retryable) else None)
    event = RunRetrying(
        attempt=run.attempts,
        max_attempts=run.max_attempts,
        retry_in_seconds=round(delay, 2),
        error=told,
    )
    transitions.queue(run.pk, lease.condition, delay_seconds=delay, event=event)


def fail(lease: Lease, told: Failure) -> None:
    step = Run.objects.values_list("step", flat=True).get(pk=lease.run_id)
    transitions.finish(
        lease.run_id,
        lease.condition,
        state=Run.State.FAILED,
        event=RunFailed(error=told, step=step),
        error_code=told.code,
        error_message=told.message,
    )


def backoff(attempt: int, *, least: float | None) -> float:
    """Return the seconds before the next try: doubling, with up to a fifth of jitter."""
    limits = run_settings()
    delay = min(limits.backoff_seconds * 2.0 ** (attempt - 1), limits.backoff_limit_seconds)
    delay += delay * random.random() / 5  # noqa: S311 - spreads retries, keeps no secret
    return max(delay, least or 0)


def give_back(lease: Lease) -> bool:
    """Queue a run that this process holds but will not finish; the try does not count."""
    attempts = Run.objects.values_list("attempts", flat=True).filter(pk=lease.run_id).first() or 1
    return transitions.queue(
        lease.run_id, lease.condition, reason="shutdown", attempts=max(0, attempts - 1)
    )
