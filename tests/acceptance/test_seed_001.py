"""The insight chat: a reply as a task that is followed by its stream, by its status, or by both."""

import time
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from django.contrib.auth.models import User

from chat.models import ChatSession, Message
from chat.tasks import latest_session
from runs.models import Run
from tests.api import walking
from tests.api.contract import CheckedClient
from tests.api.server import Server
from tests.api.wire import proxy, stream
from tests.chat.talking import pending, start, work_off
from tests.factories import answer as decide
from tests.sse_client import Message as Told

e2e = pytest.mark.e2e
database = pytest.mark.django_db(transaction=True)
CONTINUE = {"action": "continue_conversation"}
NOT_FOUND = {"error": "Task not found"}
KEYS = {"status", "messages", "result", "error"}


def ask(client: Any, message: str = "How many rows by month?", **more: Any) -> walking.Json:
    answer = client.post("/api/chat", json={**CONTINUE, "message": message, **more})
    assert answer.status_code == 202, answer.text
    task: walking.Json = answer.json()
    return task


def post(api: CheckedClient, **body: Any) -> Any:
    return api.post("/api/chat", {**CONTINUE, **body})


def status(client: httpx.Client, task: walking.Json, **query: Any) -> walking.Json:
    return walking.get(client, task["status_url"], **query)


def settled(client: httpx.Client, task: walking.Json) -> walking.Json:
    """Return the status of a task that has ended."""
    with stream(client, task["stream_url"]) as opened:
        opened.rest()
    return status(client, task)


def shown(messages: list[Told]) -> list[walking.Json]:
    return [one.json for one in messages if one.type not in ("task", "task_result")]


@e2e
def test_a_task_is_started_at_once_and_followed_at_two_addresses(slow: Server):
    """Rows 1-15, 1-17, 1-18: while the engine has hardly begun."""
    with slow.client("ada") as client:
        task = ask(client)
        first = status(client, task)

        assert (task["type"], task["status"]) == ("task_started", "processing")
        assert UUID(task["task_id"]).version == 4
        assert first.keys() >= KEYS
        assert (first["status"], first["result"], first["error"]) == ("processing", None, None)
        assert first["poll_after_ms"] == 500
        last = settled(client, task)
    assert (last["status"], last["result"]["status"]) == ("completed", "answered")


@e2e
def test_messages_do_not_arrive_all_at_once(slow: Server):
    """Rows 1-1, 1-9, 1-34: each call of the engine is told by itself, with what it took."""
    with slow.client("ada") as client, stream(client, ask(client)["stream_url"]) as opened:
        arrived = [(round(time.monotonic(), 2), one.type) for one in opened]

    types = [type_ for _, type_ in arrived]
    assert len({moment for moment, _ in arrived}) >= 3
    assert types[0] == "task"
    assert types[-2:] == ["task_result", "task_completed"]
    order = ["intent_parsed", "query_executed", "insight_generated", "data_summary"]
    assert [one for one in types if one in order] == order


@e2e
def test_polling_alone_sees_the_messages_grow(slow: Server):
    """Rows 1-14, 1-20, 1-22; trap T9; conflict C1."""
    with slow.client("ada") as client:
        task = ask(client)
        seen: list[walking.Json] = []
        sizes = set()
        while True:
            now = status(client, task, after=seen[-1]["id"] if seen else 0)
            seen += now["messages"]
            sizes.add(len(seen))
            if now["status"] != "processing" and not now["messages"]:
                break
        whole = status(client, task)

    assert len(sizes) >= 3
    assert seen == whole["messages"]
    assert now["status"] == "completed"


@e2e
def test_a_stream_and_a_poll_of_the_same_task_show_the_same_messages(ada: httpx.Client):
    """Rows 1-24, 1-12; conflict C1: with the same ids, so that nothing is shown twice."""
    task = ask(ada)
    with stream(ada, task["stream_url"]) as opened:
        told = opened.rest()
    polled = status(ada, task)

    assert [one for one in shown(told) if one["type"] != "task_completed"] == polled["messages"]
    results = [one.json["result"] for one in told if one.type == "task_result"]
    assert results == [polled["result"]]
    for one in told[1:]:
        assert one.json["id"] == int(one.id)
    assert ada.get(task["stream_url"], headers={"Last-Event-ID": told[-1].id}).status_code == 204


@e2e
def test_a_killed_connection_resumes_without_loss_or_repetition(slow: Server):
    """Row 1-12."""
    with slow.client("ada") as near:
        task = ask(near)
    with proxy(slow.port) as line, slow.client("ada", port=line.port) as far:
        with stream(far, task["stream_url"]) as opened:
            told = [next(iter(opened)) for _ in range(4)]
            line.cut()
            with pytest.raises(httpx.HTTPError):
                told += opened.rest()
        with stream(far, task["stream_url"], last_id=told[-1].id) as opened:
            told += opened.rest()
        whole = status(far, task)

    assert [one for one in shown(told) if one["type"] != "task_completed"] == whole["messages"]


@e2e
def test_a_get_asks_once_however_often_it_is_sent(server: Server, ada: httpx.Client):
    """Row 1-9; conflict C8; trap T2: also if it names no session."""
    message = f"How many? {uuid4().hex}"
    for query in ({"message": message}, {"message": message, "session_id": ask(ada)["session_id"]}):
        with stream(ada, "/api/chat/stream", **query) as opened:
            first = opened.rest()
        with stream(ada, "/api/chat/stream", last_id=first[4].id, **query) as opened:
            again = opened.rest()

        assert first[0].json["task_id"] == again[0].json["task_id"]
        assert shown(first)[4:] == shown(again)
    asked = "SELECT COUNT(*) FROM streams_messagechunk WHERE text = ?"
    assert server.rows(asked, message) == [(2,)]


