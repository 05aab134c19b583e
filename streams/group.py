"""Group commit: writes that wait anyway share one transaction. No timer.

While one group commits, the next gathers, so groups are as large as the load makes them and a
lone write waits for nobody. Each piece of work runs in its own savepoint: one that fails takes
only itself back. All results are told after the commit, never before.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from django.db import DatabaseError, connections, transaction

from streams.pool import mend_connections

logger = logging.getLogger(__name__)
T = TypeVar("T")
_Job = tuple[Callable[[], Any], "Future[Any]"]
_Queue = queue.SimpleQueue[_Job | None]  # None ends the thread that reads it

LARGEST = 256  # pieces of work in one transaction; bounds how long the database's lock is held


class GroupWriter:
    """One thread and one connection that write for a whole process."""

    def __init__(self, name: str = "group-writer") -> None:
        self._jobs: _Queue = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended: threading.Thread | None = None
        self._name = name

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Run `work` in a transaction, soon; the future is done when it has been committed.

        What one thread submits is done in that order.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._thread is None:
                self._jobs = queue.SimpleQueue()
                self._thread = threading.Thread(
                    target=_work_off, args=(self._jobs, self._ended), name=self._name, daemon=True
                )
                self._thread.start()
            self._jobs.put((work, future))
        return future

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
        if len(group) == LARGEST or jobs.empty():
            return group, False


def _commit(group: list[_Job]) -> None:
    group = [job for job in group if job[1].set_running_or_notify_cancel()]
    outcomes: list[tuple[Any, BaseException | None]] = []
    committed = threading.Event()
    trouble: BaseException | None = None
    try:
        mend_connections()
        with transaction.atomic():
            # Only the commit itself proves a commit: a full disk may take the whole transaction
            # back, and Django then leaves the block without an error.
            transaction.on_commit(committed.set)
            outcomes.extend(_attempt(work) for work, _ in group)
    except BaseException as error:  # whoever waits gets it: disk full, locked, gone
        trouble = error
        logger.warning("Group of %s writes failed error=%s", len(group), error, exc_info=error)
    if not committed.is_set():
        reason = trouble or _first(outcomes)
        outcomes = [(None, reason)] * len(group)
    for (_, future), (result, failure) in zip(group, outcomes, strict=True):
        if failure is None:
            future.set_result(result)
        else:
            future.set_exception(failure)


def _attempt(work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        with transaction.atomic():
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
