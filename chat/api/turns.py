"""GET requests that ask something and stream the reply, for the dialects that have them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase

from chat import access, attaching
from chat.attaching import ANY, Asked
from chat.exceptions import InvalidMessage
from chat.models import ChatSession
from runs import access as run_access
from runs.api import doors
from runs.api.problems import hinted
from runs.models import Run
from streams.dialects.base import Dialect
from streams.views import Place, Refusal, serve

# Of UTF-8. Percent-encoded it has three times as many, which every common server still takes.
MOST_BYTES = 4096
LONGEST_KEY = 100
UNKNOWN = "There is no such session, or it is not yours."

Find = Callable[[User], ChatSession | None]
About = Callable[[Run], dict[str, Any]]


def place(run: Run, about: About) -> Place:
    """Return where a reply is followed. Its text always comes along: these clients pull none."""
    return replace(run_access.place(run), mode="inline", extra=about(run))


def asked(request: HttpRequest, scope: str = ANY) -> Asked:
    """Read what the client asks. Raises `Refusal`."""
    message = request.GET.get("message", "")
    size = len(message.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        text = f"message has {size} bytes; at most {MOST_BYTES} fit an address. Post it instead."
        raise Refusal(414, "too_long", text, {"message": text})
    if not message.strip():
        text = "message must not be empty: write what you want to know."
        raise Refusal(400, "invalid", text, {"message": text})
    key = request.GET.get("key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        text = f"key may have at most {LONGEST_KEY} printable characters."
        raise Refusal(400, "invalid", text, {"key": text})
    return Asked(message=message, scope=scope, key=key, is_reconnect=doors.is_reconnect(request))


def _session(find: Find, user: User) -> ChatSession:
    session = find(user)
    if session is None:
        raise Refusal(404, "not_found", UNKNOWN)
    if not access.may_write(user, session):
        raise Refusal(403, "forbidden", "Only the chat's owner may do this.")
    return session


def _locate(request: HttpRequest, scope: str, find: Find, about: About, user: User) -> Place:
    try:
        run = attaching.attach_or_post(
            user,
            asked(request, scope),
            session=partial(_session, find, user),
            before_post=partial(doors.check_limits, user),
        )
    except InvalidMessage as error:
        fields = {"message" if name == "text" else name: why for name, why in error.fields.items()}
        raise Refusal(400, error.code, " ".join(fields.values()), fields) from error
    return place(run, about)


def _nothing(run: Run) -> dict[str, Any]:
    return {}


async def stream_turn(
    request: HttpRequest,
    find: Find,
    *,
    dialect: Dialect,
    scope: str = ANY,
    about: About = _nothing,
) -> HttpResponseBase:
    """Post the request's message to a session, or attach to the run it has started before."""
    try:
        doors.only(request, "GET")
        doors.refuse_other_sites(request)
    except Refusal as refusal:
        return hinted(refusal.response(), allow="GET")
    locate = partial(_locate, request, scope, find, about)
    return hinted(await serve(request, locate, dialect=dialect), allow="GET")
