"""The runner: claims runs and executes their segments, on a loop and thread of its own."""

import asyncio
import atexit
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextvars import Context
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from runs.conf import run_settings
from runs.context import RunContext
from runs.engines import embedded
from runs.execution import Interruption, execute, give_back
from runs.lease import Lease, claim, renew
from runs.sweep import sweep
from streams.group import writer

logger = logging.getLogger(__name__)

Work = asyncio.Task[None] | None
PATIENCE = 2.5  # seconds that stopping waits for each kind of work


@dataclass(slots=True)
class Active:
    """A segment being worked on."""

    lease: Lease
    task: asyncio.Task[None]
    interruption: Interruption = field(default_factory=Interruption)
    contexts: list[RunContext] = field(default_factory=list)

    def stop(self, reason: str) -> None:
        """Cancel the work; the first `reason` decides whether the run ends or goes on elsewhere.

        Asked again, it cancels again: a library may have swallowed the first time.
        """
        if not self.interruption.reason:
            self.interruption.reason = reason
        for context in self.contexts:
            context.cancel.set()
        if not self.interruption.is_obeyed:
            self.task.cancel()


class Runner:
    """Works on up to `concurrency` runs at once. A waiting run is none of them."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._main, name="runner", daemon=True)
        self._tickets: OrderedDict[UUID, int] = OrderedDict()
        self._active: dict[UUID, Active] = {}
        self._claiming: set[asyncio.Task[Work]] = set()
        self._renewed = time.monotonic()
        self._ready = threading.Event()
        self._stopping = asyncio.Event()

    # Called on any thread.

    def start(self) -> None:
        embedded.worker = self
        self._thread.start()
        self._ready.wait(timeout=10)

    def take(self, run_id: UUID, segment: int, delay_seconds: float) -> None:
        self.call(partial(self._schedule, run_id, segment, delay_seconds))

    def advance(self, run_id: UUID, segment: int) -> "Future[None]":
        """Work on a ticket now; the future is done when its segment ended, or was another's."""
        return asyncio.run_coroutine_threadsafe(self._advance(run_id, segment), self._loop)

    def interrupt(self, run_id: UUID) -> None:
        self.call(partial(self._stop_one, run_id))

    @property
    def load(self) -> int:
        """How many runs are being worked on, or claimed."""
        return len(self._active) + len(self._claiming)

    def stop(self) -> None:
        """Stop working and give all leases back, so that another goes on at once."""
        if embedded.worker is self:
            embedded.worker = None
        self.call(self._stopping.set)
        self._thread.join(timeout=4 * PATIENCE)
        writer.close()

    def call(self, function: Callable[[], object]) -> None:
        """Call a function on the runner's loop, soon."""
        try:
            # The work is nobody's: what a request says of itself in the log ends here.
            self._loop.call_soon_threadsafe(function, context=Context())
        except RuntimeError:
            logger.info("The runner has stopped; the sweep of another finds the run.")

    # Called on the runner's own loop.

    def _main(self) -> None:
        try:
            self._loop.run_until_complete(self._work())
        finally:
            self._loop.close()

    async def _work(self) -> None:
        keepers = [
            self._loop.create_task(self._sweep_forever()),
            self._loop.create_task(self._renew_forever()),
        ]
        self._ready.set()
        await self._stopping.wait()
        for keeper in keepers:
            keeper.cancel()
        await self._put_down()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await _ended(others)

    async def _put_down(self) -> None:
        """Let go of everything: no new claims, the work cancelled, the leases given back."""
        await _ended(list(self._claiming))
        leases = [active.lease for active in self._active.values()]
        for active in list(self._active.values()):
            active.stop("shutdown")
        await _ended([active.task for active in self._active.values()])
        returns = [
            asyncio.ensure_future(asyncio.wrap_future(writer.submit(partial(give_back, lease))))
            for lease in leases
        ]
        await _ended(returns)

    def _schedule(self, run_id: UUID, segment: int, delay_seconds: float) -> None:
        if delay_seconds > 0:
            self._loop.call_later(delay_seconds, self._schedule, run_id, segment, 0.0)
            return
        self._tickets[run_id] = segment
        self._start_next()

    def _start_next(self) -> None:
        if self._stopping.is_set():
            return
        free = run_settings().concurrency - len(self._active) - len(self._claiming)
        while self._tickets and free > 0:
            run_id, segment = self._tickets.popitem(last=False)
            task = self._loop.create_task(self._claim(run_id, segment))
            self._claiming.add(task)
            task.add_done_callback(self._claimed)
            free -= 1

    async def _advance(self, run_id: UUID, segment: int) -> None:
        if self._stopping.is_set():
            return
        claiming = self._loop.create_task(self._claim(run_id, segment))
        self._claiming.add(claiming)
        claiming.add_done_callback(self._claimed)
        # Not awaited: whoever gives up the ticket gives up waiting, never the work.
        await asyncio.wait([claiming])
        work = claiming.result() if not claiming.cancelled() else None
        if work is not None:
            await asyncio.wait([work])

    def _claimed(self, task: "asyncio.Task[Work]") -> None:
        self._claiming.discard(task)
        self._start_next()

    async def _claim(self, run_id: UUID, segment: int) -> "Work":
        try:
            lease = await asyncio.wrap_future(writer.submit(partial(claim, run_id, segment)))
        except DatabaseError as error:
            logger.warning("Could not claim run=%s error=%s", run_id, error)
            self._schedule(run_id, segment, run_settings().sweep_seconds)
            return None
        except Exception:
            logger.exception("Could not claim run=%s", run_id)
            return None
        if lease is None:
            return None
        interruption = Interruption()
        contexts: list[RunContext] = []
        task = self._loop.create_task(execute(lease, writer, interruption, contexts))
        self._active[lease.owner] = Active(
            lease=lease, task=task, interruption=interruption, contexts=contexts
        )
        task.add_done_callback(lambda _: self._done(lease.owner))
        return task

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
            except Exception:
                logger.exception("Sweep failed")
            await asyncio.sleep(run_settings().sweep_seconds)

    async def _renew_forever(self) -> None:
        renewal: asyncio.Task[None] | None = None
        while True:
            await asyncio.sleep(run_settings().heartbeat_seconds)
            if renewal is None or renewal.done():
                renewal = self._loop.create_task(self._renew())
            # A renewal that hangs, because the database does, must not keep the work alive.
            await asyncio.wait([renewal], timeout=run_settings().heartbeat_seconds)
            if time.monotonic() - self._renewed > run_settings().lease_seconds:
                for active in list(self._active.values()):
                    active.stop("lost")

    async def _renew(self) -> None:
        begun = time.monotonic()
        owners = list(self._active)
        if not owners:
            self._renewed = begun
            return
        try:
            renewal = await asyncio.wrap_future(writer.submit(partial(renew, owners)))
        except Exception as error:  # noqa: BLE001 - tried again soon; then the work is cancelled
            logger.warning("Leases not renewed error=%s", error)
            return
        self._renewed = begun
        for owner in owners:
            active = self._active.get(owner)
            if active is None:
                continue
            if owner not in renewal.held:
                active.stop("lost")
            elif owner in renewal.cancelled:
                active.stop("cancel")


async def _ended(tasks: Collection[asyncio.Future[Any]]) -> None:
    """Wait a while for tasks to end; those that ignore it are left behind."""
    if not tasks:
        return
    ended, late = await asyncio.wait(tasks, timeout=PATIENCE)
    for task in ended:
        if not task.cancelled() and (error := task.exception()):
            logger.warning("Not put down well error=%s", error)
    if late:
        logger.warning("%s tasks did not end in %s s", len(late), PATIENCE)


_runner: Runner | None = None


def start() -> Runner:
    """Start this process's runner, once; it gives its leases back when the process ends."""
    global _runner
    if _runner is None:
        _runner = Runner()
        _runner.start()
        _before_exit(stop)
    return _runner


def _before_exit(function: Callable[[], None]) -> None:
    """Call a function when the process ends, while its thread pools still take work.

    Python ends the pools before it calls what `atexit` knows; handlers that read in between
    would fail, and their runs would count a failed try.
    """
    register = getattr(threading, "_register_atexit", atexit.register)
    register(function)


def stop() -> None:
    global _runner
    if _runner is not None:
        runner, _runner = _runner, None
        runner.stop()


def start_if_configured() -> None:
    if run_settings().runner == "embedded":
        start()
