"""Signal and pull: the stream says that there is something, and REST has it."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from chat import posting
from chat.models import ChatSession, Message
from streams import preferences
from streams.conf import StreamSettings
from streams.pool import pooled
from tests.acceptance.conftest import Open
from tests.api.contract import CheckedClient
from tests.chat.talking import ask, start, told, work_off
from tests.sse_client import Message as Told

pytestmark = pytest.mark.django_db(transaction=True)
SEED = {"type": "text", "content": "How many rows by month?", "display": None}


async def until_idle(opened: Any) -> list[Told]:
    """Return the signals up to the one that says that nothing goes on."""
    found: list[Told] = []
    while True:
        message = await opened.next()
        assert message is not None
        found.append(message)
        if message.type == "run_completed":
            return found


async def signals(open_path: Open, session: ChatSession, query: str = "") -> list[Told]:
    async with open_path(f"/contexts/{session.pk}/stream{query}") as opened:
        assert opened.status == 200
        return await until_idle(opened)


def of(messages: list[Told], type_: str) -> list[dict[str, Any]]:
    return [one.json for one in messages if one.type == type_]


def reply(session: ChatSession) -> Message:
    found: Message | None = Message.objects.filter(session=session, role="assistant").last()
    assert found is not None
    return found


@pytest.fixture
def asked(user: User) -> ChatSession:
    """A session in which one question was answered."""
    session = start(user)
    ask(session, "How many rows by month?")
    return session


async def test_signals_carry_no_text_and_what_they_name_can_be_pulled(
    open_path: Open, api: CheckedClient, asked: ChatSession
):
    """Rows 4-2, 4-3, 4-11, 4-12, 4-13, 4-15, 4-26; trap T11: unnamed, below 1 kB each."""
    async with open_path(f"/contexts/{asked.pk}/stream") as opened:
        found = await until_idle(opened)

    assert all(not {"content", "delta"} & set(one.json) for one in found)
    assert max(len(one.data) for one in found) < 400
    assert {one.event for one in found} == {""}
    deltas = of(found, "content_delta")
    assert [one["current_sequence"] for one in deltas] == list(range(1, len(deltas) + 1))
    (completed,) = of(found, "message_completed")
    assert completed["final_sequence"] == len(deltas)
    path = f"/contexts/{asked.pk}/messages/{completed['message_id']}/content"
    pulled = await sync_to_async(api.get)(path)
    assert pulled.json()["content"].startswith("You asked: How many rows by month?")
    assert pulled.json()["sequence"] == completed["final_sequence"]


async def test_both_paths_and_named_frames_tell_the_same(open_path: Open, asked: ChatSession):
    """Rows 4-4, 4-15; conflict C17."""
    plain = await signals(open_path, asked)
    async with open_path(f"/contexts/{asked.pk}/events?named=1") as opened:
        named = await until_idle(opened)

    assert [one.data for one in named[1:]] == [one.data for one in plain[1:]]
    assert all(one.event == one.type for one in named)


async def test_the_mode_is_chosen_for_a_connection_or_by_the_user(
    open_path: Open, api: CheckedClient, user: User, asked: ChatSession
):
    """Rows 4-16, 4-54, 4-55; conflict C3: the text is the same either way."""
    inline = of(await signals(open_path, asked, "?mode=inline"), "content_delta")
    text = "".join(one["content"] for one in inline)
    path = f"/contexts/{asked.pk}/messages/{inline[0]['message_id']}/content"
    assert (await sync_to_async(api.get)(path)).json()["content"] == text

    config = f"/contexts/{asked.pk}/config"
    changed = await sync_to_async(api.patch)(config, {"stream_mode": "inline"})
    assert changed.json()["stream_mode"] == "inline"
    chosen = await signals(open_path, asked)
    assert of(chosen, "content_delta") == inline
    assert of(chosen, "stream_opened")[0]["mode"] == "inline"
    assert await pooled(preferences.chosen)(user) == "inline"
    assert "content" not in of(await signals(open_path, asked, "?mode=signal"), "content_delta")[0]


async def test_a_typed_heartbeat_comes_while_nothing_happens(
    open_path: Open, asked: ChatSession, settings: Any
):
    """Rows 4-14, 4-28; conflict C20: every 15 s unless the installation says otherwise."""
    assert 15 <= StreamSettings().heartbeat_seconds <= 30
    settings.STREAMS = {**settings.STREAMS, "HEARTBEAT_SECONDS": 0.05}
    async with open_path(f"/contexts/{asked.pk}/stream") as opened:
        last = (await until_idle(opened))[-1]
        beats = [await opened.next() for _ in range(2)]

    for beat in beats:
        assert beat is not None
        assert set(beat.json) == {"type", "timestamp"}
        assert beat.type == "heartbeat"
        assert beat.id == last.id


async def test_what_was_sent_before_subscribing_is_not_lost(
    open_path: Open, api: CheckedClient, user: User
):
    """Rows 4-21, 4-22, 4-23; trap T12: send, answer, and only then subscribe."""
    session = await sync_to_async(start)(user)
    await sync_to_async(ask)(session, "An older question?")
    body = {"payload": SEED, "client_metadata": {"tab": 1}}
    sent = await sync_to_async(api.post)(f"/contexts/{session.pk}/messages", body)
    await sync_to_async(work_off)(session)

    without_cursor = await signals(open_path, session)
    with_cursor = await signals(open_path, session, f"?after={sent.json()['position']}")

    assert sent.status_code == 202
    for found in (without_cursor, with_cursor):
        first = of(found, "message_added")
        assert [one["message_id"] for one in first] == [sent.json()["message_id"]]
        assert len(of(found, "message_completed")) == 1
    message = await sync_to_async(Message.objects.get)(pk=sent.json()["message_id"])
    assert message.parts["metadata"] == {"tab": 1}


async def test_all_of_the_past_is_told_to_whoever_asks_for_it(open_path: Open, asked: ChatSession):
    """Row 4-1: the log has everything."""
    async with open_path(f"/contexts/{asked.pk}/stream?after=0") as opened:
        first = await until_idle(opened)
        rest = await until_idle(opened)

    assert of(first, "session_started")
    assert of(rest, "message_completed")
    ids = [int(one.id) for one in (first + rest)[1:]]
    log = await sync_to_async(told)(asked)
    assert ids == [one["position"] for one in log]


async def test_a_reconnect_goes_on_where_it_was(open_path: Open, asked: ChatSession):
    """Row 4-45; trap T17."""
    whole = await signals(open_path, asked)

    for cut in (3, len(whole) // 2, len(whole) - 2):
        async with open_path(f"/contexts/{asked.pk}/stream", last_id=whole[cut].id) as opened:
            rest = await until_idle(opened)
        assert [one.data for one in rest[1:]] == [one.data for one in whole[cut + 1 :]]
        assert rest[0].json["resume"] == "exact"


async def test_two_messages_in_two_sessions_and_two_in_one_do_not_mix(
    open_path: Open, user: User, asked: ChatSession
):
    """Row 4-44."""
    other = await sync_to_async(start)(user)
    for session in (asked, other, asked):
        await sync_to_async(posting.post_message)(session, "And now?", by=user)
    for session in (asked, other):
        await sync_to_async(work_off)(session)

    async with open_path(f"/contexts/{asked.pk}/stream?after=0") as opened:
        found = [one for _ in range(4) for one in await until_idle(opened)]

    assert {one.json["context_id"] for one in found} == {str(asked.pk)}
    order = [one.json["message_id"] for one in found if one.type == "content_delta"]
    assert order == sorted(order, key=list(dict.fromkeys(order)).index)
    assert len(set(order)) == 3


async def test_unknown_and_foreign_sessions_are_not_found(
    open_path: Open, stranger: CheckedClient, asked: ChatSession
):
    """Row 4-10; reliability 17."""
    async with open_path(f"/contexts/{uuid4()}/stream") as opened:
        assert (opened.status, (await opened.json())["error"]["code"]) == (404, "not_found")
    message = (await sync_to_async(reply)(asked)).pk
    base = f"/contexts/{asked.pk}"
    reads = ("messages", f"messages/{message}/content", f"messages/{message}/streaming-chunks")
    for path in (*reads, "state", "branches", "config"):
        answer = await sync_to_async(stranger.get)(f"{base}/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
    for path in ("messages", "actions/send_message", "branches", "tools/approve", "cancel"):
        answer = await sync_to_async(stranger.post)(f"{base}/{path}", {})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
