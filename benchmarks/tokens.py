"""P5, tokens through the whole path: engine, chunk and event in the log, frame in the client."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from benchmarks.load import Caller, Stream, open_streams
from benchmarks.sites import Site, cairn, setups
from benchmarks.table import Figure, percentile

SESSIONS, EVERY, COUNT = 500, 0.05, 200  # sessions, seconds between their tokens, tokens of each
SETTLE = 15.0  # seconds for starting the runs and connecting to them


@dataclass(slots=True)
class Heard:
    """What one client heard of a reply."""

    sequences: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    tokens: int = 0


@dataclass(slots=True)
class Told:
    latencies: list[float]  # milliseconds from the engine's token to the frame here
    written: list[float]  # milliseconds from an event's own time, before its commit, to its frame
    seconds: float  # from the first frame to the last
    cpu: float
    tokens: int


async def _listen(site: Site) -> Told:
    caller = Caller(site.port)
    given = {"sessions": SESSIONS, "count": COUNT, "every": EVERY, "wait": SETTLE}
    started = await caller.post("/bench/talk", given)
    latencies: list[float] = []
    written: list[float] = []
    moments: list[float] = []
    # The engine tells the machine's monotonic time, events the time of day.
    ahead = time.time() - time.monotonic()
    heard: dict[str, Heard] = {}

    def listen(run: str) -> tuple[str, Heard]:
        heard[run] = Heard()
        return f"/api/v1/runs/{run}/events/", heard[run]

    def note(into: Heard, line: bytes, came: float) -> None:
        if b'"position":' not in line or b'"stream_opened"' in line:
            return
        event = json.loads(line)
        into.positions.append(event["position"])
        if event["type"] != "content_delta":
            return
        moments.append(came)
        told = datetime.fromisoformat(event["timestamp"]).timestamp()
        written.append((came + ahead - told) * 1000)
        into.sequences.append(event["data"]["sequence"])
        for sent in event["data"]["content"].split():
            into.tokens += 1
            latencies.append((came - float(sent)) * 1000)

    streams = await _open(site, [listen(one["run"]) for one in started], note)
    before = site.held().cpu_seconds
    patience = SETTLE + EVERY * COUNT + 120
    await asyncio.wait_for(asyncio.gather(*(stream.closed for stream in streams)), patience)
    caller.close()
    _check(heard)
    cpu = site.held().cpu_seconds - before
    return Told(latencies, written, max(moments) - min(moments), cpu, len(latencies))


async def _open(
    site: Site, places: list[tuple[str, Heard]], note: Callable[[Heard, bytes, float], None]
) -> list[Stream]:
    opened = (open_streams(site.port, [path], partial(note, into)) for path, into in places)
    return [stream for streams in await asyncio.gather(*opened) for stream in streams]


def _check(heard: dict[str, Heard]) -> None:
    """Nothing lost, nothing doubled, nothing out of order."""
    for run, one in heard.items():
        if one.tokens != COUNT:
            raise RuntimeError(f"Run {run}: {one.tokens} of {COUNT} tokens came.")
        if one.sequences != list(range(1, len(one.sequences) + 1)):
            raise RuntimeError(f"Run {run}: chunks {one.sequences}.")
        first = one.positions[0]
        if one.positions != list(range(first, first + len(one.positions))):
            raise RuntimeError(f"Run {run}: positions {one.positions}.")


def p5(repeats: int) -> list[Figure]:
    """500 sessions that are answered with 20 tokens a second each, for ten seconds."""
    found: dict[tuple[str, str], list[Told]] = {setup: [] for setup in setups()}
    for _ in range(repeats):
        for (server, database), told in found.items():
            with cairn(server, database=database) as (site, _runs):
                told.append(asyncio.run(_listen(site)))
    return [
        figure
        for (server, database), told in found.items()
        for figure in _figures(f"Cairn, {server}, {database}", told)
    ]


def _figures(setup: str, told: list[Told]) -> list[Figure]:

    def figure(name: str, values: list[float], unit: str, **target: float) -> Figure:
        return Figure(case="p5", name=name, setup=setup, runs=tuple(values), unit=unit, **target)

    return [
        figure("tokens told", [one.tokens / one.seconds for one in told], "/s", least=9500),
        figure("written to frame, p50", [percentile(one.written, 50) for one in told], "ms"),
        figure(
            "written to frame, p95", [percentile(one.written, 95) for one in told], "ms", most=25
        ),
        figure("token to frame, p50", [percentile(one.latencies, 50) for one in told], "ms"),
        figure("token to frame, p95", [percentile(one.latencies, 95) for one in told], "ms"),
        figure("tokens per CPU second", [one.tokens / one.cpu for one in told], ""),
    ]