@database
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"message": "x"}, "action"),
        ({"action": "start_over", "message": "x"}, "action"),
        ({"action": None, "message": "x"}, "action"),
        ({**CONTINUE}, "message"),
        ({**CONTINUE, "message": " \n"}, "message"),
        ({**CONTINUE, "message": 7}, "message"),
        ({**CONTINUE, "message": "x" * 20_001}, "message"),
        ({**CONTINUE, "message": "x", "session_id": "none"}, "session_id"),
        ({**CONTINUE, "message": "x", "context": "none"}, "context"),
        ({**CONTINUE, "message": "x", "context": {"demo": "none"}}, "context"),
        ({**CONTINUE, "message": "x", "context": {"files": [str(uuid4())]}}, "context"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_wrong_body_is_refused_by_name(api: CheckedClient, body: Any, field: str):
    """Rows 1-16, 1-28: an action that is none is told those that are."""
    answer = api.post("/api/chat", body)

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]
    if field == "action":
        assert "continue_conversation" in answer.json()["error"]["fields"]["action"]
    assert Message.objects.count() == ChatSession.objects.count() == 0


@database
def test_without_a_session_the_latest_one_goes_on_or_a_first_one_begins(
    api: CheckedClient, user: User
):
    """Row 1-42: the conversation has one context."""
    first = post(api, message="One?").json()["session_id"]
    assert post(api, message="Two?").json()["session_id"] == first
    begun = post(api, message="Three?", context={"demo": "penguins"}).json()["session_id"]
    assert begun != first
    assert post(api, message="Four?").json()["session_id"] == begun
    assert post(api, message="Five?", context={"session_id": first}).json()["session_id"] == first

    session = ChatSession.objects.get(pk=first)
    work_off(session)
    assert latest_session(user) == session
    # What the engine is given of the turns before is in its notes on each.
    notes = Message.objects.filter(session=session, role="assistant").order_by("turn")
    assert [one.memory["question"] for one in notes] == ["One?", "Two?", "Five?"]


@database
def test_a_task_of_others_and_none_at_all_are_told_alike(
    api: CheckedClient, stranger: CheckedClient, anonymous: CheckedClient
):
    """Rows 1-17, 1-21; reliability 17."""
    task = post(api, message="One?").json()

    for client, task_id in ((stranger, task["task_id"]), (api, uuid4()), (api, "no id")):
        answer = client.get(f"/api/chat/status/{task_id}")
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert anonymous.get(task["status_url"]).status_code == 401
    foreign = stranger.post(
        "/api/chat", {**CONTINUE, "message": "x", "session_id": task["session_id"]}
    )
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (404, "not_found")


@database
def test_a_status_that_did_not_change_is_not_sent_again(api: CheckedClient):
    """Row 1-20."""
    task = post(api, message="Please call a tool").json()
    session = ChatSession.objects.get(pk=task["session_id"])
    first = api.get(task["status_url"])
    again = api.get(task["status_url"], headers={"If-None-Match": first["ETag"]})
    work_off(session)
    changed = api.get(task["status_url"], headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    for wrong in ("-1", "x", "1" * 30):
        assert api.get(f"{task['status_url']}?after={wrong}").status_code == 400


@database
def test_a_task_that_waits_for_a_person_is_processing_and_says_so(api: CheckedClient, user: User):
    """Row 1-19."""
    session = start(user, mode="act")
    task = post(api, message="Please call a tool", session_id=str(session.pk)).json()
    work_off(session)

    waiting = api.get(task["status_url"]).json()
    decide(pending(session))
    work_off(session)
    done = api.get(task["status_url"]).json()

    assert (waiting["status"], waiting["waiting"]) == ("processing", True)
    assert waiting["messages"][-1]["type"] == "waiting"
    assert waiting["gate"]["payload"]["calls"][0]["tool"] == "save_file"
    assert (done["status"], done["waiting"], done["gate"]) == ("completed", False, None)


@database
def test_an_error_is_told_in_words_that_can_be_shown(api: CheckedClient):
    """Rows 1-18, 1-26, 1-37."""
    task = post(api, message="Please fail").json()
    work_off(ChatSession.objects.get(pk=task["session_id"]))

    told = api.get(task["status_url"]).json()

    assert (told["status"], told["result"]) == ("error", None)
    assert told["error"] == "The script says that this fails."


@database
def test_each_output_of_the_engine_is_in_the_log(api: CheckedClient):
    """Rows 1-43, 1-30, 1-31: by name, with its payload and what it took."""
    task = post(api, message="How many?").json()
    work_off(ChatSession.objects.get(pk=task["session_id"]))

    told = {one["type"]: one for one in api.get(task["status_url"]).json()["messages"]}

    for name in ("intent_parsed", "query_executed", "insight_generated", "data_summary"):
        assert told[name]["name"] == name
        assert isinstance(told[name]["payload"], dict)
        assert told[name]["duration_ms"] >= 0
    assert told["intent_parsed"]["payload"]["intent_type"] == "PARTICULAR"
    assert told["insight_generated"]["payload"]["text"]


@database
def test_the_same_key_starts_one_task(api: CheckedClient):
    """Row 1-15."""
    key = {"Idempotency-Key": "one"}
    body = {**CONTINUE, "message": "One?", "context": {"demo": "penguins"}}

    first, second = (api.post("/api/chat", body, headers=key).json() for _ in "ab")

    assert first == second
    assert (ChatSession.objects.count(), Run.objects.filter(kind="reply").count()) == (1, 1)
