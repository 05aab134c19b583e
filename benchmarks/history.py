"""P6, durable appends; P7, catching up; P11, what the length of the log costs."""

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

from benchmarks import databases
from benchmarks.load import Stream, open_streams
from benchmarks.sites import ROOT, Site, cairn
from benchmarks.table import Figure, percentile

BACK = 10_000  # events that a reader has missed
SHORT, LONG, STREAMS = 1_000, 1_000_000, 100  # events in the log, in so many streams
TRIES = 20


def logbook(env: dict[str, str], *command: object) -> Any:
    """Run a part of `benchmarks.logbook` on the database of a site."""
    words = [sys.executable, "-m", "benchmarks.logbook", *map(str, command)]
    done = subprocess.run(words, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def p6(repeats: int) -> list[Figure]:
    """Append pieces of text of 100 runs, fenced, each run one after the other."""
    figures = []
    for database in databases.available():
        found = []
        for _ in range(repeats):
            with cairn("uvicorn", database=database) as (site, _runs):
                found.append(float(logbook(site.environment, "appends")))
        figures.append(
            Figure(
                case="p6",
                name="durable appends of 100 runs",
                setup=database,
                runs=tuple(found),
                unit="/s",
                least=20_000,
            )
        )
    return figures


async def _catch_up(site: Site, run: str, count: int) -> tuple[float, float]:
    """Return milliseconds to the first event of a stream, and events a second to the last.

    A server ends a connection after so many bytes; as its clients do, this one goes on at once.
    """
    moments: list[float] = []
    begun = time.monotonic()

    def note(line: bytes, came: float) -> None:
        if b"bench_ticked" in line:
            moments.append(came)

    while len(moments) < count:
        path = f"/api/v1/runs/{run}/events/?after={len(moments)}"
        (stream,) = await open_streams(site.port, [path], note)
        known = -1
        while not stream.closed.done() and known < len(moments) < count:
            known = len(moments)
            await asyncio.wait({stream.closed}, timeout=0.05)
        stream.close()
    return (moments[0] - begun) * 1000, count / (moments[-1] - begun)


def p7(repeats: int) -> list[Figure]:
    """Read a stream from 10,000 events back."""
    figures = []
    for database in databases.available():
        for server in ("daphne", "uvicorn"):
            found, grown = [], []
            with cairn(server, database=database) as (site, _runs):
                run = logbook(site.environment, "fill", BACK, 1)
                asyncio.run(_catch_up(site, run, BACK))
                for _ in range(max(3, repeats)):
                    before = site.held().kilobytes
                    found.append(asyncio.run(_catch_up(site, run, BACK)))
                    grown.append((site.held().kilobytes - before) / 1024)
            setup = f"Cairn, {server}, {database}"
            first, pace = zip(*found, strict=True)
            figures += [
                Figure(case="p7", name="first event", setup=setup, runs=first, unit="ms", most=50),
                Figure(case="p7", name="events", setup=setup, runs=pace, unit="/s", least=50_000),
                Figure(case="p7", name="memory", setup=setup, runs=tuple(grown), unit="MB more"),
            ]
    return figures


async def first_frame(site: Site, run: str) -> float:
    found = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        streams: list[Stream] = await open_streams(site.port, [f"/api/v1/runs/{run}/events/"])
        found.append((time.perf_counter() - begun) * 1000)
        for stream in streams:
            stream.close()
            await stream.closed
    return percentile(found, 50)


def _costs(database: str, events: int) -> tuple[float, float]:
    """Return milliseconds of an append and of a first frame, beside a log of a length."""
    with cairn("uvicorn", database=database) as (site, _runs):
        run = logbook(site.environment, "fill", events, min(STREAMS, events // 10))
        return logbook(site.environment, "probe"), asyncio.run(first_frame(site, run))


def p11(repeats: int) -> list[Figure]:
    """Compare an append and a first frame at a million events in the log with a thousand."""
    figures = []
    for database in databases.available():
        pairs = [(_costs(database, SHORT), _costs(database, LONG)) for _ in range(repeats)]
        for number, name in enumerate(("append", "first frame")):
            figures.append(
                Figure(
                    case="p11",
                    name=f"{name}, 1,000,000 events against 1,000",
                    setup=database,
                    runs=tuple(long[number] / short[number] for short, long in pairs),
                    unit="times",
                    most=1.2,
                )
            )
    return figures
