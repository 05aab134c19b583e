"""P3, what an idle stream holds; P4, how long an event takes from the worker to the client."""

import asyncio
import json
import time

from benchmarks.databases import SQLITE
from benchmarks.load import Caller, Stream, close_streams, open_streams
from benchmarks.sites import Held, Site, cairn, peer, setups
from benchmarks.table import Figure, percentile

STREAMS = 1000
WARM = 50
RUNS, EVERY, COUNT = 500, 0.5, 20  # runs, seconds between their events, events of each
SETTLE = 10.0  # seconds for starting the runs and connecting to them
PEER = "FastAPI + sse-starlette, uvicorn"


def _path(run_id: str) -> str:
    return f"/api/v1/runs/{run_id}/events/"


async def _hold(site: Site, paths: list[str]) -> tuple[Held, Held]:
    """Return what a server holds with no stream and with one for each path."""
    await close_streams(await open_streams(site.port, paths[:WARM]))
    await asyncio.sleep(1)
    before = site.held()
    streams = await open_streams(site.port, paths)
    await asyncio.sleep(1)
    after = site.held()
    await close_streams(streams)
    return before, after


def _hold_cairn(server: str) -> tuple[Held, Held]:
    with cairn(server, idle_runs=STREAMS) as (site, runs):
        return asyncio.run(_hold(site, [_path(run) for run in runs]))


def _hold_peer() -> tuple[Held, Held]:
    with peer("sse_starlette_app") as site:
        return asyncio.run(_hold(site, [f"/events/{number}" for number in range(STREAMS)]))


def p3(repeats: int) -> list[Figure]:
    """Hold 1000 idle streams, each of a run of its own, on each server in turn."""
    setups = {
        "Cairn, Daphne": lambda: _hold_cairn("daphne"),
        "Cairn, uvicorn": lambda: _hold_cairn("uvicorn"),
        PEER: _hold_peer,
    }
    found: dict[str, list[tuple[Held, Held]]] = {name: [] for name in setups}
    for _ in range(repeats):
        for name, hold in setups.items():
            found[name].append(hold())
    memory = {
        name: tuple((after.kilobytes - before.kilobytes) / STREAMS for before, after in pairs)
        for name, pairs in found.items()
    }
    theirs = sorted(memory[PEER])[len(memory[PEER]) // 2]
    figures = [
        Figure(
            case="p3",
            name="memory per idle stream",
            setup=name,
            runs=runs,
            unit="kB",
            most=None if name == PEER else theirs / 2,
        )
        for name, runs in memory.items()
    ]
    return figures + [grown for name in list(setups)[:2] for grown in _growth(name, found[name])]


def _growth(setup: str, pairs: list[tuple[Held, Held]]) -> list[Figure]:
    what = {
        "threads more at 1000 streams": [a.threads - b.threads for b, a in pairs],
        "database files more at 1000 streams": [
            a.database_files - b.database_files for b, a in pairs
        ],
    }
    return [
        Figure(case="p3", name=name, setup=setup, runs=tuple(values), unit="", most=0)
        for name, values in what.items()
    ]


async def _latencies(site: Site) -> tuple[list[float], float]:
    """Return milliseconds from the emit in the worker to the frame here, and the server's load."""
    found: list[float] = []

    def note(line: bytes, came: float) -> None:
        if b'"bench_ticked"' in line:
            found.append((came - json.loads(line)["data"]["sent"]) * 1000)

    caller = Caller(site.port)
    given = {"runs": RUNS, "count": COUNT, "every": EVERY, "wait": SETTLE}
    runs = await caller.post("/bench/tick", given)
    streams: list[Stream] = await open_streams(site.port, [_path(run) for run in runs], note)
    before = site.held().cpu_seconds
    await asyncio.wait_for(
        asyncio.gather(*(stream.closed for stream in streams)), SETTLE + EVERY * COUNT + 60
    )
    caller.close()
    if len(found) != RUNS * COUNT:
        raise RuntimeError(f"{len(found)} of {RUNS * COUNT} events came.")
    return found, site.held().cpu_seconds - before


def p4(repeats: int) -> list[Figure]:
    """500 runs that each emit two events a second for ten seconds, each with one watcher."""
    found: dict[tuple[str, str], list[tuple[list[float], float]]] = {one: [] for one in setups()}
    for _ in range(repeats):
        for (server, database), repeated in found.items():
            with cairn(server, database=database) as (site, _runs):
                repeated.append(asyncio.run(_latencies(site)))
    figures = []
    for (server, database), repeated in found.items():
        setup = f"Cairn, {server}, {database}"
        for percent, most in ((50, 3.0 if database == SQLITE else 5.0), (99, 20.0)):
            runs = tuple(percentile(values, percent) for values, _ in repeated)
            figures.append(
                Figure(
                    case="p4",
                    name=f"append to frame, p{percent}",
                    setup=setup,
                    runs=runs,
                    unit="ms",
                    most=most,
                )
            )
        cpu = tuple(seconds for _, seconds in repeated)
        figures.append(Figure(case="p4", name="server CPU", setup=setup, runs=cpu, unit="s"))
    return figures


CONNECTS = 100


async def _first_bytes(site: Site, paths: list[str]) -> list[float]:
    """Return milliseconds from asking for a stream to its first frame, one after another."""
    found = []
    for path in paths:
        begun = time.perf_counter()
        streams = await open_streams(site.port, [path])
        found.append((time.perf_counter() - begun) * 1000)
        await close_streams(streams)
    return found


def connect(repeats: int) -> list[Figure]:
    """Open 100 streams of different runs in turn, and wait for the first frame of each."""
    figures = []
    for server in ("daphne", "uvicorn"):
        values = []
        for _ in range(repeats):
            with cairn(server, idle_runs=CONNECTS) as (site, runs):
                found = asyncio.run(_first_bytes(site, [_path(run) for run in runs]))
                values.append(percentile(found, 95))
        figures.append(
            Figure(
                case="connect",
                name="connect to first frame, p95",
                setup=f"Cairn, {server}",
                runs=tuple(values),
                unit="ms",
                most=50,
            )
        )
    return figures
