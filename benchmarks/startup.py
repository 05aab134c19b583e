"""P13 and what engines cost: from the command to the first page, and what the process holds then."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from urllib.request import urlopen

from benchmarks.load import Caller, open_streams
from benchmarks.sites import PATIENCE, ROOT, Site, environment, folder
from benchmarks.table import Figure

PAGE = "/sign-in/"
SERVE = ("-m", "project.serving", "-v", "0", "-b", "127.0.0.1", "-p", "{port}")
# A model at an address where nobody answers: what asking it takes is loaded all the same.
NOBODY = "http://127.0.0.1:9/v1"
SETUPS: dict[str, dict[str, object]] = {
    "offline engine": {"engine": "offline"},
    "CAIRN_MODEL": {"engine": "pydantic-ai", "model": "openai:gpt-5-mini", "model_url": NOBODY},
    "CAIRN_AGENTS": {"engine": "bank", "agents": "bank=tests.examples.bank_in_cairn:agent"},
}
Found = dict[str, float]


@contextmanager
def _warm(**settings: object) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield a folder that Cairn has been started in before, and the environment to do it again."""
    with folder() as var:
        env = environment(var, max_attempts=1, log_level="ERROR", **settings)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.seed", "0"],
            env=env,
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield var, env


def _prepare(env: dict[str, str]) -> Found:
    began, before = time.monotonic(), getrusage(RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        env=env,
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = getrusage(RUSAGE_CHILDREN)
    return {
        "prepare, wall": time.monotonic() - began,
        "prepare, CPU": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    }


def _start(var: Path, env: dict[str, str]) -> Found:
    """Do what `make serve` does, get a page, use the engine once, and stop."""
    found = _prepare(env)
    began = time.monotonic()
    site = Site([sys.executable, *SERVE, "project.asgi:application"], env, var)
    try:
        with urlopen(f"http://127.0.0.1:{site.port}{PAGE}", timeout=PATIENCE) as answer:
            assert answer.status == 200
        found["serve to first page, wall"] = time.monotonic() - began
        held = site.held()
        found["serve to first page, CPU"] = held.cpu_seconds
        found["memory at first page"] = held.kilobytes / 1024
        asyncio.run(_use(site))
        used = site.held()
        found["memory after first use"] = used.kilobytes / 1024
        found["first use, CPU"] = used.cpu_seconds - held.cpu_seconds
    finally:
        site.close()
    found["make serve to first page, wall"] = (
        found["prepare, wall"] + found["serve to first page, wall"]
    )
    return found


async def _use(site: Site) -> None:
    """Begin a session and ask something; whether it is answered does not matter here."""
    caller = Caller(site.port)
    session = await caller.post("/api/v1/sessions/", {"demo": "penguins"})
    asked = {"text": "How many penguins are there by species?"}
    posted = await caller.post(f"/api/v1/sessions/{session['id']}/messages/", asked)
    caller.close()
    (stream,) = await open_streams(site.port, [f"/api/v1/runs/{posted['run_id']}/events/"])
    await asyncio.wait_for(stream.closed, PATIENCE)


def startup(repeats: int) -> list[Figure]:
    """Start Cairn as `make serve` does, with each kind of engine, and use it once."""
    figures = []
    for setup, settings in SETUPS.items():
        with _warm(**settings) as (var, env):
            _prepare(env)  # compiles what was never imported
            runs = [_start(var, env) for _ in range(repeats)]
        for name in runs[0]:
            figures.append(
                Figure(
                    case="p13",
                    name=name,
                    setup=setup,
                    runs=tuple(round(run[name], 2) for run in runs),
                    unit="MB" if name.startswith("memory") else "s",
                    most=3.0 if name.startswith("make serve") else None,
                )
            )
    return figures
