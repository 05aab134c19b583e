"""`manage.py cairn chat --url`: questions to a Cairn elsewhere."""

import json
from pathlib import Path

import pytest

from cairn_client import Cairn
from tests.runs.fake_console import FakeConsole, cairn

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("impatient", "whose")]


def test_a_chat_is_begun_with_a_file_and_asked(ada: Cairn, tmp_path: Path):
    table = tmp_path / "sales.csv"
    table.write_text("month,amount\n1,10\n2,20\n")
    console = FakeConsole()

    code = cairn(console, "chat", "new", str(table), "--ask", "How many rows by month?")

    assert (code, console.complaints) == (0, "")
    for line in ("The data is ready", "you> How many rows by month?", "Intent: ", "You asked: "):
        assert line in console.output
    assert ada.sessions(limit=1)[0]["turns"] == 1


def test_questions_are_read_until_somebody_leaves(ada: Cairn):
    begun, gone_on, listed = FakeConsole("One?", "", "/quit"), FakeConsole("Two?"), FakeConsole()

    assert cairn(begun, "chat", "new", "--demo", "penguins", "--title", "Birds of the south") == 0
    session = ada.sessions(search="Birds of the south")[0]["id"]
    assert cairn(gone_on, "chat", "open", session[:8]) == 0
    assert cairn(listed, "chat", "list", "--search", "Birds of the south") == 0

    assert "chat open" in begun.output
    asked = [one["text"] for one in ada.messages(session) if one["role"] == "user"]
    assert asked == ["One?", "Two?"]
    assert session[:8] in listed.output
    assert "2 turns" in listed.output


def test_programs_get_the_answer_as_json(ada: Cairn):
    session = ada.start_session(demo="penguins")["id"]
    console = FakeConsole()

    code = cairn(console, "chat", "ask", session, "How many?", "--json")
    told = [json.loads(line) for line in console.output.splitlines()]

    assert code == 0
    said = [one["data"] for one in told if one["type"] == "message"]
    assert [one["role"] for one in said] == ["assistant"]
    assert (
        "".join(one["data"]["content"] for one in told if one["type"] == "content_delta")
        == (said[0]["text"])
    )
    assert told[-1]["type"] == "run_result"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("new", "nothing.csv"), "There is no file nothing.csv."),
        (("new", "a.csv", "--demo", "penguins"), "not both"),
        (("ask", "00000000", "How?"), "There is no chat '00000000' that you may see."),
        (("show", "last"), "works only where Cairn is"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(words: tuple[str, ...], complaint: str):
    console = FakeConsole()

    assert cairn(console, "chat", *words) == 2
    assert complaint in console.complaints
