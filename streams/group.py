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

from django.db import close_old_connections, connections, transaction

logger = logging.getLogger(__name__)
T = TypeVar("T")
_Job = tuple[Callable[[], Any], "Future[Any]"]

LARGEST = 256  # pieces of work in one transaction; bounds how long the database's lock is held


class GroupWriter:
    """One thread and one connection that write for a whole process."""

    def __init__(self, name: str = "group-writer") -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._name = name

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Run `work` in a transaction, soon; the future is done when it has been committed."""
        future: Future[T] = Future()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
                self._thread.start()
            self._jobs.put((work, future))
        return future

    def close(self) -> None:
        """Finish what was submitted, then end the thread; a later submit starts a new one."""
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._jobs.put(None)
        if thread is not None:
            thread.join()

    def _loop(self) -> None:
        try:
            while (group := self._gather()) is not None:
                self._commit(group)
        finally:
            connections.close_all()

    def _gather(self) -> list[_Job] | None:
        """Wait for one job, then take all others that are there already."""
        first = self._jobs.get()
        if first is None:
            return None
        group = [first]
        while len(group) < LARGEST and not self._jobs.empty():
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                break
            group.append(job)
        return group

    def _commit(self, group: list[_Job]) -> None:
        group = [job for job in group if job[1].set_running_or_notify_cancel()]
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            close_old_connections()
            with transaction.atomic():
                for work, future in group:
                    outcomes.append((future, *_attempt(work)))
        except Exception as error:  # noqa: BLE001 - whoever waits gets it: disk full, locked, gone
            logger.warning("Group of %s writes failed error=%s", len(group), error)
            outcomes = [(future, None, error) for _, future in group]
        for future, result, failure in outcomes:
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)


def _attempt(work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        with transaction.atomic():
            return work(), None
    except Exception as error:  # noqa: BLE001 - it travels on, to the one who submitted the work
        return None, error


writer = GroupWriter()  # the process's own
