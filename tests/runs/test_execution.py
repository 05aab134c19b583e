"""A segment ends in one way, and the log says how."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from agents.exceptions import Cancelled, Permanent, Retryable
from runs import context, execution
from runs.context import RunContext
from runs.execution import Interruption
from runs.models import Run
from runs.sweep import reassign
from streams.group import GroupWriter
from tests.factories import Noted, advance, held, make_run, register, types

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def test_a_handler_that_returns_completes_the_run():
    async def handler(context: RunContext) -> str:
        await context.emit(Noted(text="hello"))
        return "all done"

    run = advance(make_run(kind=register("completes", handler)))

    assert (run.state, run.progress, run.message) == ("completed", 100, "all done")
    assert types(run) == ["run_state", "test_noted", "run_completed"]


def test_a_permanent_error_fails_the_run_and_says_why():
    async def handler(context: RunContext) -> str:
        raise Permanent("The engine is not configured.", code="engine_not_configured")

    run = advance(make_run(kind=register("permanent", handler)))

    assert run.state == "failed"
    assert run.error_code == "engine_not_configured"
    assert types(run)[-1] == "run_failed"


def test_a_poison_step_is_retried_with_backoff_and_then_fails():
    async def handler(context: RunContext) -> str:
        raise Retryable("The service is down.")

    run = make_run(kind=register("poison", handler), max_attempts=2)
    advance(run)
    assert run.state == "queued"
    assert run.not_before is not None
    Run.objects.filter(pk=run.pk).update(not_before=None)
    advance(run)

    assert (run.state, run.error_code) == ("failed", "temporary")
    assert types(run).count("run_retrying") == 1


def test_a_handler_that_awaits_something_cancelled_fails_and_is_not_taken_for_stopped():
    async def handler(context: RunContext) -> str:
        task = asyncio.ensure_future(asyncio.sleep(60))
        await asyncio.sleep(0)
        task.cancel()
        await task
        return "not reached"

    run = advance(make_run(kind=register("cancelled-within", handler), max_attempts=1))

    assert (run.state, run.error_code) == ("failed", "internal")


def test_a_segment_whose_task_is_cancelled_without_a_reason_leaves_the_run_to_its_lease():
    entered = []

    async def handler(context: RunContext) -> str:
        task = asyncio.current_task()
        assert task is not None
        entered.append(task.cancel())
        await asyncio.sleep(60)
        return "not reached"

    run = advance(make_run(kind=register("torn-down", handler)))

    assert (run.state, entered) == ("running", [True])


def test_a_closing_message_that_is_none_fails_the_run():
    async def handler(context: RunContext) -> str:
        return None  # type: ignore[return-value]

    run = advance(make_run(kind=register("no-message", handler), max_attempts=1))

    assert (run.state, run.error_code) == ("failed", "internal")


def test_a_closing_message_and_an_error_are_made_fit_to_store():
    """Reliability 15."""

    async def ends(context: RunContext) -> str:
        return "a\0b\ud800" + "x" * 9000

    async def fails(context: RunContext) -> str:
        raise Permanent("c\0d\udfff" + "x" * 9000)

    ended = advance(make_run(kind=register("odd-end", ends)))
    failed = advance(make_run(kind=register("odd-failure", fails)))

    assert (ended.state, ended.message[:4], len(ended.message)) == ("completed", "a�b�", 500)
    assert (failed.state, failed.error_message[:4]) == ("failed", "c�d�")
    assert len(failed.error_message) == 2000


def test_an_end_that_the_database_refuses_is_left_to_the_lease_and_made_up_for(caplog):
    """Reliability 8."""
    refusals = iter([True])

    def refuse(run: Run) -> tuple[()]:
        if next(refusals, False):
            raise OperationalError("database or disk is full")
        return ()

    run = advance(make_run(kind=register("full-at-the-end", run_ended=refuse)))
    stuck = run.state
    reassign(run.pk, now=timezone.now() + timedelta(days=1))

    assert (stuck, "Could not record the end" in caplog.text) == ("running", True)
    assert advance(run).state == "completed"


def test_an_end_that_a_bug_in_the_product_prevents_is_logged(caplog):
    def broken(run: Run) -> tuple[()]:
        raise ZeroDivisionError

    run = advance(make_run(kind=register("broken-product", run_ended=broken), max_attempts=1))

    assert run.state == "running"
    assert "Could not end a segment" in caplog.text


def test_a_run_that_cannot_be_loaded_is_retried(monkeypatch):
    failures = iter([True])
    real = context.load

    def flaky(*args: Any) -> Any:
        if next(failures, False):
            raise OperationalError("unable to open database file")
        return real(*args)

    monkeypatch.setattr(execution, "load", flaky)
    run = advance(make_run())
    Run.objects.filter(pk=run.pk).update(not_before=None)

    assert (run.state, run.attempts) == ("queued", 1)
    assert advance(run).state == "completed"


def test_a_cancelled_agent_call_ends_the_run_as_cancelled_when_that_was_asked_for():
    """Reliability 7."""
    run = make_run(kind="test")
    interruption = Interruption()

    async def handler(context: RunContext) -> str:
        interruption.reason = "cancel"
        raise Cancelled

    Run.objects.filter(pk=run.pk).update(kind=register("agent-cancelled", handler))
    writer = GroupWriter("test-writer")
    asyncio.run(execution.execute(held(run), writer, interruption, []))
    writer.close()

    run.refresh_from_db()
    assert run.state == "cancelled"


@pytest.mark.parametrize(
    ("attempt", "least", "low", "high"),
    [
        (1, None, 1, 1.2),
        (4, None, 8, 9.6),
        (50, None, 60, 72),
        (1, 30, 30, 30),
    ],
)
def test_retries_wait_longer_each_time_up_to_a_limit(attempt, least, low, high):
    """Reliability 7."""
    assert low <= execution.backoff(attempt, least=least) <= high
