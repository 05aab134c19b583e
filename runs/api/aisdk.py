"""Streams of the AI SDK dialect: a run from its beginning, or from an answered gate, then live.

A connection ends at a gate, which may wait for days: who answers it opens another one.
"""

import json
import time
import weakref
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from runs.api import doors
from runs.api.aisdk_body import Fault
from runs.api.problems import hinted
from runs.models import Gate, Run
from streams import log, sse
from streams.access import Viewer
from streams.conf import stream_settings
from streams.dialects import aisdk
from streams.dialects.aisdk import DONE, HEADER, Asked, Reply, Void
from streams.dialects.base import Frame
from streams.limits import Slot, TooManyStreams, slots
from streams.models import StreamEvent
from streams.pool import may_write, pooled
from streams.reader import Missing, Quiet, follow
from streams.rows import Row
from streams.views import EventStream, Refusal, as_stream

RENEW = "This connection is renewed. Resume the stream; the work goes on."
GONE = "You may no longer follow this."
CLEARED = "The older events were cleared away. Load the conversation instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a request is answered with: a run, whole or what follows a gate that was answered."""

    run: Run
    after_gate: str = ""
    metadata: dict[str, Any]


def opening(run: Run, *, after: Gate | None = None, **named: str) -> Opening:
    """Return how a run is told; `named` says in the message's metadata what it belongs to."""
    address = f"/api/v1/runs/{run.pk}"
    links = {"events_url": f"{address}/events/", "cancel_url": f"{address}/cancel/"}
    metadata = {"run_id": str(run.pk), **named, **links}
    return Opening(run=run, after_gate=str(after.pk) if after else "", metadata=metadata)


Open = Callable[[HttpRequest], Opening | None]


async def respond(request: HttpRequest, open_: Open, method: str) -> HttpResponseBase:
    """Answer with the stream that `open_` finds or starts; it runs off the loop and may write.

    204 when it finds none; a stream of one `error` for what an assistant's message cannot do;
    400, 401, 403, 404, 413, 415 and 429 as JSON before a byte of stream.
    """
    try:
        doors.only(request, method)
        found = await may_write(open_)(request)
        if found is None:
            return HttpResponse(status=204)
        viewer = Viewer.of(request)
        slot = await may_write(_slot)(viewer)
        connection = Connection(found, viewer, slot)
        response = EventStream(connection.frames(), content_type=sse.CONTENT_TYPE)
        # A response that is dropped before its first byte never enters its generator.
        weakref.finalize(response, slot.give_back)
        return _as_stream(response)
    except Fault as fault:
        told = b"".join(sse.frame(one.data) for one in aisdk.fault(str(fault)))
        return _as_stream(HttpResponse(told, content_type=sse.CONTENT_TYPE))
    except Refusal as refusal:
        return hinted(refusal.response(), allow=method)
    except TooManyStreams as error:
        return Refusal(
            429, "too_many_streams", str(error), retry_after=error.retry_after
        ).response()


def _slot(viewer: Viewer) -> Slot:
    user = viewer.user()
    if user is None:
        raise Refusal(401, "not_authenticated", "Sign in, or send an Authorization header.")
    return slots.take(user.pk, limit=stream_settings().max_connections_per_user)


def _as_stream(response: HttpResponseBase) -> HttpResponseBase:
    response[HEADER[0]] = HEADER[1]
    return as_stream(response)


def _known(run: Run) -> tuple[list[Void], int]:
    """Return what the run has told for nothing, and the stream's last position."""
    restarts = StreamEvent.objects.filter(
        stream=run.stream_id, run_id=run.pk, type="step_restarted"
    )
    found = restarts.order_by("position").values_list("position", "body")
    voids = [(json.loads(body)["data"]["from_position"], position) for position, body in found]
    return voids, log.last_position(run.stream_id)


def _asked(body: str) -> Asked:
    gate = Gate.objects.get(pk=json.loads(body)["data"]["gate_id"])
    return Asked(
        payload=gate.payload,
        is_open=gate.state == Gate.State.PENDING,
        is_denied=gate.decision == "reject",
    )


class Connection:
    """One client's connection, while it lasts."""

    def __init__(self, opening: Opening, viewer: Viewer, slot: Slot) -> None:
        self._opening = opening
        self._viewer = viewer
        self._slot = slot
        self._reply = Reply(opening.run.pk.hex, opening.metadata, after_gate=opening.after_gate)
        self._position = opening.run.begins_after
        self._caught_up = 0  # the position from which on what is sent counts
        self._sent = 0
        self._limits = stream_settings()
        self._since = self._checked = time.monotonic()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield the stream's bytes: from `start` to `[DONE]`, always."""
        run = self._opening.run
        with self._slot:
            voids, self._caught_up = await pooled(_known)(run)
            self._reply.skip(voids)
            yield self._join(self._reply.begin())
            async with aclosing(follow(run.stream_id, after=run.begins_after)) as batches:
                async for batch in batches:
                    if chunk := await self._encode(batch):
                        yield chunk
                    if not self._reply.is_over and (why := await self._why_ended()):
                        yield self._join(self._reply.give_up(why))
                    if self._reply.is_over:
                        return
            yield self._join(self._reply.give_up(CLEARED))

    async def _encode(self, batch: list[Row] | Missing | Quiet) -> bytes:
        if isinstance(batch, Quiet):
            return sse.HEARTBEAT
        if isinstance(batch, Missing):
            return self._join(self._reply.give_up(CLEARED))
        encoded = []
        for row in batch:
            mine = row.run == self._opening.run.pk.hex
            is_gate = mine and row.type == "gate_opened"
            asked = await pooled(_asked)(row.body) if is_gate else None
            self._position = row.position
            encoded.append(self._join(self._reply.row(row, asked)))
            if self._reply.is_over:
                break
        told = b"".join(encoded)
        if self._position > self._caught_up:  # or a long replay would be cut, and begin again
            self._sent += len(told)
        return told

    async def _why_ended(self) -> str:
        now = time.monotonic()
        if now - self._checked >= self._limits.heartbeat_seconds:
            self._checked = now
            if await pooled(self._viewer.may_still_read)(self._opening.run.stream_id):
                return GONE
        too_much = self._sent >= self._limits.rotate_bytes
        too_long = now - self._since >= self._limits.max_age_seconds
        return RENEW if too_much or too_long else ""

    def _join(self, frames: list[Frame]) -> bytes:
        return b"".join(
            sse.frame(one.data, id=None if one.data == DONE else self._position) for one in frames
        )
