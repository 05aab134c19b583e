"""Messages over REST: say something, ask it again, ask something else."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from chat.models import Branch, Message
from runs.models import Run
from tests.api import made
from tests.api.chats import KEY, address, conversation, first_question
from tests.api.contract import CheckedClient
from tests.chat.talking import ask, start, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def test_a_message_is_answered_by_a_run_that_can_be_followed(api: CheckedClient, user: User):
    """Rows 1-7, 4-1; api.md, messages."""
    session = start(user)

    answer = api.post(address(session, "messages"), {"text": "How many rows by month?"})

    told = answer.json()
    assert answer.status_code == 201
    assert told["stream_url"] == f"/api/v1/runs/{told['run_id']}/events/"
    assert (told["turn"], told["branch"]) == (1, str(session.branch_id))
    work_off(session)
    assert api.get(f"/api/v1/runs/{told['run_id']}/").json()["state"] == "completed"
    assert conversation(api, session) == [
        "How many rows by month?",
        "You asked: How many rows by month?",
    ]
    page = api.get(told["stream_url"], headers={"Accept": "application/json"}).json()
    assert page["events"][-1]["type"] == "run_completed"


def test_a_message_says_which_run_it_waits_for(api: CheckedClient, user: User):
    """Row 0-23."""
    session = made.session(user)
    first = api.post(address(session, "messages"), {"text": "One?"}).json()
    second = api.post(address(session, "messages"), {"text": "Two?"}).json()

    initialise = Run.objects.get(kind="initialise")
    assert first["queued_behind"] == str(initialise.pk)
    assert second["queued_behind"] == first["run_id"]
    work_off(session)
    third = api.post(address(session, "messages"), {"text": "Three?"}).json()
    assert third["queued_behind"] is None


def test_the_same_key_says_it_once(api: CheckedClient, user: User):
    """Api.md, Idempotency-Key."""
    session, other = made.session(user), made.session(user)

    first, again = (
        api.post(address(session, "messages"), {"text": "Once?"}, headers=KEY) for _ in range(2)
    )
    elsewhere = api.post(address(other, "messages"), {"text": "Once?"}, headers=KEY)

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert session.messages.count() == other.messages.count() == 1
    assert elsewhere.json()["message_id"] != first.json()["message_id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t"}, "text"),
        ({"text": None}, "text"),
        ({"text": 7}, "text"),
        ({"text": ["x"]}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({"text": "What is in @../secret.txt?"}, "text"),
        ({"text": "What is in @notes.md?"}, "text"),
        ({"branch": 7}, "branch"),
        ({"branch": "a\x00"}, "branch"),
        ({"files": "x"}, "files"),
        ({"files": ["x"]}, "files"),
        ({"files": ["00000000-0000-0000-0000-000000000000"]}, "files"),
        ({"metadata": []}, "metadata"),
        ({"metadata": None}, "metadata"),
        ({"metadata": {"x": "a\x00"}}, "metadata"),
        ({"metadata": {"x\x00": 1}}, "metadata"),
        ({"metadata": {"x": ["\ud800"]}}, "metadata"),
        ({"metadata": {"x": "y" * 2_000}}, "metadata"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_wrong_message_names_the_field_and_is_not_kept(
    api: CheckedClient, user: User, body: dict[str, Any], field: str
):
    """Row 3-61; reliability 20."""
    session = made.session(user)

    answer = api.send(address(session, "messages"), {"text": "Fine?", **body})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (400, "invalid", [field])
    assert len(answer.content) < 600
    assert session.messages.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "  spaces stay\n",
        "<script>alert(1)</script>",
        "🐧" * 10_000,
        "'; DROP TABLE chat_message; --",
        "{{ 7 * 7 }} %s",
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_hostile_message_is_a_text_like_any_other(api: CheckedClient, user: User, text: str):
    """Reliability 22."""
    session = made.session(user)

    told = api.send(address(session, "messages"), {"text": text}).json()

    page = api.get(f"/api/v1/messages/{told['message_id']}/content/").json()
    assert page["content"] == text


def test_what_came_with_a_message_stays_with_it(api: CheckedClient, user: User):
    session = made.session(user)
    (session.workspace / "notes.md").write_text("one\ntwo\n")

    api.post(
        address(session, "messages"),
        {"text": "What is in @notes.md:2?", "metadata": {"client": "test"}},
    )

    (told,) = api.get(address(session, "messages")).json()["results"]
    assert told["parts"]["metadata"] == {"client": "test"}
    (reference,) = told["parts"]["references"]
    assert (reference["path"], reference["first_line"]) == ("notes.md", 2)
    assert "text" not in reference


def test_asking_again_parts_a_branch_that_is_shown_from_then_on(api: CheckedClient, user: User):
    """Row 4-51."""
    session = start(user)
    ask(session, "One?")
    ask(session, "Two?")
    asked = first_question(session)

    edited = api.post(address(session, "messages", str(asked.pk), "edit"), {"text": "Or one?"})

    told = edited.json()
    assert edited.status_code == 201
    work_off(session)
    assert told["branch"] == str(session.branch_id)
    assert conversation(api, session) == ["Or one?", "You asked: Or one?"]
    assert conversation(api, session, branch="main")[0] == "One?"
    assert len(conversation(api, session, branch="main")) == 4


def test_a_reply_is_retried_by_asking_its_question_again(api: CheckedClient, user: User):
    """Row 4-51."""
    session = start(user)
    ask(session, "One?")
    reply = session.messages.get(role=Message.Role.ASSISTANT)

    told = api.post(address(session, "messages", str(reply.pk), "retry")).json()

    work_off(session)
    assert told["branch"] == str(session.branch_id)
    assert conversation(api, session) == ["One?", "You asked: One?"]
    assert Message.objects.filter(session=session).count() == 4


@pytest.mark.parametrize(("what", "body"), [("edit", {"text": "Or?"}), ("retry", {})])
def test_the_same_key_asks_again_once(
    api: CheckedClient, user: User, what: str, body: dict[str, Any]
):
    """Api.md, Idempotency-Key."""
    session = made.session(user)
    path = address(session, "messages", str(made.message(session).pk), what)

    first, again = (api.post(path, body, headers=KEY) for _ in range(2))

    assert (first.status_code, first.json()) == (201, again.json())
    assert session.branches.count() == 2
    assert session.messages.count() == 2


@pytest.mark.parametrize("text", ["", "  ", None, 7, "x" * 20_001, "a\x00"])
def test_a_wrong_edit_names_the_field_and_parts_nothing(
    api: CheckedClient, user: User, text: object
):
    """Reliability 20."""
    session = made.session(user)
    asked = made.message(session)

    answer = api.post(address(session, "messages", str(asked.pk), "edit"), {"text": text})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["text"])
    assert session.branches.count() == 1


def test_messages_that_are_not_there_or_no_questions_are_not_asked_again(
    api: CheckedClient, user: User
):
    session, elsewhere = start(user), made.session(user)
    ask(session, "One?")
    reply = session.messages.get(role=Message.Role.ASSISTANT)
    foreign = made.message(elsewhere)

    answers = [
        api.post(address(session, "messages", str(uuid4()), "retry")),
        api.post(address(session, "messages", str(foreign.pk), "retry")),
        api.post(address(session, "messages", str(reply.pk), "edit"), {"text": "I did not say"}),
    ]

    assert {(one.status_code, one.json()["error"]["code"]) for one in answers} == {
        (404, "unknown_message")
    }
    assert Branch.objects.filter(session=session).count() == 1
