"""Steps are done once: what a dead worker finished is read, what it began is gone over again."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from runs.context import RunContext
from runs.execution import Interruption, execute
from runs.models import Run, Step
from runs.scope import StepScope
from runs.sweep import reassign
from streams.group import GroupWriter
from streams.models import MessageChunk, StreamEvent
from tests.factories import Moved, Noted, Said, advance, held, make_run, register, types
from tests.runs.steps_support import Killed, die_and_go_on, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def test_what_a_step_adds_at_its_end_commits_with_its_result_or_not_at_all():
    def finish(result: Any, milliseconds: int) -> list[Noted]:
        MessageChunk.objects.all().delete()
        raise ZeroDivisionError

    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> int:
            await scope.emit(Said(message_id=scope.message_id("x"), content="kept"))
            return 1

        return str(await context.step("only", work, finish=finish))

    run = advance(make_run(kind=register("bad-end", handler), max_attempts=1))

    assert (run.state, run.error_code) == ("failed", "internal")
    assert Step.objects.get(run=run).finished_at is None
    assert MessageChunk.objects.count() == 1


def test_a_result_is_the_same_in_the_segment_that_made_it_and_in_later_ones():
    seen: list[Any] = []

    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> Any:
            return {"when": timezone.now().date(), "pair": (1, 2), 3: None}

        seen.append(await context.step("odd", work))
        seen.append(context.known("odd"))
        if context.run.attempts == 1:
            raise Killed
        return "done"

    die_and_go_on(make_run(kind=register("odd-result", handler)))

    assert len(seen) == 4
    assert all(one == seen[0] for one in seen)
    assert seen[0]["pair"] == [1, 2]


def test_a_result_that_is_no_json_fails_the_run():
    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> object:
            return object()

        return str(await context.step("bad", work))

    assert advance(make_run(kind=register("no-json", handler), max_attempts=1)).state == "failed"


def test_tries_are_counted_from_the_last_step_that_ended():
    """Reliability 7."""
    failures = iter([True] * 4)

    async def handler(context: RunContext) -> str:
        async def fine(scope: StepScope) -> int:
            return 1

        async def poison(scope: StepScope) -> int:
            next(failures)
            raise ValueError("poison")

        await context.step("fine", fine)
        return str(await context.step("poison", poison))

    run = make_run(kind=register("counts", handler), max_attempts=3)
    tries = []
    while run.state == "queued":
        Run.objects.filter(pk=run.pk).update(not_before=None)
        advance(run)
        tries.append(run.attempts)

    retries = StreamEvent.objects.filter(stream=run.stream_id, type="run_retrying")
    assert (run.state, tries) == ("failed", [1, 2, 3])
    assert [json.loads(event.body)["data"]["attempt"] for event in retries] == [1, 2]


def test_progress_moves_the_columns_of_the_run():
    async def handler(context: RunContext) -> str:
        await context.emit(Noted(), Moved(step="s" * 200, progress=40, message="m" * 900))
        raise Killed

    run = make_run(kind=register("moves", handler))
    with pytest.raises(Killed):
        advance(run)

    run.refresh_from_db()
    assert (run.progress, len(run.step), len(run.message)) == (40, 100, 500)


def test_a_write_that_is_cancelled_before_its_turn_is_never_made():
    async def handler(context: RunContext) -> str:
        task = asyncio.ensure_future(context.emit(Noted(text="dropped")))
        task.cancel()
        await asyncio.wait([task])
        await context.emit(Noted(text="kept"))
        return "done"

    run = advance(make_run(kind=register("drops", handler)))

    assert [data["text"] for _, data, _ in told(run)] == ["kept"]


def test_a_segment_that_another_took_over_ends_without_writing():
    """Reliability 3."""
    run = make_run(kind=register("taken"))
    lease = held(run)
    reassign(run.pk, now=timezone.now() + timedelta(days=1))
    before = types(run)
    writer = GroupWriter("zombie")

    asyncio.run(execute(lease, writer, Interruption(), []))
    writer.close()

    assert types(run) == before
