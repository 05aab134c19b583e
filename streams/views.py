"""Serve a stream over HTTP: as Server-Sent Events, or as JSON pages of the same rows."""

import json
import weakref
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http import JsonResponse as Json

from streams import log, preferences, profiles, sources, sse
from streams.access import Viewer
from streams.conf import stream_settings
from streams.dialects.base import Dialect
from streams.dialects.native import NAMED, NATIVE
from streams.limits import Slot, TooManyStreams, slots
from streams.log import Extent
from streams.pool import may_write, pooled
from streams.profiles import Mode
from streams.writing import Connection, Opening

LARGEST_CURSOR = 2**63 - 1
LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to read: a stream, and what a polling client is told of its run.

    With `run_id` only that run's events are told, up to its end: those of a stream that several
    runs share, after `begins_after`. `ends_at` is the position of its last event, once it ended.
    `mode` is what a client gets that names none, whatever its user prefers elsewhere.
    `poll_milliseconds` is what a client of pages is asked to wait, if not what the setting says.
    """

    stream_id: UUID
    state: str = ""
    run_id: UUID | None = None
    begins_after: int = 0
    ends_at: int | None = None
    mode: Mode | None = None
    poll_milliseconds: int | None = None
    extra: dict[str, Any] | None = None  # told in a dialect's first frame


class EventStream(StreamingHttpResponse):
    """A streaming response of bytes, without the two layers that would make bytes of its parts."""

    _iterator: AsyncIterator[bytes]  # Django's own; middleware may have wrapped it

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._iterator)


Locate = Callable[[User], Place | None]  # None: no such thing, or not for this user


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """An answer other than the stream."""

    status: int
    code: str
    message: str
    fields: dict[str, str] | None = None
    retry_after: int | None = None

    def response(self) -> HttpResponse:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.fields:
            error["fields"] = self.fields
        response = Json({"error": error}, status=self.status)
        if self.retry_after is not None:
            response["Retry-After"] = str(self.retry_after)
        return response


def whole(request: HttpRequest, name: str, default: int, *, most: int) -> int:
    """Return a query parameter that must be a whole number from 0 to `most`."""
    given = request.GET.get(name)
    return default if given is None else _whole(given, name, most)


def _whole(given: str, name: str, most: int) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 20 and int(given) <= most):
        message = f"{name} must be a whole number from 0 to {most}."
        raise Refusal(400, "invalid", message, {name: message})
    return int(given)


def cursor(request: HttpRequest) -> int | None:
    """Return the position of the last event the client saw, or None if it named none.

    A browser's EventSource sends the header on reconnecting, with the address it started from,
    so the header counts more than `after`.
    """
    header = request.headers.get("Last-Event-ID", "").strip()
    if header:
        return _whole(header, "Last-Event-ID", LARGEST_CURSOR)
    if "after" in request.GET:
        return whole(request, "after", 0, most=LARGEST_CURSOR)
    return None


def _mode(request: HttpRequest) -> Mode | None:
    """Return the mode the client asks for, or None if it leaves that to the user's preference."""
    mode = request.GET.get("mode")
    if mode is None:
        return None
    if mode not in profiles.MODES:
        message = f"mode must be one of {', '.join(profiles.MODES)}."
        raise Refusal(400, "invalid", message, {"mode": message})
    return "signal" if mode == "signal" else "inline"


def _resume(extent: Extent, after: int) -> tuple[int, dict[str, Any]]:
    """Return the position to read on from, and what to say of the way there."""
    if after > extent.last:
        # The log is younger than the client: it was restored from a backup.
        return 0, {"resume": "gap", "from": extent.last + 1, "to": after, "reset": True}
    if after + 1 >= extent.first:
        return after, {"resume": "exact"}
    snapshot = sources.source.snapshot(extent.stream_id)
    missing = {"from": after + 1, "to": extent.first - 1}
    if snapshot is None:
        return extent.first - 1, {"resume": "gap", **missing}
    # The state was read after the extent, so it holds at least all events up to there.
    return extent.last, {"resume": "snapshot", **missing, "snapshot": snapshot}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    user_id: int
    place: Place
    extent: Extent
    after: int
    mode: Mode
    resume: dict[str, Any]

    @property
    def last(self) -> int:
        """The position of the last event there is to tell so far."""
        return self.extent.last if self.place.ends_at is None else self.place.ends_at

    @property
    def is_over(self) -> bool:
        """Whether the client has seen everything there will ever be."""
        ended = self.extent.is_closed or self.place.ends_at is not None
        return ended and self.after >= self.last


