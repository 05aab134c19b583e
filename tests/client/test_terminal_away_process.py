"""`manage.py cairn --url` as people start it: on a machine that has no database."""

import os

import pytest

from cairn_client import Cairn
from tests.e2e.servers import Server
from tests.runs.terminal_process import PATIENCE, cairn, typing

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("terminal")]


@pytest.fixture
def env(server: Server, whose: None) -> dict[str, str]:
    nowhere = "postgres://nobody@127.0.0.1:1/nothing"
    return {**os.environ, "DATABASE_URL": nowhere, "TERM": "xterm", "COLUMNS": "80"}


def test_somebody_approves_and_lets_go_with_a_key(env: dict[str, str], ada: Cairn):
    with typing(env, "plan", "Open a second bakery") as (person, process):
        person.wait_for("detach (d)? ")
        person.type("approve\r")
        person.wait_for("CHECKPOINT REACHED")
        person.wait_for("detach (d)? ")
        person.type("\x03")
        person.wait_for("stay (s)? ")
        person.type("c\r")
        person.wait_for("Planning cancelled.")

        assert process.wait(timeout=PATIENCE) == 1

    assert ada.plans(limit=1)[0]["state"] == "cancelled"


def test_a_watch_is_let_go_while_nothing_happens(env: dict[str, str], ada: Cairn):
    run_id = ada.start_plan("Open a second bakery", four_eyes=True)["run_id"]
    with typing(env, "follow", run_id) as (person, process):
        person.wait_for("detach (d)? ")
        person.type("approve\r")
        person.wait_for("Somebody else must decide this.")
        person.type("\x03")
        person.wait_for("stay (s)? ")
        person.type("d\r")
        person.wait_for("Follow it again: ")

        assert process.wait(timeout=PATIENCE) == 130


def test_a_pipe_gets_its_lines(env: dict[str, str]):
    process = cairn(env, "plan", "Open a second bakery", "--yes")
    output, complaints = process.communicate(timeout=PATIENCE)

    assert (process.returncode, complaints) == (0, "")
    assert "Planning completed!" in output
