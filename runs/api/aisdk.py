"""Streams of the AI SDK dialect: a run from its beginning, or from an answered gate, then live."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from runs.api import doors, folding
from runs.api.aisdk_body import Fault
from runs.api.problems import hinted
from runs.models import Gate, Run
from streams import log, sse
from streams.access import Viewer
from streams.dialects import aisdk
from streams.dialects.aisdk import HEADER, Asked, Reply, Void
from streams.dialects.base import Frame
from streams.limits import TooManyStreams
from streams.models import StreamEvent
from streams.pool import may_write, pooled
from streams.rows import Row
from streams.views import Refusal, as_stream

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
        user_id = await may_write(_reader)(viewer)
        return _marked(Connection(found, viewer, user_id).response())
    except Fault as fault:
        told = b"".join(sse.frame(one.data) for one in aisdk.fault(str(fault)))
        return _marked(as_stream(HttpResponse(told, content_type=sse.CONTENT_TYPE)))
    except Refusal as refusal:
        return hinted(refusal.response(), allow=method)
    except TooManyStreams as error:
        return Refusal(
            429, "too_many_streams", str(error), retry_after=error.retry_after
        ).response()


def _reader(viewer: Viewer) -> int:
    user = viewer.user()
    if user is None:
        raise Refusal(401, "not_authenticated", "Sign in, or send an Authorization header.")
    return int(user.pk)


def _marked(response: HttpResponseBase) -> HttpResponseBase:
    response[HEADER[0]] = HEADER[1]
    return response


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


class Connection(folding.Connection):
    dialect = "ai-sdk"

    def __init__(self, opening: Opening, viewer: Viewer, user_id: int) -> None:
        super().__init__(opening.run, viewer, user_id, after=opening.run.begins_after)
        self._reply = Reply(opening.run.pk.hex, opening.metadata, after_gate=opening.after_gate)

    def is_over(self) -> bool:
        return self._reply.is_over

    async def begin(self) -> list[Frame]:
        voids, self.counted_after = await pooled(_known)(self.run)
        self._reply.skip(voids)
        return self._reply.begin()

    async def row(self, row: Row) -> list[Frame]:
        is_gate = self.is_mine(row, "gate_opened")
        return self._reply.row(row, await pooled(_asked)(row.body) if is_gate else None)

    def give_up(self, why: str) -> list[Frame]:
        return self._reply.give_up({"gap": CLEARED, "reconnect": RENEW}.get(why, GONE))
