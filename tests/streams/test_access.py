"""Who may read is asked again while a stream is open; who may no longer is cut, with a word."""

import asyncio
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY, login
from django.contrib.auth.models import User
from django.test import RequestFactory
from rest_framework.authtoken.models import Token

from runs.models import Run
from streams import log
from streams.pool import pooled
from tests.factories import Noted

pytestmark = pytest.mark.django_db(transaction=True)
append = pooled(log.append)


@pytest.fixture
def session(user: User, settings: Any) -> str:
    """The key of a session in which the user is signed in."""
    request = RequestFactory().get("/")
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    assert request.session[SESSION_KEY] == str(user.pk)
    return str(request.session.session_key)


@asynccontextmanager
async def busy(run: Run):
    """Write to the stream all the time."""

    async def write() -> None:
        while True:
            await append(run.stream_id, [Noted(text="busy")])

    task = asyncio.ensure_future(write())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def silent(run: Run):
    yield


def deactivate(user: User, session: str) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def delete_token(user: User, session: str) -> None:
    Token.objects.filter(user=user).delete()


def flush_session(user: User, session: str) -> None:
    import_module("django.contrib.sessions.backends.db").SessionStore(session).flush()


def change_password(user: User, session: str) -> None:
    user.set_unusable_password()
    user.save()


def hand_over(user: User, session: str) -> None:
    Run.objects.update(created_by=User.objects.create_user("somebody-else"))


@pytest.mark.parametrize("work", [silent, busy], ids=["silent", "busy"])
@pytest.mark.parametrize(
    ("revoke", "by", "reason"),
    [
        (deactivate, "token", "signed_out"),
        (delete_token, "token", "signed_out"),
        (deactivate, "session", "signed_out"),
        (flush_session, "session", "signed_out"),
        (change_password, "session", "signed_out"),
        (hand_over, "token", "forbidden"),
    ],
)
async def test_who_may_read_no_longer_is_cut_within_a_heartbeat(
    run, user, session, open_stream, settings, work, revoke, by, reason
):
    """Reliability 17."""
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.05}
    cookie = {"Authorization": "", "Cookie": f"sessionid={session}"}

    async with work(run), open_stream(**(cookie if by == "session" else {})) as stream:
        first = await stream.next()
        await pooled(revoke)(user, session)
        async with asyncio.timeout(10):
            messages = await stream.rest()

    assert first.type == "stream_opened"
    assert (messages[-1].type, messages[-1].json["data"]) == ("closed", {"reason": reason})
    assert messages[-1].is_control
    positions = [message.json["position"] for message in messages[:-1]]
    assert positions == list(range(1, len(positions) + 1))


async def test_who_may_still_read_is_not_cut(run, open_stream, settings):
    """Reliability 17."""
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.02}

    async with open_stream() as stream:
        await stream.next()
        for _ in range(5):
            assert await stream.chunk() == b": hb\n"


async def test_a_token_in_the_address_is_not_looked_at(open_stream, token):
    """Reliability 24."""
    async with open_stream(f"?token={token}", headers={}) as stream:
        await stream.body()

    assert stream.status == 401
