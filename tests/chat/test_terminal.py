"""Chats in a terminal, at a console made of lists."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from chat.models import ChatSession, Message
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
