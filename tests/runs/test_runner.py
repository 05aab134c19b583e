"""The runner: many runs at once, each by one worker, put down and taken up without loss."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from runs import actions, engines, lease, runner
from runs.context import RunContext
from runs.models import Run
from runs.runner import Runner
from tests.factories import (
    Noted,
    answer,
    limit_pages,
    make_run,
    register,
    text_that_does_not_fit,
    types,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
WAIT = 20


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.RUNS = {
        **settings.RUNS,
        "SWEEP_SECONDS": 0.05,
        "BACKOFF_SECONDS": 0.01,
        "STUCK_SECONDS": 0.1,
    }


@pytest.fixture
def short_lease(settings: Any, quick: None) -> None:
    settings.RUNS = {**settings.RUNS, "LEASE_SECONDS": 0.6}


@pytest.fixture
def works() -> Iterator[Runner]:
    worker = Runner()
    worker.start()
    yield worker
    worker.stop()


class Door:
    """A handler that waits until the test opens it."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.left: list[str] = []
        self._is_open = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def __call__(self, context: RunContext) -> str:
        opened = asyncio.Event()
        self._waiting.append((asyncio.get_running_loop(), opened))
        if self._is_open:
            opened.set()
        self.entered.release()
        try:
            await opened.wait()
        except asyncio.CancelledError:
            self.left.append("cancelled")
            raise
        return "done"

    def enter(self, times: int = 1) -> None:
        """Wait until the handler has been entered."""
        for _ in range(times):
            assert self.entered.acquire(timeout=WAIT)

    def open(self) -> None:
        self._is_open = True
        for loop, opened in self._waiting:
            with suppress(RuntimeError):  # that loop has ended
                loop.call_soon_threadsafe(opened.set)


def ended(run: Run, state: str = "completed") -> Run:
    """Wait until the run is in a state."""
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        run.refresh_from_db()
        if run.state == state:
            return run
        threading.Event().wait(0.005)
    raise AssertionError(f"{run} is not {state}; {types(run)}")


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


def test_a_claim_that_the_database_refused_is_made_again(user, monkeypatch):
    """Reliability 8."""
    failures = iter([True, True])
    real = lease.claim

    def flaky(run_id: Any, segment: int) -> Any:
        if next(failures, False):
            raise OperationalError("database is locked")
        return real(run_id, segment)

    monkeypatch.setattr(runner, "claim", flaky)
    worker = Runner()
    worker.start()

    run = ended(actions.start(register("flaky"), by=user))

    worker.stop()
    assert run.attempts == 1


@pytest.mark.parametrize("what", ["claim", "sweep", "renew"])
def test_a_bug_in_the_machinery_is_logged_and_the_runner_lives_on(
    short_lease, user, monkeypatch, caplog, what
):
    failed = threading.Event()
    real = getattr(runner, what)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if not failed.is_set():
            failed.set()
            raise ZeroDivisionError
        return real(*args, **kwargs)

    monkeypatch.setattr(runner, what, broken)
    door = Door()
    worker = Runner()
    worker.start()

    run = actions.start(register(f"survives-{what}", door), by=user)
    door.enter()
    assert failed.wait(WAIT)
    door.open()

    ended(run)
    worker.stop()
    assert "ZeroDivisionError" in caplog.text or "Leases not renewed" in caplog.text


def test_a_lost_lease_stops_the_work(short_lease, works, user):
    """Reliability 3."""
    door = Door()
    run = ended(actions.start(register("loses", door), by=user), "running")
    door.enter()

    Run.objects.filter(pk=run.pk).update(
        state="queued", lease_owner=None, lease_until=None, not_before=timezone.now() + timedelta(9)
    )

    deadline = time.monotonic() + WAIT
    while not door.left and time.monotonic() < deadline:
        threading.Event().wait(0.005)
    assert door.left == ["cancelled"]


def test_a_worker_that_cannot_renew_cancels_its_own_work_and_the_run_finishes_later(
    short_lease, user
):
    """Reliability 8: the database is locked for longer than a lease, in mid-segment."""
    door = Door()
    worker = Runner()
    worker.start()
    run = ended(actions.start(register("locked-out", door), by=user), "running")
    door.enter()

    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        deadline = time.monotonic() + WAIT
        while not door.left and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        cursor.execute("ROLLBACK")
    door.open()

    assert door.left == ["cancelled"]
    assert ended(run).message == "done"
    worker.stop()


def test_a_full_disk_leaves_the_run_intact_and_it_finishes_later(works, user):
    """Reliability 8."""
    full, tried = threading.Event(), threading.Event()

    async def handler(context: RunContext) -> str:
        if not tried.is_set():
            await context.write(lambda: limit_pages(1))  # this connection can add no page
            try:
                await context.write(lambda: context.append(Noted(text=text_that_does_not_fit())))
            finally:
                full.set()
                tried.set()
                await context.write(lambda: limit_pages(2**30))
        await context.emit(Noted(text="fits"))
        return "done"

    run = ended(actions.start(register("disk-full", handler), by=user))

    assert full.is_set()
    assert types(run).count("run_retrying") == 1
    assert types(run)[-2:] == ["test_noted", "run_completed"]


def present() -> Runner | None:
    return runner._runner


def test_a_process_has_one_runner_and_none_if_it_is_switched_off(settings):
    settings.RUNS = {**settings.RUNS, "RUNNER": "off"}
    runner.start_if_configured()
    assert present() is None

    settings.RUNS = {**settings.RUNS, "RUNNER": "embedded"}
    runner.start_if_configured()
    first = runner.start()
    runner.start_if_configured()

    assert present() is first
    runner.stop()
    runner.stop()
    assert present() is None


CHILD = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
import django
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from runs import actions, handlers, runner
from runs.models import Run

async def handler(context):
    print("working", flush=True)
    while True:
        await context.read(lambda: Run.objects.count())

call_command("migrate", verbosity=0)
handlers.register(handlers.Kind(name="endless", handler=handler))
runner.start()
actions.start("endless", by=User.objects.create_user("ada"))
signal.sigwait({signal.SIGTERM})
"""


def test_a_process_that_ends_gives_its_run_back_and_counts_no_failure(tmp_path: Path):
    """Reliability 9: its thread pools end before what `atexit` knows is called."""
    root = Path(__file__).parents[2]
    settings = {"CAIRN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "project.settings"}

    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        env={**os.environ, **settings, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "working\n"
        child.send_signal(signal.SIGTERM)
        assert child.wait(2 * WAIT) == 0

    with closing(sqlite3.connect(tmp_path / "cairn.sqlite3")) as database:
        rows = list(database.execute("SELECT state, attempts, lease_owner FROM runs_run"))
    assert rows == [("queued", 0, None)]
