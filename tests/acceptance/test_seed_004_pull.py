"""What the context dialect pulls and decides over REST: text, state, branches, approvals."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat import states
from chat.models import ChatSession, Message
from runs.models import Gate, Run
from streams import log
from streams.events import ContentDelta
from streams.models import MessageChunk
from tests.api.contract import CheckedClient
from tests.chat.talking import ask, pending, start, told, work_off

NOBODYS = "00000000-0000-4000-8000-000000000000"  # an id that nothing has
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


@pytest.fixture
def asked(user: User) -> ChatSession:
    session = start(user)
    ask(session, "How many rows by month?")
    return session


def reply(session: ChatSession) -> Message:
    found: Message | None = Message.objects.filter(session=session, role="assistant").last()
    assert found is not None
    return found


def path(session: ChatSession, rest: str = "") -> str:
    return f"/contexts/{session.pk}/{rest}"


def content(session: ChatSession, message: Any = None) -> str:
    return path(session, f"messages/{message or reply(session).pk}/content")


def test_text_after_a_sequence_is_what_came_after_it(api: CheckedClient, asked: ChatSession):
    """Rows 4-5, 4-6, 4-7; trap T11: a table, with 0 for everything."""
    whole = api.get(content(asked)).json()
    last = whole["sequence"]
    chunks = [one.text for one in MessageChunk.objects.filter(message_id=reply(asked).pk)]

    assert whole.keys() >= {"context_id", "message_id", "sequence", "content"}
    assert (whole["context_id"], whole["message_id"]) == (str(asked.pk), str(reply(asked).pk))
    assert last == len(chunks) > 1
    for after in range(last + 1):
        page = api.get(content(asked), {"from_sequence": after}).json()
        assert (page["content"], page["sequence"]) == ("".join(chunks[after:]), last)
    beyond = api.get(content(asked), {"from_sequence": last + 5}).json()
    assert (beyond["content"], beyond["sequence"], beyond["completed"]) == ("", last, True)


@pytest.mark.parametrize("given_", ["-1", "NaN", "1.5", "", "x", "1e3", "9" * 12, " 1", "+1"])
@pytest.mark.parametrize("what", ["content", "streaming-chunks"])
def test_a_sequence_that_is_no_number_is_refused(
    api: CheckedClient, asked: ChatSession, given_: str, what: str
):
    """Row 4-6."""
    address = path(asked, f"messages/{reply(asked).pk}/{what}")

    answer = api.get(f"{address}?from_sequence={given_}")

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["from_sequence"])


def test_a_message_that_has_no_text_yet_is_empty_and_not_unknown(
    api: CheckedClient, asked: ChatSession
):
    """Row 4-6: the signal that it began may come before its first chunk."""
    branch = asked.active_branch
    began = Message.objects.create(
        session=asked, branch=branch, turn=9, role="assistant", status="streaming"
    )

    page = api.get(content(asked, began.pk)).json()

    assert (page["content"], page["sequence"], page["completed"]) == ("", 0, False)
    assert api.get(content(asked, uuid4())).status_code == 404


def test_the_text_of_another_session_is_not_found_here(
    api: CheckedClient, user: User, asked: ChatSession
):
    """Row 4-10."""
    other = start(user)

    assert api.get(content(other, reply(asked).pk)).status_code == 404


def test_large_text_comes_in_pages_and_in_its_pieces(api: CheckedClient, asked: ChatSession):
    """Row 4-9."""
    whole = api.get(content(asked)).json()["content"]
    pages, chunks, after = "", [], 0
    while True:
        query = {"from_sequence": after, "limit": 3}
        page = api.get(content(asked), query).json()
        pieces = api.get(path(asked, f"messages/{reply(asked).pk}/streaming-chunks"), query).json()
        assert pieces["has_more"] == page["has_more"]
        assert len(pieces["chunks"]) <= 3
        pages += page["content"]
        chunks += pieces["chunks"]
        after = page["sequence"]
        if not page["has_more"]:
            break

    assert pages == "".join(one["delta"] for one in chunks) == whole
    assert [one["sequence"] for one in chunks] == list(range(1, pieces["current_sequence"] + 1))
    assert api.get(content(asked), {"limit": 0}).status_code == 400


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=12), st.data())
def test_pulls_from_anywhere_join_to_the_whole_text(
    api: CheckedClient, asked: ChatSession, texts: list[str], data: st.DataObject
):
    """Row 4-8: sequences rise by one, and no pull leaves anything out."""
    message = uuid4()
    deltas = [
        ContentDelta(message_id=message, sequence=number, content=text)
        for number, text in enumerate(texts, 1)
    ]
    log.append(asked.stream_id, deltas)
    pulled, after = "", 0
    while after < len(texts):
        limit = data.draw(st.integers(1, 5))
        page = api.get(content(asked, message), {"from_sequence": after, "limit": limit}).json()
        assert after < page["sequence"] <= after + limit
        pulled, after = pulled + page["content"], page["sequence"]

    assert pulled == "".join(texts).replace("\x00", "\ufffd")


@pytest.mark.parametrize("route", ["messages", "actions/send_message"])
@pytest.mark.parametrize(
    "body",
    [
        {"payload": {"type": "text", "content": "Go on?", "display": None}, "client_metadata": {}},
        {"content": "Go on?", "branch": "main"},
        {"content": "Go on?"},
    ],
    ids=["payload", "branch", "content"],
)
def test_a_message_is_taken_in_each_of_its_forms(
    api: CheckedClient, asked: ChatSession, route: str, body: Any
):
    """Rows 4-21, 4-22; conflict C17."""
    answer = api.post(path(asked, route), body)

    assert answer.status_code == 202
    taken = answer.json()
    assert taken["stream_url"] == path(asked, f"stream?after={taken['position']}")
    assert Run.objects.get(pk=taken["run_id"]).state == "queued"
    assert api.get(content(asked, taken["message_id"])).json()["content"] == "Go on?"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "content"),
        ({"payload": {"type": "text", "content": "a"}, "content": "b"}, "content"),
        ({"content": ""}, "content"),
        ({"content": "a\x00b"}, "content"),
        ({"content": "x" * 20_001}, "content"),
        ({"payload": {"type": "image", "content": "a"}}, "payload"),
        ({"payload": {"type": "text"}}, "payload"),
        ({"payload": "text"}, "payload"),
        ({"content": "a", "client_metadata": {"a": "x" * 3000}}, "client_metadata"),
        ({"content": "a", "client_metadata": []}, "client_metadata"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_message_is_refused_by_name(
    api: CheckedClient, asked: ChatSession, body: Any, field: str
):
    """Row 4-21; reliability 20."""
    answer = api.post(path(asked, "messages"), body)

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]
    assert Message.objects.filter(session=asked, role="user").count() == 1


def test_messages_are_pulled_whole_and_the_newest_first_when_there_are_many(
    api: CheckedClient, asked: ChatSession
):
    """Rows 4-1, 4-3."""
    ask(asked, "And then?")
    every = api.get(path(asked, "messages")).json()
    newest = api.get(path(asked, "messages"), {"limit": 2}).json()
    turn = newest["messages"][0]["turn"]
    earlier = api.get(path(asked, "messages"), {"before": turn}).json()

    assert [one["role"] for one in every["messages"]] == ["user", "assistant"] * 2
    assert (every["has_more"], newest["has_more"]) == (False, True)
    assert earlier["messages"] + newest["messages"] == every["messages"]
    assert every["position"] == told(asked)[-1]["position"]
    for wrong in ({"limit": 0}, {"limit": 201}, {"before": "x"}):
        assert api.get(path(asked, "messages"), wrong).status_code == 400
    assert api.get(path(asked, "messages"), {"branch": "none"}).status_code == 404


def test_the_state_says_what_goes_on_and_what_is_waited_for(api: CheckedClient, user: User):
    """Row 4-64."""
    session = start(user, is_ready=False, mode="act")
    work_off(session)
    idle = api.get(path(session, "state")).json()
    ask(session, "Please call a tool")
    waiting = api.get(path(session, "state")).json()

    assert (idle["current_state"], idle["can_send_message"]) == ("idle", True)
    assert idle["pending_tool_approvals"] == []
    assert (waiting["current_state"], waiting["can_send_message"]) == ("waiting_approval", False)
    (gate,) = waiting["pending_tool_approvals"]
    assert gate["payload"]["calls"][0]["tool"] == "save_file"
    assert gate["digest"] == pending(session).digest
    assert waiting["run_id"] == gate["run_id"]
    assert states.current(session).value == waiting["current_state"]


def approval(session: ChatSession, **body: Any) -> dict[str, Any]:
    return {"tool_call_ids": ["call-1"], "digest": pending(session).digest, **body}


@pytest.fixture
def waiting(user: User) -> ChatSession:
    session = start(user, mode="act")
    ask(session, "Please call a tool")
    return session


def test_a_tool_call_is_allowed_with_other_arguments(api: CheckedClient, waiting: ChatSession):
    """Rows 4-46, 4-49."""
    body = approval(waiting, approved=True, arguments={"call-1": {"path": "other.md"}})

    answer = api.post(path(waiting, "tools/approve"), body)
    again = api.post(path(waiting, "tools/approve"), {**body, "approved": False})
    work_off(waiting)

    assert (answer.status_code, answer.json()["decision"]) == (200, "approve")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already_decided")
    (started,) = told(waiting, "tool_call_started")
    assert started["data"]["arguments"] == {"path": "other.md"}


def test_a_tool_call_is_denied_with_a_reason(api: CheckedClient, waiting: ChatSession):
    """Row 4-49."""
    gate = pending(waiting)
    body = {"gate_id": str(gate.pk), "digest": gate.digest, "approved": False, "reason": "No."}

    assert api.post(path(waiting, "tools/approve"), body).json()["comment"] == "No."
    work_off(waiting)
    assert told(waiting, "tool_call_started") == []


def test_what_is_always_allowed_is_in_the_settings(api: CheckedClient, waiting: ChatSession):
    """Row 4-49."""
    api.post(path(waiting, "tools/approve"), approval(waiting, approved=True, always=True))

    config = api.get(path(waiting, "config")).json()
    assert config["auto_approve"] == ["save_file"]
    assert api.patch(path(waiting, "config"), {"auto_approve": []}).json()["auto_approve"] == []


@pytest.mark.parametrize(
    ("body", "status", "found"),
    [
        ({"digest": "0" * 64}, 409, "payload_changed"),
        ({"tool_call_ids": ["call-1", "call-2"]}, 400, "invalid"),
        ({"tool_call_ids": ["call-9"]}, 404, "not_found"),
        ({"tool_call_ids": []}, 400, "invalid"),
        ({"gate_id": NOBODYS}, 400, "invalid"),
        ({"arguments": {"call-9": {}}}, 400, "invalid"),
        ({"arguments": {"call-1": "x"}}, 400, "invalid"),
        ({"approved": "yes"}, 400, "invalid"),
    ],
    ids=str,
)
def test_only_what_was_shown_can_be_allowed(
    api: CheckedClient, waiting: ChatSession, body: dict[str, Any], status: int, found: str
):
    """Row 4-49; reliability 19."""
    answer = api.post(
        path(waiting, "tools/approve"), approval(waiting, **{"approved": True, **body})
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, found)
    assert Gate.objects.get().state == Gate.State.PENDING
