"""A segment ends in one way, and the log says how."""

import pytest

from agents.exceptions import Permanent, Retryable
from runs.context import RunContext
from runs.models import Run
from tests.factories import Noted, advance, make_run, register, types

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
