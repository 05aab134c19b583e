"""GET /datamodel/chat/stream: one message, one reply, however often a browser asks."""

from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from chat.models import ChatSession
from runs.models import Run
from tests.acceptance.conftest import Open
from tests.acceptance.operations import new_session, ready_session, run_of, upload
from tests.api import walking
from tests.api.server import Server
from tests.api.wire import proxy, stream
from tests.chat.talking import start, work_off
from tests.sse_client import Message

e2e = pytest.mark.e2e
database = pytest.mark.django_db(transaction=True)
THINKING = "🤔 Processing your request..."


def posted(server: Server, session_id: str) -> int:
    """Count what users have written in a session."""
    sql = "SELECT COUNT(*) FROM chat_message WHERE role = 'user' AND session_id = ?"
    return int(server.rows(sql, session_id.replace("-", ""))[0][0])


def calls(server: Server, session_id: str) -> list[tuple[Any, ...]]:
    """Return how often the engine was called for the replies of a session."""
    sql = (
        "SELECT s.name, s.restarts FROM runs_step s JOIN runs_run r ON r.id = s.run_id "
        "JOIN chat_chatsession c ON c.stream_id = r.stream_id "
        "WHERE r.kind = 'reply' AND c.id = ?"
    )
    return server.rows(sql, session_id.replace("-", ""))


def results(messages: list[Message]) -> list[Message]:
    return [one for one in messages if one.type == "chat_result"]


@database
async def test_the_first_message_comes_before_anybody_works_on_the_reply(
    open_path: Open, user: User
):
    """Rows 0-24, 0-16; trap T16: it is in the log, so a reconnect is told the same."""
    session = await sync_to_async(start)(user)

    async with open_path(f"/datamodel/chat/stream/{session.pk}?message=How%20many%3F") as opened:
        first = await opened.next()
        run = await sync_to_async(Run.objects.get)(kind="reply")

    assert first is not None
    assert first.json == {"type": "chat_progress", "message": THINKING}
    assert run.state == Run.State.QUEUED
    assert opened.headers["content-type"] == "text/event-stream; charset=utf-8"


@e2e
def test_a_reply_ends_with_exactly_one_result_which_is_the_whole_reply(ada: httpx.Client):
    """Rows 0-16, 0-29, 0-38."""
    started = ready_session(ada)

    with stream(ada, started["chat_url"], message="How many rows by month?") as opened:
        told = opened.rest()

    assert told[0].json["message"] == THINKING
    assert {one.type for one in told} == {"chat_progress", "chat_result"}
    assert results(told) == [told[-1]]
    reply = told[-1].json["data"]
    assert reply["status"] == "answered"
    assert reply["intent"]["intent_type"] == "PARTICULAR"
    last = walking.get(ada, f"/api/v1/sessions/{started['session_id']}/messages/")["results"][-1]
    assert last["text"] == reply["text"]


@e2e
def test_a_socket_cut_in_mid_turn_posts_nothing_twice(slow: Server):
    """Rows 0-17, 0-10; trap T2: one message, one call of the engine."""
    with slow.client("ada") as near:
        started = ready_session(near)
    query: dict[str, Any] = {"message": "How many rows by month?"}
    with proxy(slow.port) as line, slow.client("ada", port=line.port) as far:
        with stream(far, started["chat_url"], **query) as opened:
            told = [next(iter(opened)) for _ in range(2)]
            line.cut()
            with pytest.raises(httpx.HTTPError):
                told += opened.rest()
        with stream(far, started["chat_url"], last_id=told[-1].id, **query) as opened:
            told += opened.rest()

    assert len(results(told)) == 1
    ids = [int(one.id) for one in told]
    assert ids == sorted(set(ids))
    assert posted(slow, started["session_id"]) == 1
    assert calls(slow, started["session_id"]) == [("reply-1", 0)]


@e2e
def test_after_the_end_a_reconnect_stops_a_browser_and_a_new_request_asks_again(
    server: Server, ada: httpx.Client
):
    """Row 0-17; trap T5: with the cursor of the result, of the last frame, and with a key."""
    started = ready_session(ada)
    path = started["chat_url"]
    query: dict[str, Any] = {"message": "How many?"}
    with stream(ada, path, **query) as opened:
        told = opened.rest()
        end = opened.parser.last_id

    assert int(end) > int(told[-1].id)
    assert ada.get(path, params=query, headers={"Last-Event-ID": end}).status_code == 204
    with stream(ada, path, last_id=told[-1].id, **query) as opened:
        assert opened.rest() == []
        assert opened.parser.last_id == end
    assert posted(server, started["session_id"]) == 1
    for _ in range(2):
        with stream(ada, path, key="a key", **query) as opened:
            assert len(results(opened.rest())) == 1
    assert posted(server, started["session_id"]) == 2


