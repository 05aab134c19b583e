"""A stream over HTTP: how it starts, what it carries, how it ends, and who is refused."""

import asyncio
import gc
import json
import time
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.authtoken.models import Token

from runs.models import Run
from streams import log, profiles
from streams.limits import slots
from streams.pool import pooled
from tests.factories import Noted, Said, make_run, register

pytestmark = pytest.mark.django_db(transaction=True)
append = pooled(log.append)
trim = pooled(log.trim)


async def write(run: Run, count: int = 1, *, close: bool = False) -> None:
    await append(run.stream_id, [Noted(text="x")] * count, run_id=run.pk, close=close)


async def test_a_stream_says_first_how_it_resumed_then_tells_each_event_with_its_position(
    run, open_stream
):
    await write(run, 3, close=True)

    async with open_stream() as stream:
        messages = await stream.rest()

    assert stream.status == 200
    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert stream.headers["cache-control"] == "no-cache"
    assert stream.headers["x-accel-buffering"] == "no"
    first, *events = messages
    assert (first.type, first.id, first.is_control) == ("stream_opened", "0", True)
    assert first.json["data"] == {
        "resume": "exact",
        "position": 0,
        "heartbeat_seconds": 15,
        "mode": "inline",
    }
    assert [(event.id, event.json["position"], event.event) for event in events] == [
        ("1", 1, ""),
        ("2", 2, ""),
        ("3", 3, ""),
    ]
    assert {event.json["run_id"] for event in events} == {str(run.pk)}
    assert stream.parser.retries == ["1000"]


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", "", [1, 2, 3, 4]),
        ("?after=2", "", [3, 4]),
        ("", "3", [4]),
        ("?after=0", "2", [3, 4]),  # what a browser sends when it reconnects
        ("?after=", "1", [2, 3, 4]),
    ],
)
async def test_a_client_resumes_by_its_cursor(run, open_stream, query, header, expected):
    await write(run, 4, close=True)

    async with open_stream(query, Last_Event_ID=header) as stream:
        first, *events = await stream.rest()

    assert first.json["data"]["resume"] == "exact"
    assert [event.json["position"] for event in events] == expected


async def test_live_events_follow_the_past_ones_until_the_last(run, open_stream):
    await write(run, 2)

    async with open_stream() as stream:
        await stream.next()
        past = [await stream.next(), await stream.next()]
        await append(run.stream_id, [Noted(text="live")])
        live = await stream.next()
        await append(run.stream_id, [Noted(text="end")], close=True)
        rest = await stream.rest()

    assert [message.id for message in past] == ["1", "2"]
    assert live.json["data"] == {"text": "live"}
    assert [message.json["data"]["text"] for message in rest] == ["end"]


async def test_a_cursor_before_what_is_kept_starts_with_a_gap(run, open_stream):
    """Reliability 10."""
    await write(run, 9, close=True)
    await trim(run.stream_id, keep_from=6)

    async with open_stream("?after=2") as stream:
        first, *events = await stream.rest()

    assert first.json["data"] | {"heartbeat_seconds": 0} == {
        "resume": "gap",
        "from": 3,
        "to": 5,
        "position": 5,
        "heartbeat_seconds": 0,
        "mode": "inline",
    }
    assert first.id == "5"
    assert [event.json["position"] for event in events] == [6, 7, 8, 9]


@pytest.mark.parametrize(("is_over", "rest"), [(False, []), (True, [9])])
async def test_a_snapshot_stands_for_what_was_cleared_away(run, open_stream, is_over, rest):
    """Reliability 10."""
    register("pictured", snapshot=lambda run: {"state": run.state})
    await Run.objects.filter(pk=run.pk).aupdate(kind="pictured")
    await write(run, 9, close=is_over)
    await trim(run.stream_id, keep_from=6)

    async with open_stream("?after=2") as stream:
        first = await stream.next()
        events = await stream.rest() if is_over else []

    told = first.json["data"]
    assert (told["resume"], told["snapshot"]) == ("snapshot", {"state": "queued"})
    assert (told["from"], told["to"], told["position"]) == (3, 5, 8 if is_over else 9)
    assert [event.json["position"] for event in events] == rest


async def test_events_cleared_away_under_a_reader_are_a_gap_in_the_middle(
    run, open_stream, settings
):
    """Reliability 10."""
    settings.STREAMS = {**settings.STREAMS, "PAGE": 2, "BATCH": 2}
    await write(run, 12)

    async with open_stream() as stream:
        await stream.next()
        await stream.next()
        await trim(run.stream_id, keep_from=9)
        await append(run.stream_id, [Noted()], close=True)
        messages = await stream.rest()

    gaps = [message for message in messages if message.type == "gap"]
    positions = [message.json["position"] for message in messages if not message.is_control]
    assert len(gaps) == 1
    told = gaps[0].json["data"]
    assert gaps[0].id == str(told["to"])
    assert positions == [*range(2, told["from"]), *range(told["to"] + 1, 14)]


async def test_a_cursor_from_the_future_starts_again_and_says_so(run, open_stream):
    await write(run, 2, close=True)

    async with open_stream("?after=50") as stream:
        first, *events = await stream.rest()

    told = first.json["data"]
    assert (told["resume"], told["from"], told["to"], told["reset"]) == ("gap", 3, 50, True)
    assert [event.json["position"] for event in events] == [1, 2]


