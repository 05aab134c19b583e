"""Chats in the terminal client as people start it."""

import pytest

from tests.runs.terminal_process import PATIENCE, cairn, prepared, typing

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("terminal")]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return prepared(tmp_path_factory.mktemp("var"))


def test_somebody_asks_allows_a_tool_and_comes_back_later(env: dict[str, str]):
    """Rows 1-7, 4-46, 4-49."""
    with typing(env, "chat", "new", "--demo", "penguins", "--act") as (person, process):
        person.wait_for("The data is ready: penguins")
        person.wait_for("you> ")
        person.type("How many rows by month?\r")
        person.wait_for("SQL: SELECT")
        person.wait_for("You asked: How many rows by month?")
        person.wait_for("you> ")
        person.type("Please call a tool\r")
        person.wait_for("Digest of what is shown: ")
        person.wait_for("detach (d)? ")
        person.type("approve\r")
        person.wait_for("you> ")
        person.type("/quit\r")
        person.wait_for("cairn chat open ")

        assert process.wait(timeout=PATIENCE) == 0

    later = cairn(env, "chat", "ask", "last", "And now?")
    output, complaints = later.communicate(timeout=PATIENCE)

    assert (later.returncode, complaints) == (0, "")
    assert "You asked: And now?" in output
