"""What else the terminal does with chats: follow, list, show, bring files, say what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User

from chat import actions, posting
from chat.models import ChatSession, Message
from files.models import Upload
from tests.chat.talking import ask, start
from tests.runs.fake_console import FakeConsole, cairn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def new(console: FakeConsole, *words: str) -> int:
    return cairn(console, "chat", "new", "--engine", "scripted", *words)


def chat(console: FakeConsole, *words: str, user: str = "ada") -> int:
    return cairn(console, "chat", *words, user=user)


def test_a_session_is_followed_from_where_one_left_it(user: User):
    """Row 4-27."""
    session = start(user, mode="act")
    ask(session, "First?")
    ask(session, "Please call a tool")
    whole, rest = FakeConsole(), FakeConsole()

    codes = [
        chat(whole, "follow", "last", "--json"),
        chat(rest, "follow", "last", "--json", "--after", "10"),
    ]

    events = [line for line in whole.output.splitlines() if '"position"' in line]
    again = [line for line in rest.output.splitlines() if '"position"' in line]
    assert codes == [3, 3]
    assert again == events[10:]
    assert {json.loads(one)["session_id"] for one in events} == {str(session.pk)}


def test_following_shows_what_others_say(user: User, other: User):
    other.user_permissions.add(Permission.objects.get(codename="view_run"))
    session = start(user, mode="act")
    actions.switch_mode(session, "plan", by=user)
    ask(session, "First?")
    actions.switch_mode(session, "act", by=user)
    ask(session, "Please call a tool")
    console = FakeConsole()

    code = chat(console, "follow", str(session.pk), "--no-input", user="grace")

    assert code == 3
    assert "ada: First?" in console.output
    assert "The mode is plan now (by ada)." in console.output
    assert "May save_file run?" in console.output


def test_files_of_this_machine_are_data_and_are_kept_once(user: User, tmp_path: Path):
    sales = tmp_path / "sales.csv"
    sales.write_text("region,amount\nNorth,10\nSouth,20\n")

    codes = [new(FakeConsole(), str(sales), "--ask", "How many?") for _ in range(2)]

    assert codes == [0, 0]
    assert Upload.objects.get().name == "sales.csv"
    assert ChatSession.objects.filter(data_set__name="sales.csv").count() == 2


def test_a_file_is_brought_along_to_refer_to(user: User, tmp_path: Path):
    """Row 4-47."""
    start(user)
    (tmp_path / "notes.md").write_text("# Notes\n")

    code = chat(
        FakeConsole(), "ask", "last", "What is in @notes.md?",
        "--file", str(tmp_path / "notes.md"),
    )  # fmt: skip

    assert code == 0
    asked = Message.objects.get(role="user")
    assert asked.parts["references"][0]["path"] == "notes.md"


def test_chats_are_listed_and_shown(user: User, other: User):
    session = start(user, title="Birds of the ice")
    ask(session, "How many rows by month?")
    start(other, title="Birds of grace")
    listed, shown, model = FakeConsole(), FakeConsole(), FakeConsole()

    codes = [
        chat(listed, "list", "--search", "birds"),
        chat(shown, "show", str(session.pk)[:8]),
        chat(model, "show", "last", "--model"),
    ]

    assert codes == [0, 0, 0]
    assert "Birds of the ice" in listed.output
    assert "grace" not in listed.output
    assert "ada: How many rows by month?" in shown.output
    assert "SQL: SELECT" in shown.output
    assert "tables:\n- name: script" in model.output


def test_who_may_not_write_is_told_so_and_strangers_find_nothing(user: User, other: User):
    """Row 0-21."""
    session = start(user)
    stranger, guest = FakeConsole(), FakeConsole()

    code = chat(stranger, "ask", str(session.pk), "Mine?", user="grace")
    other.user_permissions.add(Permission.objects.get(codename="view_run"))
    guests = chat(guest, "ask", str(session.pk), "Mine?", user="grace")

    assert (code, guests) == (2, 1)
    assert "There is no chat" in stranger.complaints
    assert "Only the chat's owner" in guest.complaints
    assert session.messages.count() == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("new", "--demo", "walruses"), "There is no demonstration data 'walruses'"),
        (("new", "/nowhere/sales.csv"), "cannot be read"),
        (("new", "a.csv", "--demo", "penguins"), "not both"),
        (("ask", "last", "Hello?"), "There is no chat yet"),
        (("open", "zzzz"), "is no id"),
        (("new", "--title", "x" * 300), "title may have at most 200"),
    ],
)
def test_wrong_usage_is_said_in_one_line(user: User, words: tuple[str, ...], complaint: str):
    console = FakeConsole()

    assert chat(console, *words) == 2
    assert complaint in console.complaints


def test_a_wrong_question_is_said_and_the_next_one_taken(user: User):
    console = FakeConsole("What is in @../secret.txt?", "Hello?", "/quit")

    assert new(console) == 0
    assert "leaves the session's folder" in console.output
    assert "You asked: Hello?" in console.output


def test_text_from_people_cannot_command_the_terminal(user: User):
    """Reliability 22."""
    session = start(user)
    posting.post_message(session, "Go\x1b]0;owned\x07 on", by=user)
    console = FakeConsole(is_terminal=True)
    console.has_color = False

    chat(console, "ask", "last", "And?")

    assert "\x1b]" not in console.output
    assert "\x07" not in console.output
