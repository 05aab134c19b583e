"""A worker without a server, that measures itself. Prints one JSON object."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - the apps must be loaded first
from django.db import transaction  # noqa: E402

from benchmarks import workloads  # noqa: E402
from benchmarks.sites import Held, held  # noqa: E402
from planning.actions import Wish, propose  # noqa: E402
from runs import actions, runner  # noqa: E402
from runs.conf import run_settings  # noqa: E402
from runs.models import Run  # noqa: E402
from runs.runner import Runner  # noqa: E402

PATIENCE = 240.0
BATCH = 25


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("The work was not done in time.")
        time.sleep(0.01)


def in_state(state: str) -> int:
    return Run.objects.filter(state=state).count()


def wait() -> dict[str, float]:
    """Lead 1000 plans to their first checkpoint, a few at a time."""
    user = User.objects.get()
    worker = runner.start()

    def lead(total: int) -> None:
        for reached in range(in_state("waiting"), total, BATCH):
            for number in range(reached, reached + BATCH):
                wish = Wish(goal=f"Goal {number}", max_iterations=1, checkpoint_interval=1)
                propose(_without_proposal(wish), by=user)
            until(lambda most=reached + BATCH: in_state("waiting") == most)  # type: ignore[misc]

    lead(100)
    before, tasks = held(os.getpid()), _tasks(worker)
    lead(1000)
    after = held(os.getpid())
    return _more(before, after) | {"tasks": _tasks(worker) - tasks}


def _without_proposal(wish: Wish) -> Wish:
    return Wish(
        goal=wish.goal,
        max_iterations=wish.max_iterations,
        checkpoint_interval=wish.checkpoint_interval,
        needs_proposal=False,
    )


def _tasks(worker: Runner) -> int:
    """Return the fewest tasks of some looks: a sweep may be at work during one of them."""
    looks = []
    for _ in range(20):
        looks.append(len(asyncio.all_tasks(worker._loop)))
        time.sleep(0.01)
    return min(looks)


def _more(before: Held, after: Held) -> dict[str, float]:
    return {
        "threads": after.threads - before.threads,
        "database files": after.database_files - before.database_files,
        "memory": (after.kilobytes - before.kilobytes) / 1024,
    }


def steps() -> dict[str, float]:
    """Queue 500 runs, start the worker, and wait until all have ended."""
    workloads.connect()
    user = User.objects.get()
    with transaction.atomic():
        for _ in range(500):
            actions.start("steps", by=user)
    if run_settings().runner == "distributed":
        return _steps_elsewhere()
    cpu, begun = time.process_time(), time.monotonic()
    runner.start()
    until(lambda: in_state("completed") == 500)
    return {"seconds": time.monotonic() - begun, "cpu": time.process_time() - cpu}


def _steps_elsewhere() -> dict[str, float]:
    """Start a worker process; its time counts from its first claim."""
    command = [sys.executable, "-m", "benchmarks.work", "--concurrency", "1000"]
    with subprocess.Popen(command) as worker:
        until(lambda: in_state("queued") < 500)
        cpu, begun = held(worker.pid).cpu_seconds, time.monotonic()
        until(lambda: in_state("completed") == 500)
        found = {
            "seconds": time.monotonic() - begun,
            "cpu": held(worker.pid).cpu_seconds - cpu,
        }
        worker.terminate()
    return found


if __name__ == "__main__":
    print(json.dumps({"wait": wait, "steps": steps}[sys.argv[1]]()))
    runner.stop()
    assert threading.current_thread() is threading.main_thread()