@e2e
def test_two_messages_at_once_are_answered_one_after_the_other(slow: Server):
    """Rows 0-23, 4-44: queued, never interleaved."""
    with slow.client("ada") as client:
        started = ready_session(client)

        def ask(text: str) -> list[Message]:
            with stream(client, started["chat_url"], message=text) as opened:
                return opened.rest()

        told = walking.at_once([lambda: ask("One?"), lambda: ask("Two?")])
        native = f"/api/v1/sessions/{started['session_id']}/events/"
        log = client.get(native, headers={"Accept": "application/json"}).json()["events"]

    texts = [results(one)[0].json["data"]["text"] for one in told]
    assert [text.split("\n")[0] for text in texts] == ["You asked: One?", "You asked: Two?"]
    working = [one["run_id"] for one in log if one["type"] not in ("message_added", "run_state")]
    order = list(dict.fromkeys(working))
    assert working == sorted(working, key=order.index)
    assert len(order) == 3


@e2e
@pytest.mark.parametrize(
    "text", ["Zeile\nzwei\r\n\u2028 🥐 &=#+%", "é🥐" * 680], ids=["odd", "4 kB"]
)
def test_what_is_asked_in_an_address_survives_it_and_is_not_logged(slow: Server, text: str):
    """Row 0-18; reliability 24."""
    marked = f"{text} quokka"
    with slow.client("ada") as client:
        started = ready_session(client)
        with stream(client, f"{started['chat_url']}?message={quote(marked)}") as opened:
            assert len(results(opened.rest())) == 1
        found = walking.get(client, f"/api/v1/sessions/{started['session_id']}/messages/")

    assert found["results"][0]["text"] == marked
    assert "quokka" not in slow.output


@e2e
def test_a_session_begins_with_an_upload_a_list_or_a_demonstration(ada: httpx.Client):
    """Rows 0-5, 0-4, 0-8."""
    one, two = upload(ada), upload(ada)
    for connection, name in ((one, "sales.csv"), ([one, two], "sales.csv"), ("penguins", "pen")):
        started = new_session(ada, connection)
        assert started["connection_name"].startswith(name)
        assert started["connection_name"] in started["initialization_message"]
        with stream(ada, started["progress_url"]) as opened:
            told = opened.rest()
        assert {one.type for one in told[:-1]} == {"auto_init"}
        assert told[-1].json == {"type": "complete"}
        with stream(ada, started["progress_url"]) as opened:
            assert opened.rest() == told


@e2e
def test_the_polled_jobs_are_gone_and_say_what_is_there_instead(ada: httpx.Client):
    """Rows 0-11, 0-12."""
    for method in ("GET", "POST"):
        for path in ("/datamodel/chat/async", f"/datamodel/job/{uuid4()}"):
            answer = ada.request(method, path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (410, "gone")
            assert "/datamodel/chat/stream/" in answer.json()["error"]["message"]


@database
async def test_a_failure_is_one_error_then_the_end_and_tells_nothing_of_the_inside(
    open_path: Open, user: User
):
    """Row 0-30; trap T13."""
    session: ChatSession = await sync_to_async(start)(user)
    path = f"/datamodel/chat/stream/{session.pk}?message=Please%20fail"
    async with open_path(path) as opened:
        await opened.next()
        await sync_to_async(work_off)(session)
        told = await opened.rest()

    errors = [one.json for one in told if one.type == "error"]
    assert errors == [{"type": "error", "message": "Error: The script says that this fails."}]
    assert told[-1].json == errors[0]
    assert (await sync_to_async(Run.objects.get)(kind="reply")).state == "failed"
    assert str(Path(__file__).parent) not in str(errors)


@e2e
def test_the_newest_run_is_followed_at_its_own_address_as_well(ada: httpx.Client):
    """Row 0-1."""
    started = ready_session(ada)
    with stream(ada, started["chat_url"], message="How many?") as opened:
        told = opened.rest()
    run = run_of(ada, started["session_id"])

    with stream(ada, f"/api/v1/runs/{run}/events/", after=told[-2].id) as opened:
        assert told[-1].id in {one.id for one in opened.rest()}
