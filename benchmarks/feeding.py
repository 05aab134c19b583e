"""Events written into many streams at a steady pace: the log and its readers, nothing else."""

import asyncio
import time
from functools import partial
from uuid import UUID

from benchmarks.workloads import Ticked
from runs.models import Run
from streams import log
from streams.group import writer

SLOT = 0.005  # seconds: streams are written a slot apart, as work of many runs comes in


async def feed(runs: list[str], every: float, count: int, wait: float) -> None:
    """Append an event to each run's stream every `every` seconds, `count` times."""
    found = Run.objects.filter(pk__in=runs).values_list("stream_id", "pk")
    places = [place async for place in found]
    slots = min(len(places), max(1, round(every / SLOT)))
    begin = time.monotonic() + wait
    await asyncio.gather(
        *(
            _write(places[slot::slots], begin + slot * every / slots, every, count)
            for slot in range(slots)
        )
    )


async def _write(places: list[tuple[UUID, UUID]], begin: float, every: float, count: int) -> None:
    for number in range(count):
        await asyncio.sleep(max(0.0, begin + number * every - time.monotonic()))
        event = Ticked(sent=time.monotonic())
        items = [(stream, run, event) for stream, run in places]
        await asyncio.wrap_future(writer.submit(partial(log.append_each, items)))
