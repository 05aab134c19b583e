"""A stream over HTTP: how it starts, what it carries, how it ends, and who is refused."""

import uuid

import pytest
from django.contrib.auth.models import User

from runs.models import Run
from streams.limits import slots
from streams.pool import pooled
from tests.factories import Noted, Said, make_run, register
from tests.streams.views_support import CURSORS, append, trim, write

pytestmark = pytest.mark.django_db(transaction=True)


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
        "no_progress_seconds": 300,
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

    resumed = {"resume": "gap", "from": 3, "to": 5, "position": 5}
    assert {name: first.json["data"][name] for name in resumed} == resumed
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
    await write(run, 400)  # so many that the reader cannot be through before they are cleared

    async with open_stream() as stream:
        await stream.next()
        await stream.next()
        await trim(run.stream_id, keep_from=397)
        await append(run.stream_id, [Noted()], close=True)
        messages = await stream.rest()

    gaps = [message for message in messages if message.type == "gap"]
    positions = [message.json["position"] for message in messages if not message.is_control]
    assert len(gaps) == 1
    told = gaps[0].json["data"]
    assert gaps[0].id == str(told["to"])
    assert positions == [*range(2, told["from"]), *range(told["to"] + 1, 402)]


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

    assert chunks == [b": hb\n"] * 2


async def test_a_browser_that_comes_back_after_the_end_is_told_to_stop(run, open_stream):
    await write(run, 3, close=True)

    async with open_stream(Last_Event_ID="3") as stream:
        body = await stream.body()

    assert (stream.status, body) == (204, b"")


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
