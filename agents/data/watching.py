"""Stopping DuckDB: a query ends when its time is up or nobody wants its result any more."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from agents.base import CancelFlag

POLL_SECONDS = 0.05


@dataclass
class Watch:
    """Why a query was interrupted, if it was."""

    is_cancelled: bool = False
    is_late: bool = False


@contextmanager
def watched(
    connection: duckdb.DuckDBPyConnection, cancel: CancelFlag, deadline: float
) -> Iterator[Watch]:
    """Interrupt what runs on the connection when the flag is set or the deadline has passed.

    The deadline is one of `time.monotonic`. One thread lives as long as the block.
    """
    watch, done = Watch(), threading.Event()

    def look() -> None:
        while not done.wait(POLL_SECONDS):
            watch.is_cancelled = watch.is_cancelled or cancel.is_set()
            watch.is_late = watch.is_late or time.monotonic() > deadline
            if watch.is_cancelled or watch.is_late:
                # Again each time: an interrupt between two statements is forgotten.
                connection.interrupt()

    with ThreadPoolExecutor(1, thread_name_prefix="query-watch") as threads:
        looking = threads.submit(look)
        try:
            yield watch
        finally:
            done.set()
    looking.result()
