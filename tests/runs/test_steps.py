"""Steps are done once: what a dead worker finished is read, what it began is gone over again."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from runs.context import RunContext
from runs.models import Step
from runs.scope import StepScope
from runs.sweep import reassign
from streams import log
from streams.models import MessageChunk, StreamEvent
from tests.factories import Noted, Said, advance, make_run, register, types
from tests.runs.steps_support import Killed, Script, die_and_go_on, play, told, without_ids

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


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
        run = play(f"differs-{uuid.uuid4().hex[:8]}", [first], [second])
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
