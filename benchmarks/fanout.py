"""P1 and P2, events delivered for each second of the server's CPU, beside peers in the same run."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.load import Caller, close_streams, open_streams
from benchmarks.sites import Site, bare, cairn, peer
from benchmarks.table import Figure

EVERY, SECONDS = 0.05, 8.0
SETTLE, EDGE = 2.0, 1.0  # seconds before the first event, and left out at both ends
ES, BARE, FASTAPI = "django-eventstream", "bare asyncio", "FastAPI + sse-starlette"
OURS = ("Cairn, uvicorn", "Cairn, daphne")
PEERS = (FASTAPI, ES, BARE)


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    streams: int
    watchers: int  # of each stream
    least: float  # times FastAPI + sse-starlette, on uvicorn


SHAPES = (Shape("1 x 1000 x 20/s", 1, 1000, 2.2), Shape("500 x 1 x 20/s", 500, 1, 1.5))


@dataclass(slots=True)
class Delivered:
    per_second: float
    per_cpu_second: float


@contextlib.contextmanager
def _site(setup: str, shape: Shape) -> Iterator[tuple[Site, list[str], str, dict[str, object]]]:
    """Yield a site, a path for each stream, and what starts the events."""
    if setup in OURS:
        with cairn(setup.rpartition(" ")[2], idle_runs=shape.streams) as (site, runs):
            yield (
                site,
                [f"/api/v1/runs/{run}/events/" for run in runs],
                "/bench/feed",
                {"runs": runs},
            )
        return
    started = {
        FASTAPI: lambda: peer("sse_starlette_app"),
        ES: lambda: peer("eventstream_app"),
        BARE: bare,
    }[setup]
    with started() as site:
        paths = [f"/events/{number}" for number in range(shape.streams)]
        yield site, paths, "/feed", {"channels": shape.streams}


async def _deliver(setup: str, shape: Shape) -> Delivered:
    with _site(setup, shape) as (site, paths, start, given):
        count = 0

        def note(line: bytes, came: float) -> None:
            nonlocal count
            count += b"bench_ticked" in line

        streams = await open_streams(site.port, paths * shape.watchers, note)
        caller = Caller(site.port)
        pace = {"every": EVERY, "count": int(SECONDS / EVERY), "wait": SETTLE}
        await caller.post(start, {**given, **pace})
        await asyncio.sleep(SETTLE + EDGE)
        before, cpu, begun = count, site.held().cpu_seconds, time.monotonic()
        await asyncio.sleep(SECONDS - 2 * EDGE)
        delivered = count - before
        seconds, cpu = time.monotonic() - begun, site.held().cpu_seconds - cpu
        caller.close()
        await close_streams(streams)
    return Delivered(delivered / seconds, delivered / cpu if cpu else 0.0)


def _measure(
    repeats: int, ours: tuple[str, ...], target: Callable[[Shape], float], case: str
) -> list[Figure]:
    figures = []
    for shape in SHAPES:
        found: dict[str, list[Delivered]] = {setup: [] for setup in (*ours, *PEERS)}
        for _ in range(repeats):
            for setup, delivered in found.items():
                delivered.append(asyncio.run(_deliver(setup, shape)))
        theirs = median(one.per_cpu_second for one in found[FASTAPI])
        for setup, delivered in found.items():
            figures += _figures(
                case, shape, setup, delivered, target(shape) * theirs if setup in ours else None
            )
    return figures


def _figures(
    case: str, shape: Shape, setup: str, delivered: list[Delivered], least: float | None
) -> list[Figure]:
    def figure(what: str, values: list[float], least: float | None = None) -> Figure:
        name = f"{shape.name}: {what}"
        return Figure(case=case, name=name, setup=setup, runs=tuple(values), unit="/s", least=least)

    return [
        figure("delivered for each CPU second", [one.per_cpu_second for one in delivered], least),
        figure("delivered", [one.per_second for one in delivered]),
    ]


def p1(repeats: int) -> list[Figure]:
    """Deliver durable events of 1 stream to 1000 watchers, and of 500 streams to one each."""
    return _measure(repeats, OURS[:1], lambda shape: shape.least, "p1")


def p2(repeats: int) -> list[Figure]:
    """Do the same on Daphne."""
    return _measure(repeats, OURS[1:], lambda shape: 0.75, "p2")
