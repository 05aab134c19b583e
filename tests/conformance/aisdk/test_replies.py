"""Replies in a chat of npm `ai` 6.0.326, unmodified, from a real server."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.server import Server
from tests.api.wire import proxy
from tests.conformance.aisdk.chatting import answer_of, chatting, reply, text, tool

pytestmark = pytest.mark.e2e
ASK = "How many rows by month?"


def body(chat_id: str, message: str = "m1", said: str = ASK, **more: Any) -> dict[str, Any]:
    parts = [{"type": "text", "text": said}]
    return {"id": chat_id, "messages": [{"id": message, "role": "user", "parts": parts}], **more}


def post(client: httpx.Client, **given: Any) -> httpx.Response:
    return client.post("/ai-sdk/chat", json={"demo": "penguins", **given})


def start_of(response: httpx.Response) -> str:
    assert response.text.count('"type":"start",') == 1, response.text
    return response.text.partition('"messageId":"')[2][:36]


def test_a_new_chat_about_demonstration_data_is_answered(server: Server, ada: httpx.Client):
    with chatting(server, demo="penguins") as chat:
        line = chat.send(ASK)
    answer, message = answer_of(line), reply(line)

    assert (line["status"], line.get("error")) == ("ready", None)
    assert answer["types"][0] == "start"
    assert answer["types"][-2:] == ["finish-step", "finish"]
    assert text(message).startswith(f"You asked: {ASK}")
    assert {one.get("state", "done") for one in message["parts"]} == {"done"}
    assert message["metadata"]["run_id"] == message["id"]
    assert message["metadata"]["status"] == "answered"
    parts = {one["type"]: one for one in message["parts"]}
    assert {"data-intent", "data-query", "data-insight", "data-summary"} <= set(parts)
    assert parts["data-progress"]["data"]["progress"] == 100
    session = message["metadata"]["session_id"]
    kept = ada.get(f"/api/v1/sessions/{session}/messages/").json()["results"]
    assert [one["text"] for one in kept] == [ASK, text(message)]


def test_a_session_that_exists_goes_on_under_its_own_id(server: Server, ada: httpx.Client):
    session = ada.post("/api/v1/sessions/", json={"demo": "penguins"}).json()["id"]
    with chatting(server, chat_id=session) as chat:
        first, second = chat.send(ASK), chat.send("And by year?")

    assert reply(first)["metadata"]["session_id"] == session
    assert text(reply(second)).startswith("You asked: And by year?")
    assert len(second["messages"]) == 4
    kept = ada.get(f"/api/v1/sessions/{session}/messages/").json()["results"]
    assert [one["turn"] for one in kept] == [1, 1, 2, 2]


def test_the_same_message_sent_by_many_at_once_is_answered_once(server: Server):
    chat_id = uuid4().hex

    def send(_: int) -> str:
        with server.client("ada") as client:
            return start_of(post(client, **body(chat_id)))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(send, range(4)))

    assert len(set(found)) == 1
    kept = server.rows(
        "SELECT COUNT(*) FROM runs_run WHERE kind = 'reply' AND stream_id ="
        " (SELECT stream_id FROM runs_run WHERE id = ?)",
        found[0].replace("-", ""),
    )
    assert kept == [(1,)]


def test_an_error_ends_the_stream_and_says_why(server: Server):
    with chatting(server, demo="penguins") as chat:
        line = chat.send("Please fail")

    assert answer_of(line)["types"][-1] == "error"
    assert line["status"] == "error"
    assert line["error"] == "The script says that this fails."


def test_a_reply_is_made_again_and_the_first_one_is_kept(server: Server, ada: httpx.Client):
    with chatting(server, demo="penguins") as chat:
        first = chat.send(ASK)
        second = chat.do("regenerate")
        third = chat.do("regenerate", messageId=reply(second)["id"])

    ids = {reply(one)["id"] for one in (first, second, third)}
    assert len(ids) == 3
    assert len(third["messages"]) == 2
    assert text(reply(third)) == text(reply(first))
    session = reply(first)["metadata"]["session_id"]
    assert len(ada.get(f"/api/v1/sessions/{session}/branches/").json()["branches"]) == 3


def test_two_clicks_on_make_again_make_one(ada: httpx.Client):
    chat_id = uuid4().hex
    first = start_of(post(ada, **body(chat_id)))
    again = {"trigger": "regenerate-message", "messageId": first}
    second, third = (start_of(post(ada, **body(chat_id, **again))) for _ in range(2))

    assert second == third != first


def test_a_message_is_edited_on_a_branch_and_edited_back(server: Server, ada: httpx.Client):
    with chatting(server, demo="penguins") as chat:
        first = chat.send(ASK)
        message = first["messages"][0]["id"]
        second = chat.send("And by year?", messageId=message)
        third = chat.send(ASK, messageId=message)

    assert text(reply(second)).startswith("You asked: And by year?")
    assert text(reply(third)).startswith(f"You asked: {ASK}")
    session = reply(first)["metadata"]["session_id"]
    shown = ada.get(f"/api/v1/sessions/{session}/messages/").json()["results"]
    assert [one["text"] for one in shown] == [ASK, text(reply(third))]


def test_a_cancelled_reply_ends_with_abort_and_keeps_its_text(slow: Server):
    with chatting(slow, demo="penguins") as chat, slow.client("ada") as ada:
        chat.tell("send", text=ASK)
        cancel = chat.wait_chunk("start")["messageMetadata"]["cancel_url"]
        chat.wait_chunk("text-delta")
        assert ada.post(cancel).status_code == 202
        line = chat.done()

    answer = answer_of(line)
    assert answer["types"][-1] == "abort"
    assert line["status"] == "ready"
    said = text(reply(line))
    assert said
    assert f"You asked: {ASK}\n\nword1".startswith(said[:20])
    assert "word25" not in said
    assert {one.get("state", "done") for one in reply(line)["parts"]} == {"done"}


def test_a_client_that_stops_listening_stops_nothing_and_comes_back(slow: Server):
    with chatting(slow, demo="penguins") as chat:
        chat.tell("send", text=ASK)
        chat.wait_chunk("text-delta")
        chat.tell("stop")
        stopped = chat.done("send")
        resumed = chat.do("resume")

    assert stopped["status"] == "ready"
    assert answer_of(resumed)["types"][0] == "start"
    assert text(reply(resumed)).endswith("word25")
    assert reply(resumed)["id"] == reply(stopped)["id"]
    assert len(resumed["messages"]) == 2


def test_a_cut_connection_is_resumed_by_a_replay_of_the_whole_reply(slow: Server):
    """Reliability 11: nothing lost, nothing twice."""
    with proxy(slow.port) as line, chatting(slow, demo="penguins", port=line.port) as chat:
        chat.tell("send", text=ASK)
        chat.wait_chunk("text-delta")
        line.cut()
        broken = chat.done("send")
        resumed = chat.do("resume")
        message = reply(resumed)
        with slow.client("ada") as ada:
            session = message["metadata"]["session_id"]
            kept = ada.get(f"/api/v1/sessions/{session}/messages/").json()["results"]
        nothing = chat.do("resume")

    assert broken["status"] == "error"
    assert not broken["answers"][0]["done"]
    assert answer_of(resumed)["types"][-1] == "finish"
    assert text(message) == kept[-1]["text"]
    assert [one["type"] for one in message["parts"]].count("step-start") == 1
    assert [one["status"] for one in nothing["answers"]] == [204]
    assert nothing["messages"] == resumed["messages"]


def test_two_clients_read_the_same_reply_at_once(slow: Server):
    with chatting(slow, demo="penguins") as one:
        one.tell("send", text=ASK)
        one.wait_chunk("start")
        with chatting(slow, chat_id=one.id) as other:
            there = other.do("resume")
        here = one.done()

    assert reply(here) == reply(there)


def test_a_page_that_is_opened_again_goes_on_with_the_conversation(
    server: Server, ada: httpx.Client
):
    """Reload: what was said comes from the server, under ids that can be asked again and edited."""
    with chatting(server, demo="penguins", mode="act") as chat:
        first = chat.send(ASK)
        waiting = chat.send("Please call a tool")
        asked = reply(waiting)
    said = ada.get(f"/ai-sdk/chat/{chat.id}").json()["messages"]
    with chatting(server, chat_id=chat.id, messages=said) as later:
        resumed = later.do("resume")
        done = later.approve(tool(reply(resumed))["approval"]["id"])
        again = later.do("regenerate", messageId=said[1]["id"])
        edited = later.send("And by year?", messageId=said[0]["id"])

    assert [one["role"] for one in said] == ["user", "assistant", "user"]
    assert text(said[1]) == text(reply(first))
    assert said[1]["id"] == reply(first)["id"]
    assert [one["id"] for one in resumed["messages"]] == [*(one["id"] for one in said), asked["id"]]
    kept = ada.get(f"/ai-sdk/chat/{chat.id}").json()["messages"]
    assert tool(reply(done))["state"] == "output-available"
    assert (len(again["messages"]), text(reply(again))) == (2, text(said[1]))
    assert text(reply(edited)).startswith("You asked: And by year?")
    assert [text(one) for one in kept] == ["And by year?", text(reply(edited))]


def test_a_conversation_tells_of_calls_that_ran(server: Server, ada: httpx.Client):
    with chatting(server, demo="penguins", mode="act") as chat:
        line = chat.send("Please call a tool")
        done = chat.approve(tool(reply(line))["approval"]["id"])
    said = ada.get(f"/ai-sdk/chat/{chat.id}").json()["messages"]
    with server.client("grace") as grace:
        unseen = grace.get(f"/ai-sdk/chat/{chat.id}").json()["messages"]

    assert [one["id"] for one in said][1:] == [reply(done)["id"]]
    assert text(said[1]) == text(reply(done))
    assert tool(said[1])["output"] == tool(reply(done))["output"]
    assert unseen == []
