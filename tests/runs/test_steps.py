"""Steps are done once: what a dead worker finished is read, what it began is gone over again."""

import asyncio
import json
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from runs.context import RunContext, StepScope
from runs.execution import Interruption, execute
from runs.models import Run, Step
from runs.sweep import reassign
from streams import log
from streams.events import KNOWN, Event
from streams.group import GroupWriter
from streams.models import MessageChunk, StreamEvent
from tests.factories import Moved, Noted, Said, advance, held, make_run, register, types

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


class Killed(BaseException):
    """The worker's process is gone: nothing of it runs any more, nothing of it is recorded."""


def begins(name: str) -> list[Noted]:
    return [Noted(text=f"{name} begins")]


class Script:
    """A handler of three steps with text, progress and results; it can die before any write."""

    def __init__(self) -> None:
        self.dies_before = 0  # the number of the write that is never made
        self.writes = 0
        self.executed: list[str] = []
        self.finished: list[str] = []

    async def _write(self, write: Callable[[], Any]) -> None:
        self.writes += 1
        if self.writes == self.dies_before:
            raise Killed
        await write()

    async def __call__(self, context: RunContext) -> str:
        results = []
        for name in ("one", "two", "three"):
            results.append(
                await context.step(
                    name, self.work(name), begin=partial(begins, name), finish=self.finish
                )
            )
        return " ".join(results)

    def work(self, name: str) -> Callable[[StepScope], Any]:
        async def work(scope: StepScope) -> str:
            self.executed.append(name)
            message = scope.message_id("text")
            for sequence in range(1, 4):
                said = Said(message_id=message, sequence=sequence, content=f"{name}{sequence}")
                await self._write(partial(scope.emit, said))
            moved = Moved(step=name, progress=50, message=name)
            await self._write(partial(scope.emit, moved, Noted(text=name)))
            scope.usage["tokens"] = 3
            return name.upper()

        return work

    def finish(self, result: Any, milliseconds: int) -> list[Noted]:
        self.finished.append(result)
        return [Noted(text=f"{result} done")]


def told(run: Run) -> list[Any]:
    """Return the run's events without those that tell of workers, as type, data and text."""
    rows = log.read_after(run.stream_id, 0, 10_000)
    return [
        (row.type, json.loads(row.body)["data"], row.content)
        for row in rows
        if not KNOWN[row.type].is_lifecycle
    ]


def without_ids(events: list[Any]) -> list[Any]:
    return [
        (type_, {key: value for key, value in data.items() if key != "message_id"}, text)
        for type_, data, text in events
    ]


def die_and_go_on(run: Run, times: int = 20) -> Run:
    """Work on a run, each time after its worker died, until it ends."""
    for _ in range(times):
        try:
            advance(run)
        except Killed:
            reassign(run.pk, now=timezone.now() + timedelta(days=1))
            continue
        return run
    raise AssertionError("the run never ends")


def test_steps_are_recorded_with_their_result_usage_and_what_they_tell():
    script = Script()
    run = advance(make_run(kind=register("script", script)))

    assert (run.state, run.message, run.step) == ("completed", "ONE TWO THREE", "three")
    step = Step.objects.get(run=run, name="two")
    assert (step.result, step.usage, step.restarts) == ("TWO", {"tokens": 3}, 0)
    assert step.duration is not None
    assert script.finished == ["ONE", "TWO", "THREE"]


def test_a_worker_that_dies_before_any_write_leaves_the_same_log_as_an_undisturbed_run():
    """Reliability 1: at every event position in turn; each step ends once, nothing is doubled."""
    calm = advance(make_run(kind=register("calm", Script())))
    expected = without_ids(told(calm))

    for dies_before in range(1, 13):
        script = Script()
        script.dies_before = dies_before
        run = make_run(kind=register(f"dies-{dies_before}", script))
        die_and_go_on(run)

        assert (run.state, dies_before) == ("completed", dies_before)
        assert without_ids(told(run)) == expected
        positions = [row.position for row in log.read_after(run.stream_id, 0, 1000)]
        assert positions == list(range(1, len(positions) + 1))
        assert "step_restarted" not in types(run)
        assert script.finished == ["ONE", "TWO", "THREE"]


