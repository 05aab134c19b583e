"""`manage.py cairn --url`: the terminal client where there is no database, only an address."""

import json
import re
import threading

import pytest

from cairn_client import Cairn, Event, calling
from tests.client.test_gates import waiting
from tests.e2e.conftest import Starter
from tests.e2e.servers import free_port
from tests.runs.fake_console import FakeConsole, cairn

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("impatient", "whose")]

GOAL = "Open a second bakery"


def test_a_plan_is_started_approved_and_shown(ada: Cairn):
    console = FakeConsole()

    code = cairn(console, "plan", GOAL, "--yes")

    assert (code, console.complaints) == (0, "")
    for line in (
        "Proposal approved (by ada via api).",
        "Starting iteration 3 of 4...",
        "CHECKPOINT REACHED (Iteration 2)",
        "Checkpoint approved! Continuing iterations...",
        "Planning completed!",
        "Iterations 4, checkpoints 2, frameworks 8, data points 12",
    ):
        assert line in console.output
    for words in (("list",), ("show", "last"), ("memory",)):
        shown = FakeConsole()
        assert cairn(shown, *words) == 0
        assert "bakery" in shown.output


def test_somebody_is_asked_and_what_they_type_is_done(ada: Cairn):
    console = FakeConsole("a", "rev", "Look at the rent.", "rej", "Too dear.")

    code = cairn(console, "plan", GOAL, "--iterations", "2", "--interval", "1")

    assert code == 1
    assert "Digest of what is shown: " in console.output
    assert "What is to be revised? " in console.output
    assert "Checkpoint 2 rejected. Planning stopped." in console.output
    assert "The plan ended as rejected" in console.output
    plan = ada.plan(ada.plans(limit=1)[0]["id"])
    assert [one["comment"] for one in plan["checkpoints"]] == ["Look at the rent.", "Too dear."]


def test_who_is_not_to_be_asked_leaves_at_a_gate_and_others_go_on():
    first, second, third = FakeConsole(), FakeConsole(), FakeConsole()

    assert cairn(first, "plan", GOAL, "--no-input") == 3
    found = re.search(r"cairn answer ([0-9a-f]{8})", first.output)
    assert found
    assert cairn(FakeConsole(), "inbox") == 0
    assert cairn(second, "answer", found[1], "approve") == 0
    run = re.search(r"cairn follow ([0-9a-f]{8})", second.output)
    assert run
    assert cairn(third, "follow", run[1], "--yes") == 0
    assert "Planning completed!" in third.output


def test_a_gate_that_was_told_of_before_is_asked_about_again(ada: Cairn):
    gate = waiting(ada)
    console = FakeConsole("a")

    position = str(ada.run(gate["run_id"])["position"])
    code = cairn(console, "follow", gate["run_id"], "--after", position)

    assert code == 3
    assert "Proposal approved" in console.output


def test_who_comes_too_late_is_told_and_goes_on(ada: Cairn):
    gate = waiting(ada)

    def late() -> str:
        ada.answer(gate["id"], "reject", digest=gate["digest"])
        return "a"

    console = FakeConsole(late)
    code = cairn(console, "follow", gate["run_id"])

    assert code == 1
    assert "ada has decided already: reject." in console.output
    assert "Proposal rejected. Planning stopped." in console.output


def test_four_eyes_leave_the_decision_to_others(ada: Cairn):
    started = threading.Event()

    def stop() -> None:
        started.wait(20)
        run_id = ada.plans(limit=1)[0]["run_id"]
        for told in ada.follow_run(run_id):
            if isinstance(told, Event) and told.type == "gate_opened":
                ada.cancel(run_id)

    helper = threading.Thread(target=stop)
    helper.start()

    def ask() -> str:
        started.set()
        return "a"

    console = FakeConsole(ask)
    code = cairn(console, "plan", GOAL, "--four-eyes")
    helper.join()

    assert code == 1
    assert "four eyes" in console.output
    assert "Planning cancelled." in console.output


def test_a_run_is_cancelled_by_the_beginning_of_its_id(ada: Cairn):
    gate = waiting(ada)
    console = FakeConsole()

    assert cairn(console, "cancel", gate["run_id"][:13]) == 0
    assert console.output == "The run is cancelled.\n"
    assert cairn(console, "pause", gate["run_id"][:13]) == 1
    assert "cannot pause" in console.complaints


def test_programs_get_json(ada: Cairn):
    console = FakeConsole()

    code = cairn(console, "plan", GOAL, "--yes", "--json")
    told = [json.loads(line) for line in console.output.splitlines()]

    assert code == 0
    assert [one["type"] for one in (told[0], told[-1])] == ["plan_accepted", "plan_result"]
    positions = [one["position"] for one in told if "position" in one]
    assert positions == list(range(1, len(positions) + 1))


def test_a_server_that_is_killed_meanwhile_is_watched_on(
    start: Starter, monkeypatch: pytest.MonkeyPatch
):
    server = start(script='{"delay": 0.01}')
    monkeypatch.setenv("CAIRN_URL", f"http://127.0.0.1:{server.port}")

    def kill() -> str:
        server.kill()
        server.start()
        return "a"

    console = FakeConsole(kill, "all")
    code = cairn(console, "plan", GOAL)

    assert code == 0
    assert "Planning completed!" in console.output


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("follow", "12345678"), 2, "There is no run or plan '12345678' that you may see."),
        (("follow", "x"), 2, "is no id"),
        (("answer", "12345678"), 2, "There is no waiting gate"),
        (("plan", "", "--yes"), 2, "goal"),
        (("plan", GOAL, "--engine", "offline"), 2, "--engine"),
        (("show", "last", "--token", "wrong"), 2, "token"),
        (("list", "--url", "cairn.example"), 2, "must begin with http"),
        (("chat", "show", "last"), 2, "works only where Cairn is"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(words: tuple[str, ...], code: int, complaint: str):
    console = FakeConsole()

    assert cairn(console, *words) == code
    assert complaint in console.complaints
    assert console.complaints.count("\n") == 1


def test_without_a_token_or_a_server_it_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calling, "ATTEMPTS", 3)
    nobody, nowhere = FakeConsole(), FakeConsole()

    assert cairn(nowhere, "list", "--url", f"http://127.0.0.1:{free_port()}") == 1
    monkeypatch.delenv("CAIRN_TOKEN")
    assert cairn(nobody, "list") == 2

    assert "set CAIRN_TOKEN" in nobody.complaints
    assert "cannot be reached" in nowhere.complaints
