"""What is done for every request: its id, the time it took, the headers of its answer."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

from project.logs import request_id
from streams.counters import Counter, Histograms

# Scripts and styles come from this server alone: text from models and people cannot run.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


answered = Counter()  # by route and status
seconds = Histograms()  # by route: until the answer begins, so a stream's length is not in it

GIVEN = re.compile(r"[\w.:-]{8,64}", re.ASCII)
HEADER = "X-Request-ID"
NO_ROUTE = "none"  # a static file, or an address that leads nowhere


class Observed:
    """Give each request an id, which its answer and its log lines carry, and count it.

    A proxy's own id is taken over if it looks like one.
    """

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        name = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        request_id.set(name)  # for as long as the request's task, so for its stream as well
        begun = time.monotonic()
        response = await self.get_response(request)
        match = request.resolver_match
        route = match.view_name if match is not None else NO_ROUTE
        seconds.add(route, time.monotonic() - begun)
        answered.add(route, str(response.status_code))
        response.headers[HEADER] = name
        return response


class SecurityHeaders:
    """Add a Content-Security-Policy to every answer that does not bring its own."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = await self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