def _open(viewer: Viewer, locate: Locate, after: int, mode: Mode | None) -> Opened:
    user = viewer.user()
    if user is None:
        raise Refusal(401, "not_authenticated", "Sign in, or send an Authorization header.")
    place = locate(user)
    if place is None or not sources.source.may_read(user, place.stream_id):
        raise Refusal(404, "not_found", "There is no such stream, or it is not yours.")
    extent = log.extent(place.stream_id)
    position, resume = _resume(extent, max(after, min(place.begins_after, extent.last)))
    if place.run_id:  # what others tell in between is left out, and is no hole
        resume["sparse"] = True
    if extent.is_closed and resume["resume"] == "snapshot":
        position = extent.last - 1  # the last event is kept; it says how the run ended
    return Opened(
        user_id=user.pk,
        place=place,
        extent=extent,
        after=position,
        mode=mode or place.mode or preferences.mode_of(user),
        resume=resume,
    )


def wants_json(request: HttpRequest) -> bool:
    return not request.accepts("text/event-stream") or (
        "text/event-stream" not in request.headers.get("Accept", "")
        and "application/json" in request.headers.get("Accept", "")
    )


async def serve(
    request: HttpRequest, locate: Locate, *, dialect: Dialect | None = None
) -> HttpResponseBase:
    """Answer with the stream that `locate` finds for the user.

    200 with frames or JSON; 204 when the stream has ended and the client has seen it all; 400,
    401, 404 and 429 before a byte of stream. `locate` runs off the loop and may write.
    """
    if request.method not in ("GET", "HEAD"):
        return Refusal(405, "method_not_allowed", "Use GET.").response()
    try:
        named = request.GET.get("named") in ("1", "true")
        chosen = dialect or (NAMED if named else NATIVE)
        mode = _mode(request)
        given = cursor(request)
        viewer = Viewer.of(request)
        opened = await may_write(_open)(viewer, locate, given or 0, mode)
        if chosen.has_pages and wants_json(request):
            return await _page(request, opened, chosen)
        if given is not None and opened.is_over:
            return HttpResponse(status=204)
        return _stream(request, viewer, opened, chosen)
    except Refusal as refusal:
        return refusal.response()
    except TooManyStreams as error:
        return Refusal(
            429, "too_many_streams", str(error), retry_after=error.retry_after
        ).response()


def _stream(
    request: HttpRequest, viewer: Viewer, opened: Opened, dialect: Dialect
) -> HttpResponseBase:
    if request.method == "HEAD":
        return as_stream(HttpResponse(content_type=sse.CONTENT_TYPE))
    stream_id = opened.place.stream_id
    opening = Opening(
        stream_id=stream_id,
        after=opened.after,
        dialect=dialect,
        mode=opened.mode,
        run=opened.place.run_id.hex if opened.place.run_id else "",
        user_id=opened.user_id,
        resume={**opened.resume, **(opened.place.extra or {})},
    )
    slot = slots.take(opened.user_id, limit=stream_settings().max_connections_per_user)
    connection = Connection(opening, lambda: pooled(viewer.may_still_read)(stream_id), slot)
    return streamed(connection.frames(), slot)


def streamed(frames: AsyncIterator[bytes], slot: Slot) -> HttpResponseBase:
    """Answer with frames, which give the slot back when they end."""
    response = EventStream(frames, content_type=sse.CONTENT_TYPE)
    # A response that is dropped before its first byte never enters its generator.
    weakref.finalize(response, slot.give_back)
    return as_stream(response)


def as_stream(response: HttpResponseBase) -> HttpResponseBase:
    """Give a response the headers that let a stream through middleware and proxies."""
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    response["Content-Encoding"] = "identity"  # keeps GZipMiddleware and proxies from compressing
    return response


async def _page(request: HttpRequest, opened: Opened, dialect: Dialect) -> HttpResponse:
    limit = whole(request, "limit", LARGEST_PAGE, most=LARGEST_PAGE) or 1
    rows = await pooled(log.page_after)(opened.place.stream_id, opened.after, limit)
    position = rows[-1].position if rows else opened.after
    if run_id := opened.place.run_id:
        rows = [row for row in rows if row.run == run_id.hex]
    head = {
        "position": position,
        "has_more": position < opened.last,
        "state": opened.place.state,
        "poll_after_ms": opened.place.poll_milliseconds or stream_settings().poll_milliseconds,
        **opened.resume,
    }
    frames = (frame for row in rows for frame in dialect.row(row, opened.mode))
    events = ",".join(frame.data for frame in frames)
    text = f'{json.dumps(head)[:-1]},"events":[{events}]}}'
    response = HttpResponse(text, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
