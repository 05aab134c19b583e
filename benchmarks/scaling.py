"""How figures move with size: `python -m benchmarks scaling` also draws docs/explanation/scaling.svg."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import databases
from benchmarks.databases import POSTGRESQL, SQLITE
from benchmarks.drawing import Curve, Panel, draw
from benchmarks.history import first_frame, logbook
from benchmarks.load import Caller, close_streams, open_streams
from benchmarks.sites import ROOT, Site, cairn
from benchmarks.table import Figure, percentile

PICTURE = ROOT / "docs" / "explanation" / "scaling.svg"
WATCHERS = (100, 500, 1000, 2000, 5000)
RUNS = (10, 100, 500, 1000)
EVENTS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
WORKERS = (1, 2, 4)
SLEEPING_RUNS = 200
EVERY, SECONDS, SETTLE = 0.5, 6.0, 2.0


@dataclass(frozen=True, slots=True)
class Point:
    size: int
    value: float


async def _lag(site: Site, runs: list[str], watchers: int) -> float:
    """Return the 95th percentile of milliseconds from before an append to its frame here."""
    found: list[float] = []

    def note(line: bytes, came: float) -> None:
        if b'"bench_ticked"' in line:
            found.append((came - json.loads(line)["data"]["sent"]) * 1000)

    paths = [f"/api/v1/runs/{run}/events/" for run in runs] * watchers
    streams = await open_streams(site.port, paths, note)
    caller = Caller(site.port)
    pace = {"every": EVERY, "count": int(SECONDS / EVERY), "wait": SETTLE}
    await caller.post("/bench/feed", {"runs": runs, **pace})
    await asyncio.sleep(SETTLE + SECONDS + 1)
    caller.close()
    await close_streams(streams)
    expected = len(paths) * pace["count"]
    if len(found) != expected:
        raise RuntimeError(f"{len(found)} of {expected} events came.")
    return percentile(found, 95)


def watchers(database: str) -> list[Point]:
    """Watchers of one stream that grows twice a second."""
    points = []
    for count in WATCHERS:
        with cairn("uvicorn", database=database, idle_runs=1) as (site, runs):
            points.append(Point(count, asyncio.run(_lag(site, runs, count))))
    return points


def streams(database: str) -> list[Point]:
    """Streams that each grow twice a second, with a watcher each."""
    points = []
    for count in RUNS:
        with cairn("uvicorn", database=database, idle_runs=count) as (site, runs):
            points.append(Point(count, asyncio.run(_lag(site, runs, 1))))
    return points


def history(database: str) -> list[Point]:
    """Events in the log; milliseconds to the first frame of a stream, with an append before it."""
    points = []
    for events in EVENTS:
        with cairn("uvicorn", database=database) as (site, _runs):
            run = logbook(site.environment, "fill", events, min(100, events // 10))
            append = float(logbook(site.environment, "probe"))
            points.append(Point(events, append + asyncio.run(first_frame(site, run))))
    return points


async def _ended(site: Site, runs: list[str]) -> float:
    begun = time.monotonic()
    paths = [f"/api/v1/runs/{run}/events/" for run in runs]
    opened = await open_streams(site.port, paths)
    await asyncio.wait_for(asyncio.gather(*(stream.closed for stream in opened)), 120)
    return time.monotonic() - begun


def workers(database: str) -> list[Point]:
    """Workers; seconds for 200 runs of three steps of a second each, 50 at once in a worker."""
    if database != POSTGRESQL:
        return []
    points = []
    for count in WORKERS:
        with cairn("uvicorn", database=database, workers=count, concurrency=50) as (site, _runs):
            points.append(Point(count, asyncio.run(_work(site))))
    return points


async def _work(site: Site) -> float:
    caller = Caller(site.port)
    runs = await caller.post("/bench/steps", {"runs": SLEEPING_RUNS})
    caller.close()
    return await _ended(site, runs)


PANELS: dict[str, tuple[str, Callable[[str], list[Point]]]] = {
    "watchers of one stream": ("ms to the frame, p95", watchers),
    "streams with a watcher each": ("ms to the frame, p95", streams),
    "events in the log": ("ms for append and first frame", history),
    "workers": ("s for 200 runs of 3 s", workers),
}


def scaling(repeats: int) -> list[Figure]:
    """Measure the same with more watchers, streams, history and workers; draw the curves."""
    figures, panels = [], []
    for name, (unit, measure) in PANELS.items():
        curves = []
        for database in (SQLITE, POSTGRESQL):
            if database in databases.available():
                points = measure(database)
                if points:
                    curves.append(Curve(database, [(one.size, one.value) for one in points]))
                    figures += _figures(name, unit, database, points)
        panels.append(Panel(name, unit, curves))
    PICTURE.write_text(draw(panels))
    return figures


def _figures(name: str, unit: str, database: str, points: Sequence[Point]) -> list[Figure]:
    return [
        Figure(
            case="scaling",
            name=f"{name}: {point.size}",
            setup=f"Cairn, uvicorn, {database}",
            runs=(point.value,),
            unit=unit.split(" ")[0],
        )
        for point in points
    ]
