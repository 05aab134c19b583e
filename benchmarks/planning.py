"""P8, from an approval to the next iteration; P9, what a thousand waiting plans hold."""

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

from benchmarks import databases
from benchmarks.databases import SQLITE
from benchmarks.load import Caller, close_streams, open_streams
from benchmarks.sites import ROOT, Site, cairn, environment, folder, setups
from benchmarks.table import Figure, percentile

PLANS, ITERATIONS = 15, 4  # with a checkpoint after each
PATIENCE = 30.0


class Viewer:
    """A client that approves what it is shown, and notes when the work goes on."""

    def __init__(self) -> None:
        self.gates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.iterations: asyncio.Queue[float] = asyncio.Queue()
        self.is_over = asyncio.Event()

    def note(self, line: bytes, came: float) -> None:
        if b'"gate_opened"' in line:
            self.gates.put_nowait(json.loads(line)["data"])
        elif b'"iteration_started"' in line:
            self.iterations.put_nowait(came)
        elif b'"final":true' in line:
            self.is_over.set()


async def _approvals(site: Site) -> list[float]:
    """Return the milliseconds between sending each approval and the next `iteration_started`."""
    found = []
    caller = Caller(site.port)
    for number in range(PLANS):
        wish = {"goal": f"Goal {number}", "max_iterations": ITERATIONS, "checkpoint_interval": 1}
        plan = await caller.post("/api/v1/plans/", wish)
        viewer = Viewer()
        streams = await open_streams(
            site.port, [f"/api/v1/runs/{plan['run_id']}/events/"], viewer.note
        )
        for _ in range(ITERATIONS):
            gate = await asyncio.wait_for(viewer.gates.get(), PATIENCE)
            sent = time.monotonic()
            decision = {"decision": "approve", "digest": gate["digest"]}
            await caller.post(f"/api/v1/gates/{gate['gate_id']}/answer/", decision)
            came = await asyncio.wait_for(viewer.iterations.get(), PATIENCE)
            found.append((came - sent) * 1000)
        await close_streams(streams)
    caller.close()
    return found


def p8(repeats: int) -> list[Figure]:
    """Approve plans that ask after each iteration, one at a time."""
    found: dict[tuple[str, str], list[list[float]]] = {setup: [] for setup in setups()}
    for _ in range(repeats):
        for (server, database), repeated in found.items():
            with cairn(server, database=database) as (site, _runs):
                repeated.append(asyncio.run(_approvals(site)))
    return [
        Figure(
            case="p8",
            name=f"approval to next iteration, p{percent}",
            setup=f"Cairn, {server}, {database}",
            runs=tuple(percentile(values, percent) for values in repeated),
            unit="ms",
            most=(10.0 if database == SQLITE else 30.0) if percent == 50 else None,
        )
        for (server, database), repeated in found.items()
        for percent in (50, 95)
    ]


def _in_worker(job: str, database: str = SQLITE) -> dict[str, float]:
    """Run a job of `benchmarks.worker` in a process and a folder of its own."""
    with folder() as var, databases.fresh(database) as url:
        env = environment(var, url, lease=60, script='{"events_per_iteration": 1}')
        subprocess.run(
            [sys.executable, "-m", "benchmarks.seed", "0"],
            env=env,
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.worker", job],
            env=env,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            timeout=300,
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def p9(repeats: int) -> list[Figure]:
    """Lead 1000 plans to a checkpoint in one worker; compare with when the first 100 waited."""
    found = [_in_worker("wait") for _ in range(min(repeats, 2))]
    targets = {"threads": 0.0, "tasks": 0.0, "database files": 0.0, "memory": 10.0}
    return [
        Figure(
            case="p9",
            name=f"{name} more at 1000 waiting plans than at 100",
            setup="one worker",
            runs=tuple(one[name] for one in found),
            unit="MB" if name == "memory" else "",
            most=most,
        )
        for name, most in targets.items()
    ]


def p10(repeats: int) -> list[Figure]:
    """500 runs of three steps that each wait a second, in one worker: ideally 3 s."""
    found: dict[str, list[dict[str, float]]] = {one: [] for one in databases.available()}
    for _ in range(repeats):
        for database, repeated in found.items():
            repeated.append(_in_worker("steps", database))
    return [
        Figure(
            case="p10",
            name=name,
            setup=f"one worker, {database}",
            runs=tuple(one[key] for one in repeated),
            unit="s",
            most=most,
        )
        for database, repeated in found.items()
        for name, key, most in (
            ("500 runs x 3 steps of 1 s", "seconds", 4.5 if database == SQLITE else 7.0),
            ("worker CPU", "cpu", None),
        )
    ]
