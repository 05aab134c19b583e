"""Group commit: writes that wait anyway share one transaction. No timer.

While one group commits, the next gathers, so groups are as large as the load makes them and a
lone write waits for nobody. Each piece of work runs in its own savepoint: one that fails takes
only itself back. All results are told after the commit, never before.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from django.db import DatabaseError, OperationalError, connections, transaction

from streams import counters, hub
from streams.pool import mend_connections

logger = logging.getLogger(__name__)
T = TypeVar("T")
_Job = tuple[Callable[[], Any], "Future[Any]", bool]
_Told = tuple["asyncio.Future[None]", "BaseException | None"]
_Queue = queue.SimpleQueue[_Job | None]  # None ends the thread that reads it

Outcomes = Sequence[BaseException | None]
# Works on many items in one call, and returns what went wrong with each, or None.
Together = Callable[[Sequence[Any]], Outcomes]

LARGEST = 256  # pieces of work in one transaction; bounds how long the database's lock is held
# Items of one piece of work that is done for many: what readers see of them waits for the last.
# A power of two is one statement for SQLite (`streams.sql.insert`).
TOGETHER = 32


class _Batch:
    """Items that wait for the same work, and the futures of those who gave them."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.futures: list[asyncio.Future[None]] = []

    def settle(self, job: "Future[Outcomes]") -> None:
        """Tell everybody how it went; the way into each loop is gone once for all of it."""
        failure = job.exception()
        outcomes = [failure] * len(self.items) if failure else job.result()
        by_loop: dict[asyncio.AbstractEventLoop, list[_Told]] = {}
        for told in zip(self.futures, outcomes, strict=True):
            by_loop.setdefault(told[0].get_loop(), []).append(told)
        for loop, those in by_loop.items():
            with suppress(RuntimeError):  # the loop has closed; nobody waits any more
                loop.call_soon_threadsafe(_tell, those)


def _tell(those: "list[_Told]") -> None:
    for future, failure in those:
        if future.done():
            continue
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(failure)


class GroupWriter:
    """One thread and one connection that write for a whole process."""

    def __init__(self, name: str = "group-writer") -> None:
        self._jobs: _Queue = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended: threading.Thread | None = None
        self._batches: dict[Together, _Batch] = {}
        self._name = name

    def submit(self, work: Callable[[], T], *, ends_group: bool = False) -> "Future[T]":
        """Run `work` in a transaction, soon; the future is done when it has been committed.

        What one thread submits is done in that order. What comes after work that `ends_group`
        is left for the next transaction.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._thread is None:
                self._jobs = queue.SimpleQueue()
                self._thread = threading.Thread(
                    target=_work_off, args=(self._jobs, self._ended), name=self._name, daemon=True
                )
                self._thread.start()
            self._jobs.put((work, future, ends_group))
        return future

    def submit_together(self, work: Together, item: Any) -> "asyncio.Future[None]":
        """Do one work for many items in one call: for all that gather until the writer is there.

        The future belongs to the running loop, and is done when its item has been committed.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            batch = self._batches.get(work)
            is_new = batch is None or len(batch.items) >= TOGETHER
            if batch is None or is_new:
                batch = self._batches[work] = _Batch()
            batch.items.append(item)
            batch.futures.append(future)
        if is_new:
            job = self.submit(partial(self._work_off, work, batch), ends_group=True)
            job.add_done_callback(batch.settle)
        return future

    def _work_off(self, work: Together, batch: "_Batch") -> Outcomes:
        with self._lock:
            if self._batches.get(work) is batch:
                del self._batches[work]
        return work(batch.items)

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for the next transaction."""
        return self._jobs.qsize()

    def close(self) -> None:
        """Finish what was submitted, then end the thread; a later submit starts a new one."""
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._jobs.put(None)
                self._ended = thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()


def _work_off(jobs: _Queue, before: threading.Thread | None) -> None:
    if before is not None:
        before.join()  # its last work was submitted earlier
    try:
        ending = False
        while not ending:
            group, ending = _gather(jobs)
            _commit(group)
            del group  # an idle writer keeps nothing alive
    finally:
        connections.close_all()


def _gather(jobs: _Queue) -> tuple[list[_Job], bool]:
    """Wait for one job, then take all others that are there already; True with the last ones."""
    group: list[_Job] = []
    while True:
        job = jobs.get()
        if job is None:
            return group, True
        group.append(job)
        if job[2] or len(group) == LARGEST or jobs.empty():
            return group, False


def _commit(group: list[_Job]) -> None:
    group = [job for job in group if job[1].set_running_or_notify_cancel()]
    outcomes: list[tuple[Any, BaseException | None]] = []
    committed = threading.Event()
    trouble: BaseException | None = None
    begun = time.monotonic()
    try:
        mend_connections()
        with transaction.atomic():
            # Only the commit itself proves a commit: a full disk may take the whole transaction
            # back, and Django then leaves the block without an error.
            transaction.on_commit(committed.set)
            with hub.together():
                alone = len(group) == 1  # the transaction is its own
                outcomes.extend(_attempt(work, savepoint=not alone) for work, _, _ in group)
    except BaseException as error:  # whoever waits gets it: disk full, locked, gone
        trouble = error
        logger.warning("Group of %s writes failed error=%s", len(group), error, exc_info=error)
    is_lost = not committed.is_set() and not _all_failed(outcomes, len(group))
    refused = is_lost or any(isinstance(failure, OperationalError) for _, failure in outcomes)
    counters.group_ended(len(group), time.monotonic() - begun, is_refused=refused)
    if is_lost:
        reason = trouble or _first(outcomes)
        outcomes = [(None, reason)] * len(group)
    for (_, future, _), (result, failure) in zip(group, outcomes, strict=True):
        if failure is None:
            future.set_result(result)
        else:
            future.set_exception(failure)


def _all_failed(outcomes: Sequence[tuple[Any, BaseException | None]], count: int) -> bool:
    return sum(failure is not None for _, failure in outcomes) == count


def _attempt(work: Callable[[], Any], *, savepoint: bool) -> tuple[Any, BaseException | None]:
    try:
        with transaction.atomic(savepoint=savepoint):
            result = work()
            took_itself_back = transaction.get_rollback()
    except BaseException as error:  # noqa: BLE001 - it travels on, to the one who submitted the work
        return None, error
    return result, DatabaseError("The write took itself back.") if took_itself_back else None


def _first(outcomes: list[tuple[Any, BaseException | None]]) -> BaseException:
    """Return why a whole group was taken back although nothing was raised."""
    failures = [failure for _, failure in outcomes if isinstance(failure, DatabaseError)]
    return failures[0] if failures else DatabaseError("The write was taken back.")


writer = GroupWriter()  # the process's own
