"""Runs that share a stream: one after the other, each to be followed by itself."""

import json
from uuid import uuid4

import pytest

from runs import actions
from runs.access import place
from runs.context import RunContext
from runs.lease import claim
from runs.models import Run
from runs.scope import StepScope
from streams import log
from streams.models import Stream, StreamEvent
from streams.pool import pooled
from tests.factories import Noted, advance, make_user, register
from tests.runs.steps_support import Killed, die_and_go_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def start(stream: Stream, after: Run | None = None, kind: str = "") -> Run:
    kind = kind or register("shares", owns_stream=False)
    return actions.start(kind, by=make_user(), stream=stream, after=after)


def test_a_run_is_not_claimed_before_the_one_it_follows_has_ended():
    stream = Stream.objects.create()
    first = start(stream)
    second = start(stream, first)

    assert claim(second.pk, second.segment) is None
    assert list(Run.objects.claimable()) == [first]

    advance(first)
    assert list(Run.objects.claimable()) == [second]
    assert advance(second).state == "completed"


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_a_run_goes_on_however_the_one_before_it_ended(end):
    async def fails(context: RunContext) -> str:
        raise ValueError

    stream = Stream.objects.create()
    first = start(stream, kind=register("fails-first", fails, owns_stream=False))
    Run.objects.filter(pk=first.pk).update(max_attempts=1)
    second = start(stream, first)

    if end == "cancelled":
        actions.cancel(first.pk)
    else:
        advance(first)

    first.refresh_from_db()
    assert (first.state, advance(second).state) == (end, "completed")


def test_a_shared_stream_stays_open_and_its_events_name_their_run_and_session():
    stream = Stream.objects.create(session_id=(session := uuid4()))
    first = advance(start(stream))
    second = advance(start(stream))

    rows = StreamEvent.objects.filter(stream=stream)
    assert set(rows.values_list("run_id", flat=True)) == {first.pk, second.pk}
    assert not rows.filter(is_last=True).exists()
    assert {json.loads(row.body)["session_id"] for row in rows} == {str(session)}


def test_a_run_knows_its_part_of_a_shared_stream():
    stream = Stream.objects.create()
    first = advance(start(stream))
    second = advance(start(stream))

    where = place(second)

    assert (where.run_id, where.begins_after) == (second.pk, log.last_of_run(stream.pk, first.pk))
    assert where.ends_at == log.last_position(stream.pk)
    assert place(first).ends_at == where.begins_after


def test_what_others_tell_in_a_shared_stream_does_not_disturb_a_step_that_is_repeated():
    tries = iter([True, False])
    append = pooled(log.append)

    async def handler(context: RunContext) -> str:
        async def work(scope: StepScope) -> int:
            await scope.emit(Noted(text="one"))
            if next(tries):
                await append(stream.pk, [Noted(text="another's")], run_id=uuid4())
                raise Killed
            await scope.emit(Noted(text="two"))
            return 1

        return str(await context.step("only", work))

    stream = Stream.objects.create()
    run = die_and_go_on(start(stream, kind=register("disturbed", handler, owns_stream=False)))

    rows = [row for row in log.read_after(stream.pk, 0, 100) if row.type == "test_noted"]
    assert [json.loads(row.body)["data"]["text"] for row in rows] == ["one", "another's", "two"]
    assert (run.state, run.steps.get().restarts) == ("completed", 0)
