"""Streams of AG-UI: a run from its beginning, from an answered gate or from where it is, then live.

A connection ends at a gate, which may wait for days: who answers it opens another one.
"""

import asyncio
import json
import time
import weakref
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from runs.api.agui_body import Fault
from runs.models import Gate, Run
from streams import log, sse
from streams.access import Viewer
from streams.conf import stream_settings
from streams.dialects.agui import AGUI, Projection
from streams.dialects.agui_conversation import Names
from streams.dialects.agui_events import error, frame
from streams.dialects.base import Frame
from streams.limits import Slot, slots
from streams.pool import pooled
from streams.reader import Missing, Quiet, follow
from streams.rows import Row
from streams.traffic import Traffic
from streams.views import EventStream
from streams.writing import Opening as Watched

RENEW = "This connection is renewed. Send the same threadId and runId again; the run goes on."
GONE = "You may no longer follow this run."
CLEARED = "Older events of this run were cleared away. Load the conversation instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a client is told of a run.

    What came up to the position `until` is told as state and messages, if `is_joined`, and what
    comes then event by event. With `is_released` it gives up an interrupt that is closed.
    """

    run: Run
    user_id: int
    thread: str
    name: str  # the client's id of the run
    about: dict[str, Any]
    names: Names
    history: Callable[[], list[dict[str, Any]]]
    until: int
    is_joined: bool = False
    is_released: bool = False


def fault(found: Fault) -> HttpResponseBase:
    """Return a stream of one event that says what is wrong."""
    told = sse.frame(frame(error(found.code, str(found))).data)
    return _as_stream(HttpResponse(told, content_type=sse.CONTENT_TYPE))


def respond(viewer: Viewer, opening: Opening) -> HttpResponseBase:
    """Answer with a stream. Raises `TooManyStreams`."""
    slot = slots.take(opening.user_id, limit=stream_settings().max_connections_per_user)
    connection = Connection(opening, viewer, slot)
    response = EventStream(connection.frames(), content_type=sse.CONTENT_TYPE)
    # A response that is dropped before its first byte never enters its generator.
    weakref.finalize(response, slot.give_back)
    return _as_stream(response)


def _as_stream(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    response["Content-Encoding"] = "identity"  # keeps proxies from compressing
    return response


def _gate(body: str) -> Gate:
    return Gate.objects.get(pk=json.loads(body)["data"]["gate_id"])


def _pending(gate_id: str) -> bool:
    return Gate.objects.filter(pk=gate_id, state=Gate.State.PENDING).exists()


class Connection:
    """One client's connection, while it lasts."""

    def __init__(self, opening: Opening, viewer: Viewer, slot: Slot) -> None:
        run = opening.run
        self._opening = opening
        self._viewer = viewer
        self._slot = slot
        self._position = opening.until
        self._projection = Projection(
            run.pk.hex,
            thread=opening.thread,
            name=opening.name,
            about=opening.about,
            names=opening.names,
            is_released=opening.is_released,
        )
        watched = Watched(
            stream_id=run.stream_id,
            after=opening.until,
            dialect=AGUI,
            run=run.pk.hex,
            user_id=opening.user_id,
        )
        self._traffic = Traffic(watched, lambda: self._position)
        self._sent = 0
        self._limits = stream_settings()
        self._since = self._checked = time.monotonic()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield the stream's bytes: from RUN_STARTED to RUN_FINISHED or RUN_ERROR, always."""
        opening, traffic = self._opening, self._traffic
        with self._slot, traffic:
            yield traffic.sent(await self._begin())
            if self._is_over():
                return
            stream = follow(opening.run.stream_id, after=opening.until)
            async with aclosing(stream) as batches:
                async for batch in batches:
                    if chunk := await self._encode(batch):
                        first = batch[0] if isinstance(batch, list) else None
                        yield traffic.sent(chunk, first)
                    if not self._is_over() and (ending := await self._why_ended()):
                        traffic.why = ending[0]
                        yield traffic.sent(self._join(self._projection.give_up(*ending)))
                    if self._is_over():
                        return
            yield traffic.sent(self._join(self._projection.give_up("gap", CLEARED)))

    def _is_over(self) -> bool:
        return self._projection.is_over

    async def _begin(self) -> bytes:
        opening, projection = self._opening, self._projection
        if not opening.is_joined:
            return self._join(projection.begin())
        if not await self._take_in():
            return self._join(projection.give_up("gap", CLEARED))
        # At the gate that was just answered, the log up to here has no answer yet.
        asked = projection.gate and await pooled(_pending)(projection.gate["gate_id"])
        return self._join(projection.begin(await self._history(), waits=bool(asked)))

    async def _take_in(self) -> bool:
        """Take in what came before; False if some of it is gone."""
        run, position, size = self._opening.run, self._opening.run.begins_after, self._limits.page
        while position < self._opening.until:
            rows = await pooled(log.page_after)(run.stream_id, position, size)
            if not rows or rows[0].position > position + 1:
                return False
            for row in rows:
                if row.position <= self._opening.until:
                    gate = await self._opened(row)
                    self._projection.seen(row, gate.payload if gate else None)
            position = rows[-1].position
            await asyncio.sleep(0)  # let others have a turn
        return True

    async def _history(self) -> list[dict[str, Any]]:
        return await pooled(self._opening.history)()

    async def _opened(self, row: Row) -> Gate | None:
        """Return the gate that an event of the run opens."""
        if row.type != "gate_opened" or row.run != self._opening.run.pk.hex:
            return None
        return await pooled(_gate)(row.body)

    async def _encode(self, batch: list[Row] | Missing | Quiet) -> bytes:
        if isinstance(batch, Quiet):
            return sse.HEARTBEAT
        if isinstance(batch, Missing):
            return self._join(self._projection.give_up("gap", CLEARED))
        encoded = []
        for row in batch:
            self._position = row.position
            encoded.append(self._join(await self._row(row)))
            if self._projection.is_over:
                break
        told = b"".join(encoded)
        self._sent += len(told)
        return told

    async def _row(self, row: Row) -> list[Frame]:
        gate = await self._opened(row)
        frames = self._projection.row(row, gate.payload if gate else None)
        if gate is not None and gate.state == Gate.State.PENDING:
            frames += self._projection.interrupt(await self._history())
        if row.type == "step_restarted" and row.run == self._opening.run.pk.hex:
            frames += self._projection.messages(await self._history())
        return frames

    async def _why_ended(self) -> tuple[str, str] | None:
        now = time.monotonic()
        if now - self._checked >= self._limits.heartbeat_seconds:
            self._checked = now
            if reason := await pooled(self._viewer.may_still_read)(self._opening.run.stream_id):
                return reason, GONE
        is_much = self._sent >= self._limits.rotate_bytes
        is_long = now - self._since >= self._limits.max_age_seconds
        return ("reconnect", RENEW) if is_much or is_long else None

    def _join(self, frames: list[Frame]) -> bytes:
        return b"".join(sse.frame(one.data, id=self._position) for one in frames)
