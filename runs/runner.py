"""The runner: claims runs and executes their segments, on a loop and thread of its own."""

import asyncio
import atexit
import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.db import DatabaseError, close_old_connections

from runs.conf import run_settings
from runs.context import RunContext
from runs.engines import embedded
from runs.execution import Interruption, execute, give_back
from runs.lease import Lease, claim, renew
from runs.sweep import sweep
from streams.group import writer

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Active:
    """A segment being worked on."""

    lease: Lease
    task: asyncio.Task[None]
    interruption: Interruption = field(default_factory=Interruption)
    contexts: list[RunContext] = field(default_factory=list)

    def stop(self, reason: str) -> None:
        """Cancel the work; `reason` decides whether the run ends or goes on elsewhere."""
        if not self.interruption.reason:
            self.interruption.reason = reason
            for context in self.contexts:
                context.cancel.set()
            self.task.cancel()


class Runner:
    """Works on up to `concurrency` runs at once. A waiting run is none of them."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._main, name="runner", daemon=True)
        self._tickets: OrderedDict[UUID, int] = OrderedDict()
        self._active: dict[UUID, Active] = {}
        self._claiming: set[asyncio.Task[None]] = set()
        self._renewed = time.monotonic()
        self._ready = threading.Event()

    # Called on any thread.

    def start(self) -> None:
        embedded.worker = self
        self._thread.start()
        self._ready.wait(timeout=10)

    def take(self, run_id: UUID, segment: int, delay_seconds: float) -> None:
        self._call(self._schedule, run_id, segment, delay_seconds)

    def interrupt(self, run_id: UUID) -> None:
        self._call(self._stop_one, run_id)

    def stop(self) -> None:
        """Stop working and give all leases back, so that another goes on at once."""
        if embedded.worker is self:
            embedded.worker = None
        self._call(self._loop.stop)
        self._thread.join(timeout=5)
        for active in list(self._active.values()):
            try:
                give_back(active.lease)
            except DatabaseError as error:
                logger.warning("Lease not given back run=%s error=%s", active.lease.run_id, error)
        writer.close()

    def _call(self, function: object, *args: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *args)  # type: ignore[arg-type] - our own methods
        except RuntimeError:
            logger.info("The runner has stopped; the sweep of another finds the run.")

    # Called on the runner's own loop.

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        keepers = [
            self._loop.create_task(self._sweep_forever()),
            self._loop.create_task(self._renew_forever()),
        ]
        self._loop.call_soon(self._ready.set)
        try:
            self._loop.run_forever()
        finally:
            for task in [*keepers, *self._claiming, *(one.task for one in self._active.values())]:
                task.cancel()
            close_old_connections()

    def _schedule(self, run_id: UUID, segment: int, delay_seconds: float) -> None:
        if delay_seconds > 0:
            self._loop.call_later(delay_seconds, self._schedule, run_id, segment, 0.0)
            return
        self._tickets[run_id] = segment
        self._start_next()

    def _start_next(self) -> None:
        free = run_settings().concurrency - len(self._active) - len(self._claiming)
        while self._tickets and free > 0:
            run_id, segment = self._tickets.popitem(last=False)
            task = self._loop.create_task(self._claim(run_id, segment))
            self._claiming.add(task)
            task.add_done_callback(self._claiming.discard)
            free -= 1

    async def _claim(self, run_id: UUID, segment: int) -> None:
        try:
            lease = await asyncio.wrap_future(writer.submit(lambda: claim(run_id, segment)))
        except DatabaseError as error:
            logger.warning("Could not claim run=%s error=%s", run_id, error)
            return
        if lease is None:
            return
        interruption = Interruption()
        contexts: list[RunContext] = []
        task = self._loop.create_task(execute(lease, writer, interruption, contexts))
        self._active[lease.owner] = Active(
            lease=lease, task=task, interruption=interruption, contexts=contexts
        )
        task.add_done_callback(lambda _: self._done(lease.owner))

    def _done(self, owner: UUID) -> None:
        self._active.pop(owner, None)
        self._start_next()

    def _stop_one(self, run_id: UUID) -> None:
        for active in self._active.values():
            if active.lease.run_id == run_id:
                active.stop("cancel")

    async def _sweep_forever(self) -> None:
        stuck: float | None = 0.0  # at the start, everything queued is ours to dispatch
        while True:
            try:
                await asyncio.wrap_future(writer.submit(partial(sweep, stuck_seconds=stuck)))
                stuck = None
            except DatabaseError as error:
                logger.warning("Sweep failed error=%s", error)
            await asyncio.sleep(run_settings().sweep_seconds)

    async def _renew_forever(self) -> None:
        while True:
            await asyncio.sleep(run_settings().heartbeat_seconds)
            try:
                await self._renew()
            except DatabaseError as error:
                logger.warning("Leases not renewed error=%s", error)
            if time.monotonic() - self._renewed > run_settings().lease_seconds:
                for active in list(self._active.values()):
                    active.stop("lost")

    async def _renew(self) -> None:
        begun = time.monotonic()
        owners = list(self._active)
        if owners:
            renewal = await asyncio.wrap_future(writer.submit(lambda: renew(owners)))
            for owner in owners:
                active = self._active.get(owner)
                if active is None:
                    continue
                if owner not in renewal.held:
                    active.stop("lost")
                elif owner in renewal.cancelled:
                    active.stop("cancel")
        self._renewed = begun


_runner: Runner | None = None


def start() -> Runner:
    """Start this process's runner, once; it gives its leases back when the process ends."""
    global _runner
    if _runner is None:
        _runner = Runner()
        _runner.start()
        atexit.register(stop)
    return _runner


def stop() -> None:
    global _runner
    if _runner is not None:
        runner, _runner = _runner, None
        runner.stop()


def start_if_configured() -> None:
    if run_settings().runner == "embedded":
        start()
