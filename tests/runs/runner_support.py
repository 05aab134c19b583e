"""What the tests of runner share."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from runs import runner
from runs.context import RunContext
from runs.models import Run
from runs.runner import Runner
from tests.factories import (
    types,
)

WAIT = 20


@pytest.fixture
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


def present() -> Runner | None:
    return runner._runner


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
