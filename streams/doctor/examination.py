"""All checks, in the order in which they make sense, each told as soon as it is known."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from streams.doctor import checks, probing
from streams.doctor.advice import proxy_of
from streams.doctor.checks import Finding
from streams.doctor.probing import Seen, Target, Unreachable

FRAMES, SPACING = 10, 200  # milliseconds
LEAVE_SECONDS = 2.0  # after which a client goes away if nothing comes
NOTICE_SECONDS = 5.0  # in which a server must notice that its client has gone
ASK_SECONDS = 0.2
LEFT_SECONDS = 60  # the course that is left lasts longer than anybody looks at it


async def examine(target: Target, *, idle_seconds: int) -> AsyncIterator[Finding]:
    """Yield what was found. Takes as long as the longer of a heartbeat and `idle_seconds`."""
    try:
        async for finding in _examine(target, idle_seconds):
            yield finding
    except Unreachable as error:
        yield Finding("answer", "problem", str(error), "correct the address, or start the server")


async def _examine(target: Target, idle_seconds: int) -> AsyncIterator[Finding]:
    paced = await asyncio.to_thread(probing.watch, target, frames=FRAMES, spacing=SPACING)
    host = target.url.netloc.rpartition("@")[2]
    first = checks.answer(paced, host, asked=target.url.scheme, has_token=bool(target.token))
    yield first
    if first.level == "problem":
        return
    yield checks.headers(paced)
    yield checks.scheme(paced, target.url.scheme)
    yield checks.compression(paced)
    yield checks.buffering(paced)
    offered = await asyncio.to_thread(probing.offered_protocol, target)
    for finding in checks.versions(paced, offered):
        yield finding
    every = float(paced.opened.get("heartbeat_seconds", 0))
    left, beat, quiet = await asyncio.gather(
        _leave(target), _beat(target, every), _quiet(target, idle_seconds)
    )
    yield left
    yield checks.heartbeat(beat)
    yield checks.idle(quiet, idle_seconds, every)


async def _beat(target: Target, every: float) -> Seen:
    return await asyncio.to_thread(
        probing.watch, target, frames=0, heartbeats=1, heartbeat_seconds=every
    )


async def _quiet(target: Target, seconds: int) -> Seen:
    return await asyncio.to_thread(probing.watch, target, frames=0, idle=seconds)


async def _leave(target: Target) -> Finding:
    """Go away in the middle of a stream, then ask until a process tells what became of it."""
    seen = await asyncio.to_thread(
        probing.watch,
        target,
        leave_after="doctor_opened",
        leave_seconds=LEAVE_SECONDS,
        frames=0,
        idle=LEFT_SECONDS,
    )
    passage: dict[str, Any] | None = None
    for _ in range(int(NOTICE_SECONDS / ASK_SECONDS)):
        told = await asyncio.to_thread(probing.ask, target, seen.probe)
        passage = told.get("passage") or passage
        if passage and not passage["is_open"]:
            break
        await asyncio.sleep(ASK_SECONDS)
    return checks.disconnect(passage, seen.ended, NOTICE_SECONDS, proxy_of(seen.headers))
