"""A stream over HTTP: how it starts, what it carries, how it ends, and who is refused."""

import asyncio
import gc
import json
import time
import uuid
from typing import Any

import pytest
from rest_framework.authtoken.models import Token

from streams import profiles, rows
from streams.limits import slots
from streams.pool import pooled
from tests.factories import Noted, Said, make_run
from tests.streams.views_support import append, write

pytestmark = pytest.mark.django_db(transaction=True)


async def test_users_do_not_use_up_the_streams_of_others(open_stream, settings, other):
    """Reliability 20."""
    settings.STREAMS = {**settings.STREAMS, "MAX_CONNECTIONS_PER_USER": 1}
    theirs = await pooled(make_run)(other)
    token = await Token.objects.acreate(user=other)

    async with open_stream() as mine:
        await mine.next()
        headers = {"Authorization": f"Token {token.key}"}
        async with open_stream(run_id=theirs.pk, headers=headers) as second:
            await second.next()

    assert second.status == 200


async def test_a_stream_that_is_dropped_before_its_first_byte_gives_its_slot_back(
    run, user, rf, token, settings
):
    """Reliability 20."""
    from streams.views import Place, serve  # noqa: PLC0415

    request = rf.get("/", HTTP_AUTHORIZATION=f"Token {token}")
    response = await serve(request, lambda user: Place(stream_id=run.stream_id))
    held = slots.total

    del response
    gc.collect()

    assert (held, slots.total) == (1, 0)


async def test_five_hundred_connections_that_come_and_go_leave_no_slot(run, open_stream, settings):
    """Reliability 12."""
    settings.STREAMS = {**settings.STREAMS, "MAX_CONNECTIONS_PER_USER": 1000}
    await write(run, 3)

    async def come_and_go(number: int) -> None:
        async with open_stream() as stream:
            for _ in range(number % 4):
                await stream.next()

    for _ in range(5):
        await asyncio.gather(*(come_and_go(number) for number in range(20)))

    assert slots.total == 0


async def test_a_connection_is_renewed_after_its_share_of_bytes_and_nothing_is_lost(
    run, open_stream, settings
):
    """Reliability 12."""
    settings.STREAMS = {**settings.STREAMS, "ROTATE_BYTES": 5000}
    await append(run.stream_id, [Noted(text="x" * 300)] * 100, close=True)

    positions: list[int] = []
    sizes: list[int] = []
    cursor = "0"
    while len(positions) < 100:
        async with open_stream(Last_Event_ID=cursor) as stream:
            raw = await stream.body()
        *messages, last = stream.parser.feed(raw)
        positions += [message.json["position"] for message in messages if not message.is_control]
        sizes.append(len(raw))
        if last.is_control:
            assert (last.type, last.json["data"]["reason"]) == ("reconnect", "rotated")
            assert last.id == str(last.json["data"]["position"]) == str(positions[-1])
        else:
            positions.append(last.json["position"])
        cursor = stream.parser.last_id

    assert positions == list(range(1, 101))
    assert max(sizes) < 5000 + 1500
    assert len(sizes) > 5


async def test_a_connection_is_renewed_when_it_is_old(run, open_stream, settings):
    settings.STREAMS = {**settings.STREAMS, "MAX_AGE_SECONDS": 0.05, "HEARTBEAT_SECONDS": 0.03}
    await write(run)

    async with open_stream() as stream:
        messages = await stream.rest()

    last = messages[-1]
    assert (last.type, last.json["data"]) == ("reconnect", {"reason": "max_age", "position": 1})


