"""Tickets on their way in: from procrastinate's table to this process's runner.

A ticket is held until its segment has ended, so a worker takes no more than it can work on, and
others find the rest. Losing one costs nothing but time: leases and the sweep stand behind it.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from runs import handlers
from runs.conf import run_settings
from runs.engines.procrastinate import TASK
from runs.runner import Runner
from streams.hubs.listener import parameters

logger = logging.getLogger(__name__)

CONNECTIONS = 4  # to fetch and to put away tickets; one more listens for new ones
LOOK_SECONDS = 1.0  # between two looks for tickets whose time has come: nobody is told of those
LONGEST_PAUSE = 5.0  # before it tries a database again that did not answer
NEVER = 86_400.0  # procrastinate's own way to abort is not used


class Intake:
    """Feeds a runner until it is stopped; begins anew when the database was away."""

    def __init__(self, runner: Runner, *, kinds: Sequence[str], concurrency: int) -> None:
        self._runner = runner
        # What only newer code knows stays in its queue, for the workers that have that code.
        self._kinds = list(kinds) or handlers.names()
        self._concurrency = concurrency
        self._worker: Worker | None = None
        self._stopping = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether tickets come in at this moment."""
        return self._worker is not None and self._worker.worker_id is not None

    def stop(self) -> None:
        """Take no more; `run` returns when the segments of those that were taken have ended."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.shutdown_graceful_timeout = None
            self._worker.stop()

    async def run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                await self._feed()
                failures = 0
            except (ConnectorException, psycopg.Error) as error:
                failures += 1
                logger.warning("No tickets come in error=%s", error.__cause__ or error)
            pause = min(0.1 * 2**failures, LONGEST_PAUSE) * random.uniform(0.5, 1)  # noqa: S311
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()

    async def _feed(self) -> None:
        limits = run_settings()
        connector = PsycopgConnector(
            kwargs=parameters(), min_size=1, max_size=CONNECTIONS, timeout=LONGEST_PAUSE
        )
        app = App(connector=connector)
        app.task(name=TASK)(self._advance)
        async with app.open_async():
            self._worker = Worker(
                app,
                queues=self._kinds,
                concurrency=self._concurrency,
                fetch_job_polling_interval=LOOK_SECONDS,
                abort_job_polling_interval=NEVER,
                # Cut off from its tickets it begins anew at once; the work goes on meanwhile.
                shutdown_graceful_timeout=0,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=limits.heartbeat_seconds,
                stalled_worker_timeout=limits.lease_seconds,
            )
            try:
                if not self._stopping.is_set():
                    await self._worker.run()
            finally:
                self._worker = None

    async def _advance(self, run: str, segment: int) -> None:
        await asyncio.wrap_future(self._runner.advance(UUID(run), segment))
