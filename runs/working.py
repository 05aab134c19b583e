"""A worker's life: it starts, takes tickets, drains, and ends. `manage.py worker` calls it."""

import asyncio
import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from runs import runner as runners
from runs.conf import run_settings
from runs.engines.intake import Intake
from runs.engines.procrastinate import INTERRUPTS
from runs.runner import Runner
from runs.vital_signs import Check, answering
from streams.hubs.listener import Listener
from streams.pool import pooled

logger = logging.getLogger(__name__)

LAST_WORDS = 5.0  # seconds in which tickets are put away after the work has ended
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the operator asked for."""

    concurrency: int
    kinds: Sequence[str] = ()  # all, if there are none
    drain_seconds: float = 15.0
    health_host: str = "127.0.0.1"
    health_port: int = 0  # none


class Farewell:
    """The signals that end a worker: the first lets it drain, the second does not wait."""

    def __init__(self) -> None:
        self.drain = asyncio.Event()
        self.hurry = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._hear)

    def _hear(self) -> None:
        (self.hurry if self.drain.is_set() else self.drain).set()


async def work(wishes: Wishes) -> None:
    """Work until a signal; then take no more, finish what ends soon and give the rest back."""
    farewell = Farewell()
    worker = await asyncio.to_thread(runners.start)
    intake = Intake(worker, kinds=wishes.kinds, concurrency=wishes.concurrency)
    interrupts = Listener(
        INTERRUPTS,
        lambda payload: worker.interrupt(UUID(payload)),
        seconds=run_settings().heartbeat_seconds,
    )
    interrupts.start()
    feeding = asyncio.create_task(intake.run())
    pages = {"/healthz": _alive(worker), "/readyz": _ready(worker, intake, farewell)}
    try:
        async with answering(wishes.health_host, wishes.health_port, pages):
            logger.info("Worker takes tickets concurrency=%s", wishes.concurrency)
            await _first(feeding, asyncio.ensure_future(farewell.drain.wait()))
            await _drain(worker, intake, feeding, farewell, wishes.drain_seconds)
    finally:
        await asyncio.to_thread(interrupts.stop)
        await asyncio.to_thread(runners.stop)
    logger.info("Worker has ended")


async def _drain(
    worker: Runner, intake: Intake, feeding: asyncio.Task[None], farewell: Farewell, seconds: float
) -> None:
    logger.info("Worker drains runs=%s seconds=%s", worker.load, seconds)
    intake.stop()
    await _first(feeding, asyncio.ensure_future(farewell.hurry.wait()), timeout=seconds)
    if worker.load:
        logger.info("Worker gives runs back runs=%s", worker.load)
    await asyncio.to_thread(runners.stop)
    await asyncio.wait([feeding], timeout=LAST_WORDS)
    if feeding.done():
        feeding.result()  # raises what ended it too early


async def _first(*futures: "asyncio.Future[Any]", timeout: float | None = None) -> None:  # noqa: ASYNC109
    await asyncio.wait(futures, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)


def _alive(worker: Runner) -> dict[str, Check]:
    async def runner() -> str:
        """Ask the runner's own loop: one that is stuck does not answer."""
        loop, turned = asyncio.get_running_loop(), asyncio.Event()
        worker.call(lambda: loop.call_soon_threadsafe(turned.set))
        await turned.wait()
        return ""

    return {"runner": runner}


def _ready(worker: Runner, intake: Intake, farewell: Farewell) -> dict[str, Check]:
    async def database() -> str:
        try:
            await pooled(_ask)()
        except DatabaseError:
            return "The database does not answer."
        return ""

    async def tickets() -> str:
        if farewell.drain.is_set():
            return "The worker is ending and takes no more."
        return "" if intake.is_open else "Not connected to the queue."

    return {**_alive(worker), "database": database, "tickets": tickets}


def _ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
