"""Streams of AG-UI: a run from its beginning, from an answered gate or from where it is, then live."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from runs.api import folding
from runs.api.agui_body import Fault
from runs.models import Gate, Run
from streams import log, sse
from streams.access import Viewer
from streams.conf import stream_settings
from streams.dialects.agui import Projection
from streams.dialects.agui_conversation import Names
from streams.dialects.agui_events import error, frame
from streams.dialects.base import Frame
from streams.pool import pooled
from streams.rows import Row
from streams.views import as_stream

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
    return as_stream(HttpResponse(told, content_type=sse.CONTENT_TYPE))


def respond(viewer: Viewer, opening: Opening) -> HttpResponseBase:
    """Answer with a stream. Raises `TooManyStreams`."""
    return Connection(opening, viewer).response()


def _gate(body: str) -> Gate:
    return Gate.objects.get(pk=json.loads(body)["data"]["gate_id"])


def _pending(gate_id: str) -> bool:
    return Gate.objects.filter(pk=gate_id, state=Gate.State.PENDING).exists()


class Connection(folding.Connection):
    dialect = "ag-ui"

    def __init__(self, opening: Opening, viewer: Viewer) -> None:
        super().__init__(opening.run, viewer, opening.user_id, after=opening.until)
        self._opening = opening
        self._projection = Projection(
            opening.run.pk.hex,
            thread=opening.thread,
            name=opening.name,
            about=opening.about,
            names=opening.names,
            is_released=opening.is_released,
        )

    def is_over(self) -> bool:
        return self._projection.is_over

    async def begin(self) -> list[Frame]:
        projection = self._projection
        if not self._opening.is_joined:
            return projection.begin()
        if not await self._take_in():
            return self.give_up("gap")
        # At the gate that was just answered, the log up to here has no answer yet.
        asked = projection.gate and await pooled(_pending)(projection.gate["gate_id"])
        return projection.begin(await self._history(), waits=bool(asked))

    async def _take_in(self) -> bool:
        """Take in what came before; False if some of it is gone."""
        run, size = self.run, stream_settings().page
        position = run.begins_after
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
        return await pooled(_gate)(row.body) if self.is_mine(row, "gate_opened") else None

    async def row(self, row: Row) -> list[Frame]:
        gate = await self._opened(row)
        frames = self._projection.row(row, gate.payload if gate else None)
        if gate is not None and gate.state == Gate.State.PENDING:
            frames += self._projection.interrupt(await self._history())
        if self.is_mine(row, "step_restarted"):
            frames += self._projection.messages(await self._history())
        return frames

    def give_up(self, why: str) -> list[Frame]:
        return self._projection.give_up(why, {"gap": CLEARED, "reconnect": RENEW}.get(why, GONE))