async def test_named_frames_carry_the_type_and_none_is_called_error(run, open_stream):
    await write(run, 1, close=True)

    async with open_stream("?named=1") as stream:
        messages = await stream.rest()

    assert [message.event for message in messages] == ["stream_opened", "test_noted"]
    assert [message.type for message in messages] == ["stream_opened", "test_noted"]


@pytest.mark.parametrize("mode", ["inline", "signal"])
async def test_text_comes_inline_or_as_a_signal(run, open_stream, mode):
    message, text = uuid.uuid4(), 'é\r\n\u2028\x85\u2029 "}\0\U0001f9ed'
    await append(run.stream_id, [Said(message_id=message, content=text)], close=True)

    async with open_stream(f"?mode={mode}") as stream:
        raw = await stream.body()
        messages = stream.parser.feed(raw)

    data = messages[1].json["data"]
    assert (data["message_id"], data["sequence"]) == (str(message), 1)
    assert data.get("content") == (text.replace("\0", "\ufffd") if mode == "inline" else None)
    # Clients that split lines by Unicode's rules see the same lines.
    assert raw.decode().splitlines() == raw.decode().split("\n")[:-1]
    assert b"\r" not in raw
    assert b"\0" not in raw


async def test_a_silent_stream_sends_heartbeats(run, open_stream, settings):
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.02}

    async with open_stream() as stream:
        await stream.next()
        chunks = [await stream.chunk(), await stream.chunk()]

    assert chunks == [b": hb\n\n"] * 2


async def test_a_browser_that_comes_back_after_the_end_is_told_to_stop(run, open_stream):
    await write(run, 3, close=True)

    async with open_stream(Last_Event_ID="3") as stream:
        body = await stream.body()

    assert (stream.status, body) == (204, b"")


CURSORS = ["-1", "x", "1.5", "1e3", " ", "+1", "9" * 25, str(2**63), "0x1", "1,2", "²"]


@pytest.mark.parametrize("cursor", [*CURSORS, "%D9%A1%D9%A2", "%00"])
async def test_a_malformed_cursor_is_refused(open_stream, cursor):
    async with open_stream(f"?after={cursor}") as stream:
        error = (await stream.json())["error"]

    assert (stream.status, error["code"]) == (400, "invalid")
    assert list(error["fields"]) == ["after"]


@pytest.mark.parametrize("cursor", [*(one for one in CURSORS if one.strip()), "١٢"])
async def test_a_malformed_last_event_id_is_refused(open_stream, cursor):
    async with open_stream(Last_Event_ID=cursor) as stream:
        error = (await stream.json())["error"]

    assert (stream.status, list(error["fields"])) == (400, ["Last-Event-ID"])


@pytest.mark.parametrize("query", ["?mode=both", "?mode="])
async def test_an_unknown_mode_is_refused(open_stream, query):
    async with open_stream(query) as stream:
        assert list((await stream.json())["error"]["fields"]) == ["mode"]

    assert stream.status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Token nonsense"},
        {"Authorization": "Token"},
        {"Authorization": "", "Cookie": "sessionid=nonsense"},
    ],
    ids=["anonymous", "wrong token", "empty token", "wrong session"],
)
async def test_who_is_not_signed_in_gets_401_before_a_byte(open_stream, headers):
    """Reliability 17."""
    async with open_stream(headers=headers) as stream:
        error = (await stream.json())["error"]

    assert (stream.status, error["code"]) == (401, "not_authenticated")


async def test_a_deactivated_user_gets_401(user, open_stream):
    """Reliability 17."""
    await User.objects.filter(pk=user.pk).aupdate(is_active=False)

    async with open_stream() as stream:
        await stream.body()

    assert stream.status == 401


async def test_a_foreign_run_and_one_that_does_not_exist_look_the_same(other, open_stream):
    """Reliability 17."""
    bodies = []
    foreign = await pooled(make_run)(other)
    for run_id in (foreign.pk, uuid.uuid4()):
        async with open_stream(run_id=run_id) as stream:
            bodies.append(await stream.body())
        assert stream.status == 404

    assert bodies[0] == bodies[1]


async def test_one_stream_too_many_is_refused_until_another_ends(open_stream, settings):
    """Reliability 20."""
    settings.STREAMS = {**settings.STREAMS, "MAX_CONNECTIONS_PER_USER": 2}

    async with open_stream() as first:
        await first.next()
        async with open_stream() as second:
            await second.next()
            async with open_stream() as third:
                error = (await third.json())["error"]
            held = slots.total
        async with open_stream() as fourth:
            await fourth.next()

    assert (third.status, error["code"], held) == (429, "too_many_streams", 2)
    assert int(third.headers["retry-after"]) > 0
    assert fourth.status == 200


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


def slow_and_sync(get_response):
    def middleware(request):
        response = get_response(request)
        response["X-Sync"] = "1"
        return response

    return middleware


async def test_gzip_conditional_get_and_sync_middleware_do_not_hold_a_stream_up(
    run, open_stream, settings
):
    """Reliability 13."""
    settings.MIDDLEWARE = [
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.http.ConditionalGetMiddleware",
        "tests.streams.test_views.slow_and_sync",
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

    def counted(row: log.Row, mode: profiles.Mode) -> str:
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
