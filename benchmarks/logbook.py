"""The log alone, in a process of its own: appends, and what history costs. Prints JSON."""

import asyncio
import json
import sys
import time
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import uuid4

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - the apps must be loaded first
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.workloads import Ticked  # noqa: E402
from runs import deltas  # noqa: E402
from runs.lease import Lease  # noqa: E402
from runs.models import Run  # noqa: E402
from streams import log, sql  # noqa: E402
from streams.events import ContentDelta  # noqa: E402
from streams.group import GroupWriter, writer  # noqa: E402
from streams.models import Stream  # noqa: E402

RUNS, SECONDS = 100, 5.0
PROBES = 200


def _runs(count: int) -> list[Lease]:
    user, _ = User.objects.get_or_create(username="log")
    leases = []
    with transaction.atomic():
        for _ in range(count):
            stream, owner = Stream.objects.create(), uuid4()
            run = Run.objects.create(
                kind="tick",
                stream=stream,
                created_by=user,
                state=Run.State.RUNNING,
                fence=1,
                lease_owner=owner,
                lease_until=timezone.now() + timedelta(hours=1),
            )
            leases.append(Lease(run_id=run.pk, stream_id=stream.pk, owner=owner, fence=1))
    return leases


async def _append(lease: Lease, group: GroupWriter, until: float) -> int:
    message, sequence = uuid4(), 0
    while time.monotonic() < until:
        sequence += 1
        delta = ContentDelta(message_id=message, sequence=sequence, content="word ")
        await group.submit_together(deltas.write, (lease, delta))
    return sequence


async def _appends() -> float:
    leases = await asyncio.to_thread(_runs, RUNS)
    begun = time.monotonic()
    counts = await asyncio.gather(*(_append(lease, writer, begun + SECONDS) for lease in leases))
    return sum(counts) / (time.monotonic() - begun)


def appends() -> float:
    """Return durable, fenced appends a second of 100 runs, each one after the other."""
    try:
        return asyncio.run(_appends())
    finally:
        writer.close()


def probe() -> float:
    """Return the median milliseconds of a single append."""
    stream = Stream.objects.create()
    found = []
    for _ in range(PROBES):
        begun = time.perf_counter()
        log.append(stream.pk, [Ticked(sent=0.0)])
        found.append((time.perf_counter() - begun) * 1000)
    return median(found)


def fill(events: int, streams: int) -> str:
    """Fill the log with events, in equal parts in so many runs' streams. Returns a run's id."""
    each = events // streams
    user, _ = User.objects.get_or_create(username="bench")
    made = Stream.objects.bulk_create(Stream(last_position=each) for _ in range(streams))
    runs = Run.objects.bulk_create(
        Run(kind="tick", state=Run.State.PAUSED, stream=stream, created_by=user) for stream in made
    )
    head = '"event":"status","type":"bench_ticked","position":1'
    body = f'{{{head},"timestamp":"2026-11-25T00:00:00.000Z","data":{{"sent":0.0}}}}'
    for run in runs:
        sql.run(
            "WITH RECURSIVE numbers(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
            "INSERT INTO streams_streamevent (stream_id, run_id, position, type, body, is_last) "
            "SELECT %s, %s, n, 'bench_ticked', %s, %s FROM numbers",
            [each, sql.key(run.stream_id), sql.key(run.pk), body, False],
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE streams_streamevent")
    return str(runs[0].pk)


def main(what: str, *given: str) -> None:
    done: dict[str, Any] = {
        "appends": appends,
        "probe": probe,
        "fill": lambda: fill(int(given[0]), int(given[1])),
    }
    print(json.dumps(done[what]()))


if __name__ == "__main__":
    main(*sys.argv[1:])
