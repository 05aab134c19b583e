"""One connection that listens to one of PostgreSQL's channels, on a thread of its own.

A thread, not a loop: a process may have several loops or none (Daphne, uvicorn, a worker), and
one that is busy must not make the connection's buffer grow.
"""

import logging
import os
import random
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from streams import counters

logger = logging.getLogger(__name__)

Look = Callable[["psycopg.Connection[Any]"], None]
FIRST_PAUSE = 0.05  # seconds before it connects again; doubles with each failure
LONGEST_PAUSE = 5.0
# A server that vanished without a word is noticed although nothing is sent to it.
ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
UNANSWERED = {"tcp_user_timeout": 10_000, "connect_timeout": 10}
OURS = ("cursor_factory", "context")  # Django's own way of reading rows


def parameters() -> dict[str, Any]:
    """Return how Django connects to its database, without what only Django needs."""
    params = connections["default"].get_connection_params()
    return {name: value for name, value in params.items() if name not in OURS}


class Listener:
    """Hears a channel until it is stopped or the process ends; connects again when it must.

    Both callbacks run on the listener's thread. `hear` gets each payload. `look` gets the
    connection: after each connecting, because what was said before is lost, and every few
    seconds, in case something was lost without anybody's knowing.
    """

    def __init__(
        self, channel: str, hear: Callable[[str], None], look: Look | None = None, *, seconds: float
    ) -> None:
        self._channel = channel
        self._hear = hear
        self._look = look
        self._seconds = seconds
        self._pid = os.getpid()
        self._stopping = False
        self._waker, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._main, name=f"listen-{channel}", daemon=True)
        self.connected = threading.Event()

    def start(self) -> None:
        self._thread.start()

    @property
    def is_ours(self) -> bool:
        """Whether this process started it; a thread does not survive a fork."""
        return self._pid == os.getpid()

    def stop(self) -> None:
        self._stopping = True
        self._waker.send(b".")
        self._thread.join(timeout=10)
        self._waker.close()

    def _main(self) -> None:
        pause = FIRST_PAUSE
        with self._woken:
            while not self._stopping:
                begun = time.monotonic()
                try:
                    self._listen()
                except psycopg.Error as error:
                    logger.warning("Not listening channel=%s error=%s", self._channel, error)
                except Exception:
                    logger.exception("Not listening channel=%s", self._channel)
                self.connected.clear()
                if not self._stopping:
                    counters.listener_cuts.add(self._channel)
                pause = FIRST_PAUSE if time.monotonic() - begun > LONGEST_PAUSE else pause * 2
                self._wait(None, min(pause, LONGEST_PAUSE) * random.uniform(0.5, 1))  # noqa: S311

    def _listen(self) -> None:
        options: dict[str, Any] = {**ALIVE, **UNANSWERED, **parameters()}
        with psycopg.connect(**options, autocommit=True) as connection:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
            self.connected.set()
            looked = float("-inf")
            while not self._stopping:
                if time.monotonic() - looked >= self._seconds:
                    self._check(connection)
                    looked = time.monotonic()
                for notification in connection.notifies(timeout=0):
                    self._hear(notification.payload)
                self._wait(connection, max(0.0, looked + self._seconds - time.monotonic()))

    def _check(self, connection: "psycopg.Connection[Any]") -> None:
        if self._look is None:
            connection.execute("SELECT 1")
        else:
            self._look(connection)

    def _wait(self, connection: "psycopg.Connection[Any] | None", seconds: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ)
            if connection is not None:
                selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.select(seconds)
