"""Chats in a terminal, at a console made of lists."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User

from chat import actions, posting
from chat.models import ChatSession, Message
from files.models import Upload
from runs.models import Gate, Run
from tests.chat.talking import ask, start, work_off
from tests.runs.fake_console import FakeConsole, cairn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def new(console: FakeConsole, *words: str) -> int:
    return cairn(console, "chat", "new", "--engine", "scripted", *words)


def chat(console: FakeConsole, *words: str, user: str = "ada") -> int:
    return cairn(console, "chat", *words, user=user)


def test_a_chat_begins_with_its_data_and_answers_with_what_was_executed(user: User):
    """Rows 0-4, 1-7, 1-30."""
    console = FakeConsole()

    code = new(console, "--demo", "penguins", "--ask", "How many rows by month?")

    assert code == 0
    for line in (
        "penguins: about penguins.",
        "The data is ready: penguins",
        "1 table, 2 columns, 3 rows",
        "- How many rows are there?",
        "you> How many rows by month?",
        "Intent: PARTICULAR",
        "SQL: SELECT",
        "3 rows.",
        "You asked: How many rows by month?",
    ):
        assert line in console.output, line
    assert console.output.count("How many rows by month?") == 2
    assert "\x1b" not in console.output
    assert Run.objects.exclude(state="completed").count() == 0


def test_questions_are_read_until_somebody_leaves(user: User):
    console = FakeConsole("One?", "", "/help", "Two?", "/quit", "Three?")

    code = new(console)

    said = Message.objects.filter(role="user").order_by("turn")
    assert code == 0
    assert said.count() == 2
    assert "You asked: Two?" in console.output
    assert "@name refers to a file" in console.output
    key = str(ChatSession.objects.get().pk)[:8]
    assert f"cairn chat open {key}" in console.output


def test_a_terminal_gets_a_bar_that_makes_way_for_the_text(user: User):
    console = FakeConsole("How many?", is_terminal=True)

    new(console)

    assert "█" in console.output
    text = console.output.split("You asked: How many?")[1].split("you> ")[0]
    assert "\r" not in text.strip("\r\x1b[2K\n")


def test_a_tool_call_is_shown_with_its_arguments_and_asked_about(user: User):
    """Rows 4-46, 4-49."""
    console = FakeConsole("/act", "Please call a tool", "a", "/quit")

    code = new(console)

    gate = Gate.objects.get()
    assert code == 0
    assert (gate.decision, gate.via) == ("approve", "cli")
    assert '- path = "' in console.output
    assert f"Digest of what is shown: {gate.digest}" in console.output
    assert "Decided by ada (approve)." in console.output
    assert "save_file(" in console.output


def test_a_denied_tool_call_takes_a_reason(user: User):
    console = FakeConsole("Please call a tool", "rej", "Not now.", "/quit")

    new(console, "--act")

    assert Gate.objects.get().comment == "Not now."
    assert "Not now." in console.output.split("Decided by ada (reject)")[1]


def test_a_question_back_is_answered_by_number_or_in_words(user: User):
    console = FakeConsole("Please ask me", "ans", "2", "Please ask me", "answer", "May", "/quit")

    new(console)

    answers = [gate.comment for gate in Gate.objects.order_by("created_at")]
    options = Gate.objects.order_by("created_at")[0].payload["options"]
    assert answers == [options[1], "May"]


@pytest.mark.parametrize("words", [("--no-input",), ()])
def test_a_gate_is_left_open_when_there_is_nobody_to_ask(user: User, words: tuple[str, ...]):
    console = FakeConsole()

    code = new(console, "--act", "--ask", "Please call a tool", *words)

    assert code == 3
    assert f"cairn answer {str(Gate.objects.get().pk)[:8]}" in console.output


def test_a_chat_is_gone_on_with_where_it_waits(user: User):
    session = start(user, mode="act")
    ask(session, "Please call a tool")
    console = FakeConsole("all", "And now?", "/quit")

    code = chat(console, "open", "last")

    assert code == 0
    assert Gate.objects.get().decision == "approve_all"
    session.refresh_from_db()
    assert session.auto_approve == ["save_file"]
    assert "You asked: And now?" in console.output


def test_a_gate_of_a_chat_is_answered_by_the_common_verb(user: User):
    session = start(user, mode="act")
    ask(session, "Please call a tool")
    console = FakeConsole()

    code = cairn(console, "answer", str(Gate.objects.get().pk), "reject", "--comment", "No.")

    work_off(session)
    assert code == 0
    assert '- path = "' in console.output
    assert Run.objects.filter(state="completed").count() == 2


def test_one_question_is_asked_for_programs(user: User):
    session, console = start(user), FakeConsole()

    code = chat(console, "ask", str(session.pk)[:8], "How many rows by month?", "--json")

    lines = [json.loads(line) for line in console.output.splitlines()]
    assert code == 0
    assert [one["type"] for one in lines[-3:]] == ["run_completed", "message", "run_result"]
    assert lines[-2]["data"]["parts"]["query"]["sql"].startswith("SELECT")
    text = "".join(one["data"]["content"] for one in lines if one["type"] == "content_delta")
    assert text == lines[-2]["data"]["text"]
    run_id = lines[-1]["data"]["id"]
    assert {one["run_id"] for one in lines[:-2]} == {run_id}


def test_what_fails_says_why_and_has_an_exit_code(user: User):
    start(user)
    console = FakeConsole()

    assert chat(console, "ask", "last", "Please fail") == 1
    assert "That did not work: The script says that this fails." in console.output


def test_ctrl_c_cancels_an_answer_and_the_talk_goes_on(user: User):
    console = FakeConsole("Please call a tool", KeyboardInterrupt(), "c", "And now?", "/quit")

    code = new(console, "--act")

    assert code == 0
    assert "The answer is cancelled." in console.output
    assert "You asked: And now?" in console.output


def test_ctrl_c_detaches_and_says_how_to_come_back(user: User):
    console = FakeConsole("Please call a tool", KeyboardInterrupt(), "d")

    code = new(console, "--act")

    key = str(ChatSession.objects.get().pk)[:8]
    assert code == 130
    assert f"cairn chat follow {key} --after" in console.output


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
