"""A diagnostic stream with a known course: frames at known times, signs of life, silence."""

import asyncio
import os
import secrets
import time
import weakref
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from json import dumps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from streams import sse, views
from streams.access import Viewer
from streams.conf import stream_settings
from streams.limits import Slot, TooManyStreams, slots
from streams.pool import pooled
from streams.views import EventStream, Refusal

MOST_FRAMES = 50
MOST_MILLISECONDS = 2000  # between two frames
MOST_HEARTBEATS = 3
MOST_SECONDS = 300  # of silence
LONGEST_PROBE = 40  # characters
REMEMBERED = 200  # courses, in each process


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a diagnostic stream does: so many frames, then signs of life, then silence."""

    frames: int
    spacing: int  # milliseconds
    heartbeats: int
    idle: int  # seconds

    @classmethod
    def of(cls, request: HttpRequest) -> "Course":
        return cls(
            frames=views.whole(request, "frames", 10, most=MOST_FRAMES),
            spacing=views.whole(request, "spacing", 100, most=MOST_MILLISECONDS),
            heartbeats=views.whole(request, "heartbeats", 0, most=MOST_HEARTBEATS),
            idle=views.whole(request, "idle", 0, most=MOST_SECONDS),
        )


@dataclass(slots=True)
class Passage:
    """How a course went, as this process saw it."""

    is_open: bool = True
    was_left: bool = False  # the client went away before the end
    milliseconds: int = 0


_passages: OrderedDict[tuple[int, str], Passage] = OrderedDict()


@cache
def process() -> str:
    """Return a name for this process, which says nothing about it."""
    return secrets.token_hex(4)


os.register_at_fork(after_in_child=process.cache_clear)


async def doctor(request: HttpRequest) -> HttpResponseBase:
    """Serve a course, or with `ask` tell how an earlier one went, if it was in this process."""
    if request.method != "GET":
        return Refusal(405, "method_not_allowed", "Use GET.").response()
    user = await pooled(Viewer.of(request).user)()
    if user is None:
        message = "Sign in, or send an Authorization header."
        return Refusal(401, "not_authenticated", message).response()
    if "ask" in request.GET:
        return _told(user.pk, request.GET["ask"])
    try:
        course = Course.of(request)
        slot = slots.take(user.pk, limit=stream_settings().max_connections_per_user)
    except Refusal as refusal:
        return refusal.response()
    except TooManyStreams as error:
        return Refusal(
            429, "too_many_streams", str(error), retry_after=error.retry_after
        ).response()
    key = user.pk, request.GET.get("probe", "")[:LONGEST_PROBE]
    response = EventStream(_walk(course, key, slot, _seen(request)), content_type=sse.CONTENT_TYPE)
    weakref.finalize(response, slot.give_back)  # if it is dropped before its first byte
    return views.as_stream(response)


def _told(user_id: int, probe: str) -> JsonResponse:
    passage = _passages.get((user_id, probe))
    known = asdict(passage) if passage else None
    response = JsonResponse({"process": process(), "passage": known})
    response["Cache-Control"] = "no-store"
    return response


def _seen(request: HttpRequest) -> dict[str, Any]:
    """Return what reached this process of the request, and what was set up here."""
    return {
        "process": process(),
        "http_version": getattr(request, "scope", {}).get("http_version", ""),
        "scheme": request.scheme,
        "heartbeat_seconds": stream_settings().heartbeat_seconds,
        "compresses": any(name.endswith("GZipMiddleware") for name in settings.MIDDLEWARE),
    }


async def _walk(
    course: Course, key: tuple[int, str], slot: Slot, seen: dict[str, Any]
) -> AsyncGenerator[bytes, None]:
    begun = time.monotonic()

    def frame(type_: str, **data: Any) -> bytes:
        sent = round((time.monotonic() - begun) * 1000)
        return sse.frame(dumps({"type": type_, "probe": key[1], "sent_ms": sent, **data}))

    with slot, _remembered(key):
        yield frame("doctor_opened", **seen)
        for number in range(1, course.frames + 1):
            await asyncio.sleep(course.spacing / 1000)
            yield frame("doctor_frame", number=number)
        for _ in range(course.heartbeats):
            await asyncio.sleep(stream_settings().heartbeat_seconds)
            yield sse.HEARTBEAT
        if course.idle:
            await asyncio.sleep(course.idle)
        yield frame("doctor_closed")


@contextmanager
def _remembered(key: tuple[int, str]) -> Iterator[None]:
    begun = time.monotonic()
    passage = _passages[key] = Passage()
    while len(_passages) > REMEMBERED:
        _passages.popitem(last=False)
    try:
        yield
    except (asyncio.CancelledError, GeneratorExit):
        passage.was_left = True
        raise
    finally:
        passage.is_open = False
        passage.milliseconds = round((time.monotonic() - begun) * 1000)
