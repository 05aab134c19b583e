"""The hub of many processes on one PostgreSQL: NOTIFY when events are written, LISTEN to wake.

A notification says which streams grew, and how far: never what was written. It is sent in the
writing transaction, so PostgreSQL passes it on when, and only when, that commits. One that is lost
costs a few seconds: what is watched is compared with the log again and again.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from streams.conf import stream_settings
from streams.hub import Grown, InProcessHub, Listening, Wake
from streams.hubs.listener import Listener
from streams.models import Stream

if TYPE_CHECKING:
    import psycopg

CHANNEL = "cairn_streams"
LONGEST = 7900  # bytes of one notification; PostgreSQL takes 8000
_STREAMS = Stream._meta.db_table


class PostgresHub(InProcessHub):
    """Wakes this process's readers at once, and those of all others through the database."""

    def __init__(self) -> None:
        super().__init__()
        self._here = threading.local()
        self._told: dict[UUID, int] = {}  # how far this process told its own readers itself
        self._looked: dict[UUID, int] = {}  # how long the watched streams were at the last look
        self._starting = threading.Lock()
        self._listener: Listener | None = None

    def announce(self, grown: Grown) -> None:
        ends = {stream_id: rows[-1].position for stream_id, rows in grown.items() if rows}
        gathered: dict[UUID, int] | None = getattr(self._here, "ends", None)
        if gathered is None:
            _send(ends)
        else:
            gathered.update(ends)

    @contextmanager
    def together(self) -> Iterator[None]:
        self._here.ends = {}
        try:
            yield
            _send(self._here.ends)
        finally:
            del self._here.ends

    def notify(self, grown: Grown) -> None:
        for stream_id, rows in grown.items():
            if rows and self.is_watched(stream_id):
                self._told[stream_id] = rows[-1].position
        super().notify(grown)

    def listen(self, wake: Wake) -> Listening:
        listening = super().listen(wake)
        with self._starting:
            if self._listener is None or not self._listener.is_ours:
                self._listener = Listener(
                    CHANNEL, self._hear, self._look, seconds=stream_settings().look_seconds
                )
                self._listener.start()
        return listening

    def close(self) -> None:
        """Stop listening; who listens next begins anew."""
        with self._starting:
            listener, self._listener = self._listener, None
        if listener is not None and listener.is_ours:
            listener.stop()

    # Called on the listener's thread.

    def _hear(self, payload: str) -> None:
        grown: dict[UUID, tuple[()]] = {}
        for word in payload.split():
            stream, _, position = word.partition(":")
            stream_id = UUID(stream)
            if int(position) > self._told.get(stream_id, 0):  # else it is our own echo
                grown[stream_id] = ()
        super().notify(grown)

    def _look(self, listening: "psycopg.Connection[Any]") -> None:
        watched = self.watched
        ends: dict[UUID, int] = dict(
            listening.execute(
                f"SELECT id, last_position FROM {_STREAMS} WHERE id = ANY(%s)",  # noqa: S608
                [list(watched)],
            ).fetchall()
        )
        before, self._looked = self._looked, ends
        self._told = {one: end for one, end in list(self._told.items()) if one in watched}
        super().notify({one: () for one, end in ends.items() if before.get(one) != end})


def _send(ends: Mapping[UUID, int]) -> None:
    """Notify, in the current transaction, in as few pieces as fit."""
    payloads = [""]
    for stream_id, position in ends.items():
        word = f"{stream_id.hex}:{position} "
        if len(payloads[-1]) + len(word) > LONGEST:
            payloads.append("")
        payloads[-1] += word
    if ends:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_notify(%s, word) FROM unnest(%s::text[]) word", [CHANNEL, payloads]
            )
