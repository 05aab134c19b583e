"""How a session is steered in the context dialect: settings, branches, and a stop."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User

from chat.models import ChatSession, Message
from runs.models import Run
from tests.api.contract import CheckedClient
from tests.chat.talking import ask, start, told, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


@pytest.fixture
def asked(user: User) -> ChatSession:
    session = start(user)
    ask(session, "First?")
    return session


def path(session: ChatSession, rest: str) -> str:
    return f"/contexts/{session.pk}/{rest}"


def test_the_mode_is_switched_and_the_log_says_by_whom(api: CheckedClient, asked: ChatSession):
    """Row 4-50."""
    changed = api.patch(path(asked, "config"), {"mode": "act"}).json()

    assert changed["mode"] == "act"
    (switched,) = told(asked, "mode_switched")
    assert switched["data"] == {"mode": "act", "by": "ada"}
    assert Message.objects.filter(session=asked, role="system").count() == 1
    assert api.get(path(asked, "state")).json()["mode"] == "act"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"mode": "fly"}, "mode"),
        ({"auto_approve": "save_file"}, "auto_approve"),
        ({"auto_approve": ["save file"]}, "auto_approve"),
        ({"auto_approve": ["x"] * 51}, "auto_approve"),
        ({"stream_mode": "loud"}, "stream_mode"),
    ],
    ids=str,
)
def test_a_wrong_setting_changes_nothing(
    api: CheckedClient, asked: ChatSession, body: Any, field: str
):
    """Rows 4-50, 4-54; reliability 20."""
    before = api.get(path(asked, "config")).json()

    answer = api.patch(path(asked, "config"), {"mode": "act", **body})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    assert api.get(path(asked, "config")).json() == before


def test_signals_are_what_this_dialect_gives_a_user_who_chose_nothing(
    api: CheckedClient, asked: ChatSession
):
    """Row 4-54."""
    assert api.get(path(asked, "config")).json()["stream_mode"] == "signal"
    assert api.patch(path(asked, "config"), {}).json()["stream_mode"] == "signal"


def test_a_branch_is_parted_shown_and_merged(api: CheckedClient, asked: ChatSession):
    """Row 4-51: the signals say which is shown."""
    first = Message.objects.filter(session=asked, role="user").get()
    made = api.post(path(asked, "branches"), {"from_message": str(first.pk), "name": "other"})
    shown = api.post(path(asked, "branches/switch"), {"branch": "other"}).json()
    ask(ChatSession.objects.get(pk=asked.pk), "Second?")
    merged = api.post(path(asked, "branches/merge"), {"source": "other", "target": "main"})

    assert made.status_code == 201
    assert shown["current_branch"] == made.json()["id"]
    assert [one["name"] for one in api.get(path(asked, "branches")).json()["branches"]] == [
        "main", "other",
    ]  # fmt: skip
    assert merged.json()["turns"] == 1
    texts = [
        one["text"].split("\n")[0]
        for one in api.get(path(asked, "messages"), {"branch": "main"}).json()["messages"]
    ]
    assert texts == ["First?", "You asked: First?", "Second?", "You asked: Second?"]
    types = ("branch_created", "branch_switched", "branch_merged")
    assert [one["type"] for one in told(asked, *types)] == list(types)


def test_turns_are_picked_from_a_branch_into_the_one_that_is_shown(
    api: CheckedClient, asked: ChatSession
):
    """Row 4-51: cherry-pick; without a target, what is shown."""
    api.post(path(asked, "branches"), {"name": "other"})
    api.post(path(asked, "branches/switch"), {"branch": "other"})
    session = ChatSession.objects.get(pk=asked.pk)
    ask(session, "Second?")
    ask(session, "Third?")
    picked = Message.objects.filter(session=asked, role="user").order_by("turn").last()
    assert picked is not None
    api.post(path(asked, "branches/switch"), {"branch": "main"})

    body = {"source": "other", "messages": [str(picked.pk)]}
    assert api.post(path(asked, "branches/merge"), body).json()["turns"] == 1

    (merged,) = told(asked, "branch_merged")
    assert merged["data"]["how"] == "cherry_pick"
    newest = api.get(path(asked, "messages")).json()["messages"][-2]
    assert newest["text"] == "Third?"


@pytest.mark.parametrize(
    ("rest", "body", "status"),
    [
        ("branches/switch", {"branch": "none"}, 404),
        ("branches/switch", {}, 400),
        ("branches/merge", {"source": "main", "target": "main"}, 400),
        ("branches/merge", {"source": "none"}, 404),
        ("branches", {"name": "main"}, 400),
        ("branches", {"from_message": "none"}, 400),
    ],
    ids=str,
)
def test_a_branch_that_cannot_be_is_refused(
    api: CheckedClient, asked: ChatSession, rest: str, body: Any, status: int
):
    """Row 4-51."""
    assert api.post(path(asked, rest), body).status_code == status
    assert asked.branches.count() == 1


def test_a_stop_keeps_the_text_so_far_and_marks_it(api: CheckedClient, user: User):
    """Rows 4-32, 4-43."""
    session = start(user, mode="act")
    ask(session, "Please call a tool")

    stopped = api.post(path(session, "cancel"))
    again = api.post(path(session, "cancel"), {})

    assert (stopped.status_code, stopped.json()["current_state"]) == (202, "idle")
    assert Run.objects.get(pk=stopped.json()["run_id"]).state == "cancelled"
    assert (again.status_code, again.json()["run_id"]) == (202, None)
    last = api.get(path(session, "messages")).json()["messages"][-1]
    assert (last["status"], last["text"]) == ("cancelled", "A file has to be written for this. ")
    assert told(session, "message_ended")[0]["data"]["status"] == "cancelled"


def test_one_of_several_messages_is_taken_back_before_its_turn(api: CheckedClient, user: User):
    """Row 4-32."""
    session = start(user, mode="act")
    ask(session, "Please call a tool")
    sent = api.post(path(session, "messages"), {"content": "Second?"}).json()

    stopped = api.post(path(session, "cancel"), {"run_id": sent["run_id"]})

    assert stopped.json()["run_id"] == sent["run_id"]
    assert stopped.json()["current_state"] == "waiting_approval"
    work_off(session)
    assert told(session, "message_started")[-1]["data"]["turn"] == 1


def test_a_run_of_another_session_cannot_be_stopped_here(
    api: CheckedClient, user: User, asked: ChatSession
):
    """Rows 4-10, 4-32."""
    waiting = ask(start(user), "Please ask me")

    answer = api.post(path(asked, "cancel"), {"run_id": str(waiting.pk)})

    assert answer.status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_whoever_may_only_look_changes_nothing(
    stranger: CheckedClient, other: User, asked: ChatSession
):
    """Row 4-10; reliability 17."""
    other.user_permissions.add(Permission.objects.get(codename="view_run"))
    waiting = ask(asked, "Please ask me")
    assert stranger.get(path(asked, "state")).status_code == 200

    changes: list[tuple[str, str, Any]] = [
        ("post", "messages", {"content": "x"}),
        ("post", "branches", {}),
        ("post", "branches/switch", {"branch": "main"}),
        ("post", "branches/merge", {"source": "main"}),
        ("patch", "config", {"mode": "act"}),
        ("post", "cancel", {}),
    ]
    for method, rest, body in changes:
        answer = getattr(stranger, method)(path(asked, rest), body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden"), rest
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
