"""The runner: many runs at once, each by one worker, put down and taken up without loss."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from runs import actions, lease, runner
from runs.context import RunContext
from runs.models import Run
from runs.runner import Runner
from tests.databases import sqlite_only
from tests.factories import (
    Noted,
    limit_pages,
    register,
    text_that_does_not_fit,
    types,
)
from tests.runs.runner_support import CHILD, WAIT, Door, ended, present

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("real_threads", "quick"),
]


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


@sqlite_only("PostgreSQL has no lock on the whole database")
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


@sqlite_only("a full disk is imitated by a limit of pages")
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


def test_a_process_that_ends_gives_its_run_back_and_counts_no_failure(tmp_path: Path):
    """Reliability 9: its thread pools end before what `atexit` knows is called."""
    root = Path(__file__).parents[2]
    settings = {"CAIRN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "project.settings"}
    settings["DATABASE_URL"] = ""

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
