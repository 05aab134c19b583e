"""The terminal client, at a console made of lists."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User

from planning.actions import Wish, propose
from planning.models import Plan
from runs import gates
from runs.models import Gate, Run
from tests.runs.fake_console import FakeConsole, cairn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def plan(console: FakeConsole, *words: str) -> int:
    return cairn(console, "plan", "Open a second bakery", "--engine", "scripted", *words)


def waiting(by: User, **wish: Any) -> Plan:
    """Return a plan at its first gate, brought there through the client itself."""
    found = propose(Wish(goal="Open a second bakery", engine="scripted", **wish), by=by)
    cairn(FakeConsole(), "follow", str(found.pk), "--no-input", user=by.username)
    return found


def pending(plan: Plan) -> Gate:
    return Gate.objects.get(run=plan.run, state="pending")


def test_a_plan_that_is_approved_in_advance_runs_to_its_entity(user: User):
    console = FakeConsole()

    code = plan(console, "--yes")

    assert code == 0
    for line in (
        "Starting planning with 4 iterations...",
        "Starting iteration 3 of 4...",
        "CHECKPOINT REACHED (Iteration 2)",
        "Checkpoint approved! Continuing iterations...",
        "Plan saved to memory as entity: plan-open-a-second-bakery",
        "Planning completed!",
        "Iterations 4, checkpoints 2, frameworks 8, data points 12",
    ):
        assert line in console.output
    assert set(Gate.objects.values_list("decision", "via")) == {("approve", "cli")}


def test_a_pipe_gets_plain_lines_and_a_terminal_a_bar(user: User):
    piped, terminal = FakeConsole(), FakeConsole(is_terminal=True)
    plan(piped, "--yes", "--iterations", "1", "--interval", "1")
    plan(terminal, "--yes", "--iterations", "1", "--interval", "1")

    assert "\x1b" not in piped.output
    assert "\r" not in piped.output
    assert "\U0001f680 Starting planning" in terminal.output
    assert "█" in terminal.output


def test_each_gate_shows_its_payload_and_the_digest_that_the_answer_names(user: User):
    console = FakeConsole("a", "rev", "Look at the rent.", "all")

    code = plan(console, "--iterations", "3", "--interval", "1")

    decided = Gate.objects.order_by("created_at")
    assert code == 0
    assert [gate.decision for gate in decided] == ["approve", "revise", "approve_all"]
    assert decided[1].comment == "Look at the rent."
    for gate in decided:
        assert f"Digest of what is shown: {gate.digest}" in console.output
        assert gate.payload["goal"] in console.output
    assert "Next: Iteration 2 of 3." in console.output


def test_a_rejected_plan_ends_with_an_exit_code_of_its_own(user: User):
    code = plan(FakeConsole("rej", "Too dear."))

    assert code == 1
    assert Run.objects.get().state == "rejected"


def test_an_adjusted_proposal_takes_new_figures(user: User):
    console = FakeConsole("adj", "2", "1", "", "a", "a", "a")

    assert plan(console) == 0
    assert Plan.objects.get().iterations.count() == 2


@pytest.mark.parametrize("words", [("--no-input",), ()])
def test_without_anybody_to_ask_the_gate_is_left_open(user: User, words: tuple[str, ...]):
    console = FakeConsole()

    code = plan(console, *words)

    assert code == 3
    assert f"cairn answer {str(Gate.objects.get(state='pending').pk)[:8]}" in console.output


def test_what_changed_while_it_was_read_is_not_approved_but_shown_again(user: User):
    def change_it() -> str:
        gate = Gate.objects.get(state="pending")
        payload = {**gate.payload, "max_iterations": 1, "checkpoint_interval": 1}
        Gate.objects.filter(pk=gate.pk).update(payload=payload, digest=gates.digest(payload))
        return "approve"

    console = FakeConsole(change_it, "rej", "")

    code = plan(console)

    gate = Gate.objects.get()
    assert code == 1
    assert "Read the question again" in console.output
    assert gate.decision == "reject"
    assert f"Digest of what is shown: {gate.digest}" in console.output


def test_somebody_elses_decision_is_told_and_the_plan_goes_on(user: User):
    def decide_elsewhere() -> str:
        gate = Gate.objects.get(state="pending")
        gates.answer(gate.pk, by=user, decision="approve", digest=gate.digest, via="web")
        return "reject"

    console = FakeConsole(decide_elsewhere, "Too late.", "a")

    code = plan(console, "--iterations", "2")

    assert code == 0
    assert "ada has decided already: approve." in console.output


def test_the_owner_of_a_four_eyes_plan_is_not_asked(user: User):
    console = FakeConsole("approve")

    code = plan(console, "--four-eyes", "--no-input")

    assert code == 3
    assert cairn(FakeConsole(), "answer", "last", "approve") == 1
    assert Gate.objects.get().state == "pending"


def test_the_owner_of_a_four_eyes_plan_cannot_approve_it_in_advance(user: User):
    assert plan(FakeConsole(), "--four-eyes", "--yes") == 3
    assert Gate.objects.get().state == "pending"


def test_ctrl_c_detaches_and_says_how_to_come_back(user: User):
    console = FakeConsole(KeyboardInterrupt(), "d")

    code = plan(console)

    assert code == 130
    assert f"cairn follow {str(Run.objects.get().pk)[:8]} --after" in console.output
    assert Run.objects.get().state == "waiting"


def test_ctrl_c_can_cancel_the_run(user: User):
    code = plan(FakeConsole(KeyboardInterrupt(), "c"))

    assert code == 1
    assert Run.objects.get().state == "cancelled"


def test_following_shows_a_finished_run_from_where_one_left_it(user: User):
    plan(FakeConsole(), "--yes", "--json")
    whole, rest = FakeConsole(), FakeConsole()

    cairn(whole, "follow", "last", "--json")
    code = cairn(rest, "follow", "last", "--json", "--after", "10")

    assert code == 0
    assert rest.output.splitlines() == whole.output.splitlines()[10:]


def test_json_is_one_event_a_line_with_what_the_command_says_around_it(user: User):
    console = FakeConsole()

    plan(console, "--yes", "--json")

    events = [json.loads(line) for line in console.output.splitlines()]
    positions = [event["position"] for event in events if "position" in event]
    assert (events[0]["type"], events[-1]["type"]) == ("plan_accepted", "plan_result")
    assert positions == list(range(1, len(positions) + 1))
    assert events[-1]["data"]["metrics"]["iterations"] == 4


def test_answering_shows_what_is_decided_and_records_the_door(user: User):
    found, console = waiting(user), FakeConsole()

    code = cairn(console, "answer", str(found.pk)[:8], "approve", "--comment", "Fine.")

    gate = Gate.objects.get()
    assert code == 0
    assert (gate.decision, gate.via, gate.comment) == ("approve", "cli", "Fine.")
    assert "Max iterations: 4" in console.output
    assert gate.digest in console.output


def test_an_answer_about_another_payload_is_refused(user: User):
    found, console = waiting(user), FakeConsole()

    code = cairn(console, "answer", str(found.pk), "approve", "--digest", "0" * 64)

    assert code == 1
    assert "Read the question again" in console.complaints
    assert pending(found).state == "pending"


def test_a_payload_that_does_not_fit_its_digest_is_refused(user: User):
    found = waiting(user)
    gate = pending(found)
    Gate.objects.filter(pk=gate.pk).update(payload={**gate.payload, "goal": "Another"})

    assert cairn(FakeConsole(), "answer", str(gate.pk), "approve") == 1
    assert pending(found).state == "pending"