async def test_polling_returns_the_same_events_page_by_page(run, open_stream):
    message = uuid.uuid4()
    for sequence in range(1, 8):
        said = Said(message_id=message, sequence=sequence, content=f"é{sequence}")
        await append(run.stream_id, [said, Noted(text="x")], run_id=run.pk, close=sequence == 7)

    async with open_stream() as stream:
        streamed = [one.json for one in await stream.rest() if not one.is_control]
    polled: list[Any] = []
    pages: list[dict[str, Any]] = []
    after = 0
    while not pages or pages[-1]["has_more"]:
        async with open_stream(f"?after={after}&limit=4", Accept="application/json") as page:
            pages.append(await page.json())
        polled += pages[-1]["events"]
        after = pages[-1]["position"]

    assert polled == streamed
    assert [len(page["events"]) for page in pages] == [4, 4, 4, 2]
    assert {key: pages[0][key] for key in ("state", "resume", "poll_after_ms")} == {
        "state": "queued",
        "resume": "exact",
        "poll_after_ms": 500,
    }
    assert page.headers["cache-control"] == "no-store"


async def test_polling_without_news_is_an_empty_page_and_after_the_end_too(run, open_stream):
    await write(run, 2, close=True)

    async with open_stream("?after=2", Accept="application/json") as page:
        body = await page.json()

    assert (page.status, body["events"], body["position"], body["has_more"]) == (200, [], 2, False)


@pytest.mark.parametrize("limit", ["-1", "1001", "x"])
async def test_a_malformed_page_size_is_refused(open_stream, limit):
    async with open_stream(f"?limit={limit}", Accept="application/json") as page:
        assert list((await page.json())["error"]["fields"]) == ["limit"]


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("text/event-stream", "text/event-stream"),
        ("*/*", "text/event-stream"),
        ("", "text/event-stream"),
        ("application/json", "application/json"),
        ("application/json, text/event-stream", "text/event-stream"),
        ("text/html", "application/json"),
    ],
)
async def test_the_accept_header_decides_between_a_stream_and_a_page(
    run, open_stream, accept, type_
):
    await write(run, 1, close=True)

    async with open_stream(Accept=accept) as answer:
        await answer.body()

    assert answer.headers["content-type"].startswith(type_)


async def test_head_has_the_headers_of_the_stream_and_ends(run, open_stream):
    await write(run)

    async with open_stream(method="HEAD") as answer:
        body = await answer.body()

    assert (answer.status, body, slots.total) == (200, b"", 0)
    assert answer.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused(open_stream, method):
    async with open_stream(method=method) as answer:
        await answer.body()

    assert answer.status in (403, 405)  # 403: no CSRF token, before the view


async def test_gzip_conditional_get_and_sync_middleware_do_not_hold_a_stream_up(
    run, open_stream, settings
):
    """Reliability 13."""
    settings.MIDDLEWARE = [
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.http.ConditionalGetMiddleware",
        "tests.streams.views_support.slow_and_sync",
        *settings.MIDDLEWARE,
    ]
    await write(run, 50)
    delays = []

    for _ in range(3):
        begun = time.monotonic()
        headers = {"Accept-Encoding": "gzip", "If-None-Match": '"x"'}
        async with open_stream(**headers) as stream:
            first, second = await stream.next(), await stream.next()
            delays.append(time.monotonic() - begun)
            await append(run.stream_id, [Noted(text="live")])
            messages = [await stream.next() for _ in range(50)]

        assert (first.type, second.id) == ("stream_opened", "1")
        assert messages[-1].json["data"] == {"text": "live"} or len(delays) > 1
    assert min(delays) < 0.2
    assert stream.headers["content-encoding"] == "identity"
    assert stream.headers["x-sync"] == "1"
    assert "etag" not in stream.headers


async def test_one_encoding_serves_all_watchers_of_an_event(run, open_stream, monkeypatch):
    encoded: list[int] = []
    real = profiles.text

    def counted(row: rows.Row, mode: profiles.Mode) -> str:
        encoded.append(row.position)
        return real(row, mode)

    monkeypatch.setattr(profiles, "text", counted)
    async with open_stream() as one, open_stream() as two, open_stream() as three:
        for stream in (one, two, three):
            await stream.next()
        # All three wait at the tail when the first event comes.
        await append(run.stream_id, [Noted()])
        for stream in (one, two, three):
            await stream.next()
        await append(run.stream_id, [Noted()])
        for stream in (one, two, three):
            assert json.loads((await stream.next()).data)["position"] == 2

    assert encoded.count(2) == 1
