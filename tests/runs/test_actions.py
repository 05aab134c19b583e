"""Start, cancel, pause and resume: allowed where the state allows it, told in the log."""

import pytest
from django.db import IntegrityError

from runs import actions
from runs.context import RunContext
from runs.exceptions import InvalidTransition, UnknownKind
from runs.models import Run
from streams.models import Stream
from tests.factories import (
    Noted,
    advance,
    answer,
    at_once,
    held,
    make_gate,
    make_run,
    register,
    types,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def test_a_started_run_is_queued_with_its_first_events_and_a_stream_of_its_own(user):
    run = actions.start(
        register("started"), by=user, arguments={"goal": "x"}, events=(Noted(text="first"),)
    )

    assert (run.state, run.arguments, run.segment) == ("queued", {"goal": "x"}, 1)
    assert types(run) == ["test_noted", "run_state"]


def test_a_run_may_write_to_a_stream_that_outlives_it(user):
    stream = Stream.objects.create()
    kind = register("shares", owns_stream=False)

    for _ in range(2):
        advance(actions.start(kind, by=user, stream=stream))

    stream.refresh_from_db()
    assert stream.closed_at is None
    assert stream.events.filter(type="run_completed").count() == 2


def test_a_key_starts_one_run_for_each_user_even_at_once(user, other):
    """Reliability 4."""
    kind = register("keyed")

    results = at_once(6, lambda _: actions.start(kind, by=user, idempotency_key="k"))
    actions.start(kind, by=other, idempotency_key="k")

    runs = [result for result in results if isinstance(result, Run)]
    assert len(runs) == 1
    assert {type(result) for result in results} == {Run, IntegrityError}
    assert actions.started_before(user, "k") == runs[0]
    assert actions.started_before(user, "other") is None
    assert actions.started_before(user, "") is None
    assert Stream.objects.count() == 2


def test_a_run_of_an_unknown_kind_is_not_started(user):
    with pytest.raises(UnknownKind, match="No handler for runs of kind 'nonsense'"):
        actions.start("nonsense", by=user)

    assert not Stream.objects.exists()


@pytest.mark.parametrize("state", ["queued", "waiting", "paused"])
def test_a_run_nobody_works_on_is_cancelled_at_once(state):
    """Reliability 7."""
    run = make_gate().run if state == "waiting" else make_run()
    if state == "paused":
        actions.pause(run.pk)

    run = actions.cancel(run.pk, reason="changed my mind")
    again = actions.cancel(run.pk)

    assert (run.state, again.state) == ("cancelled", "cancelled")
    assert types(run).count("run_cancelled") == 1
    assert run.finished_at is not None


def test_a_running_run_is_asked_to_stop_once():
    run = make_run()
    held(run)

    for _ in range(2):
        run = actions.cancel(run.pk)

    assert (run.state, run.cancel_requested) == ("running", True)
    assert types(run) == ["run_state", "run_state"]


async def _asks(context: RunContext) -> str:
    await context.read(lambda: actions.cancel(context.run.pk))
    await context.pause_point()
    raise ValueError("a failure that would be retried")


def test_a_run_that_was_asked_to_stop_does_not_start_again_when_it_fails():
    run = advance(make_run(kind=register("fails-after-cancel", _asks)))

    assert run.state == "cancelled"
    assert types(run)[-1] == "run_cancelled"


async def _pauses_after_cancel(context: RunContext) -> str:
    await context.read(lambda: actions.pause(context.run.pk))
    await context.read(lambda: actions.cancel(context.run.pk))
    await context.pause_point()
    return "not reached"


def test_a_cancel_wins_over_a_pause():
    run = advance(make_run(kind=register("pauses-after-cancel", _pauses_after_cancel)))

    assert run.state == "cancelled"


def test_a_cancel_that_came_before_the_handler_could_start_ends_the_run():
    """Reliability 7: the interrupt found no task yet."""

    async def handler(context: RunContext) -> str:
        raise AssertionError("must not start")

    run = make_run(kind=register("never-starts", handler), cancel_requested=True)

    assert advance(run).state == "cancelled"


async def _pauses(context: RunContext) -> str:
    async def work(scope: object) -> int:
        return 1

    await context.step("one", work)
    await context.pause_point()
    await context.step("two", work)
    return "done"


def test_a_paused_run_goes_on_after_its_last_finished_step():
    run = make_run(kind=register("pauses", _pauses), pause_requested=True)

    paused = advance(run).state
    resumed = actions.resume(run.pk)
    done = advance(run)

    assert (paused, resumed.state, resumed.segment) == ("paused", "queued", 2)
    assert (done.state, done.segment) == ("completed", 2)
    assert [step.name for step in done.steps.all()] == ["one", "two"]


def test_a_pause_that_was_only_asked_for_can_be_taken_back():
    run = make_run()
    held(run)
    asked = actions.pause(run.pk).pause_requested

    run = actions.resume(run.pk)

    assert (asked, run.pause_requested, run.state) == (True, False, "running")


def test_a_queued_run_pauses_at_once_and_twice_changes_nothing():
    run = make_run()

    first, second = actions.pause(run.pk), actions.pause(run.pk)

    assert (first.state, second.state) == ("paused", "paused")
    assert types(run) == ["run_state"]


def test_a_waiting_run_cannot_pause_but_can_be_decided():
    gate = make_gate()

    with pytest.raises(InvalidTransition, match="Decide at its gate"):
        actions.pause(gate.run_id)
    with pytest.raises(InvalidTransition, match="only a paused run"):
        actions.resume(gate.run_id)

    answer(gate)
    assert Run.objects.get(pk=gate.run_id).state == "queued"


@pytest.mark.parametrize("action", [actions.cancel, actions.pause, actions.resume])
def test_a_run_that_has_ended_stays_as_it_ended(action):
    """Reliability 23."""
    run = advance(make_run())
    before = types(run)

    with pytest.raises(InvalidTransition) as error:
        action(run.pk)

    assert error.value.details() == {"state": "completed"}
    run.refresh_from_db()
    assert (run.state, types(run)) == ("completed", before)
