"""The few threads, and so the few database connections, through which all streams read.

A plain async view keeps one thread, and after one query one connection, for each open stream.
Here a stream holds neither: it borrows a thread for the length of one read.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, partial
from typing import ParamSpec, TypeVar

from django.db import connections

from streams.conf import stream_settings

P = ParamSpec("P")
T = TypeVar("T")


OPENERS = 2  # threads for what may write before a stream opens, and so wait for a lock


@cache
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(stream_settings().readers, thread_name_prefix="stream-reader")


@cache
def _openers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(OPENERS, thread_name_prefix="stream-opener")


def mend_connections() -> None:
    """Close this thread's connections that broke, so that the next query opens new ones.

    The others stay, whatever CONN_MAX_AGE says: it is meant for the many threads of requests,
    and the few that call this live as long as the process.
    """
    for connection in connections.all(initialized_only=True):
        connection.close_at = None
        connection.close_if_unusable_or_obsolete()


def pooled(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """Return an async form of a function that reads the database."""
    return _crossing(function, _readers)


def may_write(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """Return an async form of a function that may write before a stream opens.

    It has threads of its own: a database that is locked for a while must not stall the streams
    that are open.
    """
    return _crossing(function, _openers)


def _crossing(
    function: Callable[P, T], threads: Callable[[], ThreadPoolExecutor]
) -> Callable[P, Awaitable[T]]:
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        mend_connections()
        return function(*args, **kwargs)

    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        # Not `sync_to_async`: cancelled while its thread works, it returns the result and drops
        # the cancellation, so the reader of a client that went away would go on.
        work = partial(copy_context().run, call, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(threads(), work)

    return run


def shutdown() -> None:
    """Close the connections and end the threads; the next read makes new ones."""
    for threads in (_readers, _openers):
        if threads.cache_info().currsize:
            _close(threads())
            threads.cache_clear()


def _close(pool: ThreadPoolExecutor) -> None:
    barrier = threading.Barrier(len(pool._threads) or 1)

    def close() -> None:
        barrier.wait(timeout=5)  # so that each thread takes exactly one of these
        connections.close_all()

    for future in [pool.submit(close) for _ in range(barrier.parties)]:
        future.result()
    pool.shutdown()
