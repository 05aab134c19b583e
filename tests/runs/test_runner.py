"""The runner: many runs at once, each by one worker, put down and taken up without loss."""

import asyncio
import threading
import time
from typing import Any

import pytest

from runs import actions, engines
from runs.context import RunContext
from runs.models import Run
from runs.runner import Runner
from tests.factories import (
    Noted,
    answer,
    make_run,
    register,
    types,
)
from tests.runs.runner_support import WAIT, Door, ended

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("real_threads", "quick"),
]


def test_a_runner_works_on_many_runs(works, user):
    kind = register("many")

    runs = [actions.start(kind, by=user) for _ in range(60)]

    for run in runs:
        assert types(ended(run)) == ["run_state", "run_state", "run_completed"]


def test_what_was_queued_before_it_started_is_taken_up_at_once(user):
    """Reliability 2."""
    runs = [actions.start(register("waiting-for-a-runner"), by=user) for _ in range(5)]
    worker = Runner()

    worker.start()

    for run in runs:
        ended(run)
    worker.stop()


def test_an_answered_run_goes_on(works, user):
    from runs.gates import Question  # noqa: PLC0415

    question = Question(kind="question", name="q", text="?", payload={}, decisions=("approve",))

    async def handler(context: RunContext) -> str:
        gate = await context.ask(question, before=lambda gate: [Noted(text="asks")])
        return gate.decision

    run = ended(actions.start(register("asks", handler), by=user), "waiting")
    answer(run.gates.get())

    assert ended(run).message == "approve"
    assert types(run)[2:4] == ["test_noted", "gate_opened"]


@pytest.mark.parametrize("how", ["async", "thread", "swallowing"])
def test_a_running_run_is_interrupted_within_a_second(works, user, how):
    """Reliability 7."""
    entered, released = threading.Event(), threading.Event()

    def block(cancel: threading.Event) -> None:
        entered.set()
        cancel.wait(WAIT)
        released.set()

    async def handler(context: RunContext) -> str:
        if how == "thread":
            await asyncio.to_thread(block, context.cancel)
        entered.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            released.set()
            if how == "swallowing":
                raise ValueError("the library made an error of it") from None
            raise
        return "not reached"

    run = actions.start(register(f"blocks-{how}", handler), by=user)
    assert entered.wait(WAIT)
    begun = time.monotonic()
    actions.cancel(run.pk)

    ended(run, "cancelled")
    assert time.monotonic() - begun < 1
    assert released.wait(WAIT)
    assert types(run)[-1] == "run_cancelled"


def test_a_cancel_whose_interrupt_was_lost_is_seen_at_the_heartbeat(
    short_lease, works, user, monkeypatch
):
    """Reliability 7."""
    door = Door()
    run = actions.start(register("deaf", door), by=user)
    door.enter()
    monkeypatch.setattr(engines.embedded, "interrupt", lambda run_id: None)

    actions.cancel(run.pk)

    ended(run, "cancelled")
    assert door.left == ["cancelled"]


def test_stopping_gives_the_runs_back_and_another_finishes_them(user):
    """Reliability 9."""
    door = Door()
    worker = Runner()
    worker.start()
    runs = [actions.start(register("given-back", door), by=user) for _ in range(4)]
    door.enter(4)

    worker.stop()
    states = [Run.objects.get(pk=run.pk) for run in runs]
    door.open()
    other = Runner()
    other.start()

    assert [(run.state, run.attempts) for run in states] == [("queued", 0)] * 4
    for run in runs:
        assert "run_reassigned" not in types(ended(run))
    other.stop()
    assert door.left == ["cancelled"] * 4
    assert not [thread for thread in threading.enumerate() if thread.name == "runner"]


def test_a_stopped_runner_takes_no_tickets_and_minds_none(user):
    worker = Runner()
    worker.start()
    worker.stop()

    worker.take(make_run(user).pk, 1, 0)
    worker.interrupt(make_run(user).pk)

    assert engines.embedded.worker is None


def test_two_runners_on_one_database_execute_nothing_twice(user):
    """Reliability 8."""
    executed: list[Any] = []

    async def handler(context: RunContext) -> str:
        executed.append(context.run.pk)
        return "done"

    kind = register("shared", handler)
    runs = [make_run(user, kind=kind) for _ in range(30)]  # no tickets: both sweep them up
    workers = [Runner(), Runner()]

    for worker in workers:
        worker.start()

    for run in runs:
        assert types(ended(run)) == ["run_state", "run_completed"]
    for worker in workers:
        worker.stop()
    assert sorted(executed) == sorted(run.pk for run in runs)


def test_a_retry_waits_for_its_time(works, user, settings):
    settings.RUNS = {**settings.RUNS, "BACKOFF_SECONDS": 0.3}
    moments: list[float] = []

    async def handler(context: RunContext) -> str:
        moments.append(time.monotonic())
        if len(moments) == 1:
            raise ValueError("once")
        return "done"

    run = ended(actions.start(register("retries", handler), by=user))

    assert moments[1] - moments[0] >= 0.29
    assert types(run).count("run_retrying") == 1


def test_no_more_runs_than_allowed_are_worked_on_at_once(user, settings):
    settings.RUNS = {**settings.RUNS, "CONCURRENCY": 3}
    at_work, most = [0], [0]

    async def handler(context: RunContext) -> str:
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        await asyncio.sleep(0.02)
        at_work[0] -= 1
        return "done"

    kind = register("capped", handler)
    worker = Runner()
    worker.start()
    runs = [actions.start(kind, by=user) for _ in range(12)]
    for run in runs:
        worker.take(run.pk, 1, 0)  # tickets that find nothing to claim must not hold others up

    for run in runs:
        ended(run)
    worker.stop()
    assert most == [3]