def test_finished_steps_are_not_executed_again():
    script = Script()
    script.dies_before = 10  # in the third step

    die_and_go_on(make_run(kind=register("resumed", script)))

    assert script.executed == ["one", "two", "three", "three"]


def play(run_kind: str, *tries: Sequence[Event]) -> Run:
    """Run one step whose tries tell different things; all but the last die at their end."""
    numbers = iter(range(len(tries)))

    async def handler(context: RunContext) -> str:
        number = next(numbers)
        calls = iter([number, len(tries) - 1])

        async def work(scope: StepScope) -> int:
            for event in tries[next(calls)]:
                await scope.emit(event)
            if number < len(tries) - 1:
                raise Killed
            return number

        return str(await context.step("only", work))

    return die_and_go_on(make_run(kind=register(run_kind, handler)))


def test_a_repeated_step_that_tells_something_else_starts_again_and_says_from_where():
    run = play("diverges", [Noted(text="a"), Noted(text="b")], [Noted(text="a"), Noted(text="c")])

    assert run.state == "completed"
    names = types(run)
    restart = StreamEvent.objects.get(stream=run.stream_id, type="step_restarted")
    data = json.loads(restart.body)["data"]
    kept = [text["text"] for type_, text, _ in told(run)]
    assert data == {"step": "only", "from_position": 1}
    assert kept == ["a", "b", "a", "c"]
    assert names.count("step_restarted") == 1
    assert Step.objects.get(run=run).restarts == 1


def test_a_repeated_step_that_tells_less_starts_again():
    run = play("tells-less", [Noted(text="a"), Noted(text="b")], [Noted(text="a")])

    assert [data["text"] for _, data, _ in told(run)] == ["a", "b", "a"]
    assert types(run).count("step_restarted") == 1


def test_a_repeated_step_that_tells_more_goes_on_where_it_was():
    run = play("tells-more", [Noted(text="a")], [Noted(text="a"), Noted(text="b")])

    assert [data["text"] for _, data, _ in told(run)] == ["a", "b"]
    assert "step_restarted" not in types(run)


def test_other_types_and_other_texts_are_other_events():
    message = uuid.uuid4()
    for first, second in (
        (Said(message_id=message, content="a"), Noted()),
        (Said(message_id=uuid.uuid4(), content="a"), Said(message_id=uuid.uuid4(), content="b")),
    ):
        run = play(f"differs-{uuid.uuid4()}", [first], [second])
        assert types(run).count("step_restarted") == 1
        message = uuid.uuid4()


def test_text_that_had_to_be_mended_is_recognised_when_it_is_repeated():
    """Reliability 15."""
    event = Said(message_id=uuid.uuid4(), content="a\0b\ud83d")

    run = play("mended", [event], [event])

    assert "step_restarted" not in types(run)
    assert MessageChunk.objects.get().text == "a\ufffdb\ufffd"


def test_an_event_of_a_class_that_is_gone_makes_the_step_start_again():
    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> int:
            await scope.emit(Noted(text="a"))
            if context.run.attempts == 1:
                raise Killed
            return 1

        return str(await context.step("only", work))

    run = make_run(kind=register("old-class", handler))
    with pytest.raises(Killed):
        advance(run)
    StreamEvent.objects.filter(type="test_noted").update(type="no_longer_known")
    reassign(run.pk, now=timezone.now() + timedelta(days=1))

    assert advance(run).state == "completed"
    assert types(run).count("step_restarted") == 1


def test_a_repeated_step_gives_its_messages_the_same_ids_until_it_starts_again():
    ids: list[uuid.UUID] = []

    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> int:
            ids.append(scope.message_id("text"))
            await scope.emit(Noted(text="x" if len(ids) < 3 else "y"))
            if len(ids) < 3:
                raise Killed
            return 1

        return str(await context.step("only", work))

    die_and_go_on(make_run(kind=register("ids", handler)))

    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert len(ids) == 4


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
