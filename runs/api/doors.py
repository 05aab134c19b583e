"""What guards views that are no REST framework views: other sites, crumbs, bodies, rates.

Each raises `streams.views.Refusal`, with the answer to give.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import CSRFCheck

from runs.api.parsers import decode
from runs.api.throttles import Runs
from runs.models import Gate
from streams.access import Viewer
from streams.conf import stream_settings
from streams.limits import slots
from streams.views import Refusal

LARGEST_BODY = 256 * 1024


def via(request: HttpRequest) -> str:
    """Return which door a request came through: a browser's session, or a token."""
    return Gate.Via.API if Viewer.of(request).token else Gate.Via.WEB


def only(request: HttpRequest, *methods: str) -> None:
    """Refuse any other method."""
    if request.method not in methods:
        raise Refusal(405, "method_not_allowed", f"Use {' or '.join(methods)}.")


def signed_in(request: HttpRequest) -> User:
    user = Viewer.of(request).user()
    if user is None:
        raise Refusal(401, "not_authenticated", "Sign in, or send an Authorization header.")
    return user


def refuse_other_sites(request: HttpRequest) -> None:
    """A GET that can start work is refused when another site's page sends it with our cookie.

    So is one that a browser sends ahead of time: nobody has asked for the work yet.
    """
    if Viewer.of(request).token or request.headers.get("Origin") in settings.CORS_ALLOWED_ORIGINS:
        return
    if request.headers.get("Sec-Fetch-Site", "none") in ("cross-site", "same-site"):
        raise Refusal(403, "cross_site", "Another site must not start work here.")
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        raise Refusal(403, "prefetch", "A prefetch must not start work here.")


def is_reconnect(request: HttpRequest) -> bool:
    """Whether the client was connected before: a browser's EventSource says what it saw last."""
    return bool(request.headers.get("Last-Event-ID")) or "after" in request.GET


def check_limits(user: User) -> None:
    """Refuse to start what the user could not watch, or too much at once."""
    slots.take(user.pk, limit=stream_settings().max_connections_per_user).give_back()
    check_rate(user)


def check_rate(user: User) -> None:
    """Count a start of work, and refuse one too many."""
    if (wait := Runs().wait_for(user.pk)) is not None:
        message = "You have started too much at once; wait."
        raise Refusal(429, "too_many_requests", message, retry_after=int(wait) + 1)


def sent(request: HttpRequest, *, most: int = LARGEST_BODY) -> Any:
    """Return the JSON that somebody posted who may: of a browser, with its crumb."""
    if request.content_type != "application/json":
        # Before the CSRF check, which would read a form.
        raise Refusal(415, "unsupported_media_type", "Send the body as application/json.")
    if not Viewer.of(request).token:
        _check_crumb(request)
    return _json(request, most)


def _check_crumb(request: HttpRequest) -> None:
    check = CSRFCheck(lambda request: HttpResponse())
    check.process_request(request)
    if reason := check.process_view(request, lambda request: HttpResponse(), (), {}):
        raise Refusal(403, "csrf", f"CSRF check failed: {reason}")


def _json(request: HttpRequest, most: int) -> Any:
    too_large = Refusal(413, "too_large", f"At most {most} bytes are taken.")
    try:
        body = request.body
    except RequestDataTooBig:
        raise too_large from None
    if len(body) > most:
        raise too_large
    try:
        return decode(body)
    except UnicodeDecodeError:
        raise Refusal(400, "malformed", "The body must be UTF-8.") from None
    except ValueError as error:
        raise Refusal(400, "malformed", f"The body must be JSON: {error}") from None
