"""What is known of connections: while they are open, and in one log line when they end."""

import logging
import time
from contextlib import aclosing
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from streams import log, traffic
from streams.dialects.base import Dialect, Frame
from streams.models import Stream
from streams.pool import pooled
from streams.traffic import connections, written_at
from streams.writing import Connection, Opening
from tests.factories import Noted, make_stream
from tests.streams.views_support import append, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def ended(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in caplog.records if one.name == "streams.traffic"]


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "streams.traffic")


def signed_in(name: str, *codenames: str) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


async def test_the_admin_shows_who_watches_what_how_long_and_how_far(
    run, user, open_stream, settings
):
    """Row 3-21: connections, their age, the last event of each, and whose they are."""
    await write(run, 3)
    async with open_stream() as stream:
        for _ in range(4):
            await stream.next()
        settings.ROOT_URLCONF = "project.urls"
        staff = await sync_to_async(signed_in)("root", "view_stream")
        page = await sync_to_async(staff.get)(reverse("admin:streams_connections"))
        listed = await sync_to_async(staff.get)(reverse("admin:streams_stream_changelist"))
        others = await sync_to_async(signed_in)("clerk")
        refused = await sync_to_async(others.get)(reverse("admin:streams_connections"))

    shown = page.context["connections"]
    (one,) = [each for each in shown if each["traffic"].watched.stream_id == run.stream_id]
    assert (one["user"], one["traffic"].position, one["behind"]) == (user, 3, 0)
    assert 0 <= one["traffic"].silent_seconds <= one["traffic"].seconds < 60
    html = page.content.decode()
    assert str(run.stream_id) in html
    assert user.get_username() in html
    assert f"{len(shown)} connections are open" in listed.content.decode()
    assert reverse("admin:streams_connections") in listed.content.decode()
    assert refused.status_code == 403
    assert one["traffic"] not in connections.open()


async def test_a_client_that_leaves_is_logged_with_how_far_it_came(run, user, open_stream, caplog):
    """Row 3-43."""
    await write(run, 2)
    before = traffic.ended["native", "cut"]
    async with open_stream() as stream:
        for _ in range(3):
            await stream.next()

    (line,) = ended(caplog)
    text = line.getMessage()
    assert f"stream={run.stream_id}" in text
    assert f"user={user.pk} dialect=native mode=inline reason=cut frames=3" in text
    assert text.endswith("position=2")
    assert traffic.ended["native", "cut"] == before + 1


async def test_a_stream_that_was_told_to_its_end_says_so(run, open_stream, caplog):
    await write(run, 2, close=True)
    async with open_stream() as stream:
        body = await stream.body()

    (line,) = ended(caplog)
    assert (
        f"reason=over frames={body.count(bytes([10, 10]))} bytes={len(body)}" in line.getMessage()
    )


async def test_a_connection_that_had_its_share_of_bytes_is_logged_as_rotated(
    run, open_stream, settings, caplog
):
    settings.STREAMS = {**settings.STREAMS, "ROTATE_BYTES": 10}
    await write(run, 3)
    async with open_stream() as stream:
        await stream.body()

    assert "reason=rotated" in ended(caplog)[0].getMessage()


async def test_a_reader_who_may_read_no_longer_is_logged_with_the_reason(
    run, user, open_stream, settings, caplog
):
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.02}
    async with open_stream() as stream:
        await stream.next()
        await User.objects.filter(pk=user.pk).aupdate(is_active=False)
        await stream.body()

    assert "reason=signed_out" in ended(caplog)[0].getMessage()


async def nothing_against_it() -> str:
    return ""


def broken(row: Any, mode: str) -> list[Frame]:
    raise ValueError("no such thing")


BROKEN = Dialect(name="broken", row=broken, control=lambda type_, data, moment: [])


async def test_a_dialect_that_fails_is_an_error_and_leaves_no_connection_behind(caplog):
    stream = await pooled(make_stream)()
    await append(stream.pk, [Noted()])
    connection = Connection(
        Opening(stream_id=stream.pk, after=0, dialect=BROKEN), nothing_against_it
    )

    with pytest.raises(ValueError, match="no such thing"):
        async with aclosing(connection.frames()) as frames:
            _ = [chunk async for chunk in frames]

    assert "reason=error" in ended(caplog)[0].getMessage()
    assert connections.totals()["broken"].open == 0


def observed() -> float:
    return traffic.lag.read()[0][-1][1]


async def test_only_what_is_written_while_a_client_watches_tells_of_delay(run, open_stream):
    await write(run, 2)
    before = observed()
    async with open_stream() as stream:
        for _ in range(3):
            await stream.next()
        replayed = observed() - before
        await write(run, 1)
        await stream.next()
        live = observed() - before

    assert (replayed, live) == (0, 1)


def test_when_an_event_was_written_is_read_from_what_another_process_wrote():
    stream = Stream.objects.create()
    log.append(stream.pk, [Noted(text='"timestamp":"2001-01-01T00:00:00.000Z"')])
    (row,) = log.read_after(stream.pk, 0, 1)

    assert row.written == 0
    assert abs(written_at(row) - time.time()) < 10
    assert row.written == written_at(row)
