"""Plans in the terminal client as people start it."""

import json

import pytest

from tests.runs.terminal_process import PATIENCE, cairn, prepared, typing

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("terminal")]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return prepared(tmp_path_factory.mktemp("var"))


def test_a_plan_runs_from_the_command_line(env: dict[str, str]):
    process = cairn(env, "plan", "Open a second bakery", "--yes")
    output, complaints = process.communicate(timeout=PATIENCE)

    assert (process.returncode, complaints) == (0, "")
    assert "Planning completed!" in output
    assert "Plan saved to memory as entity: plan-open-a-second-bakery" in output


def test_a_run_is_followed_from_another_process(env: dict[str, str]):
    slow = {**env, "CAIRN_SCRIPT": '{"delay": 0.02}'}
    worker = cairn(slow, "plan", "Open a third bakery", "--yes", "--json")
    assert worker.stdout is not None
    run_id = json.loads(worker.stdout.readline())["data"]["run_id"]

    watcher = cairn(slow, "follow", run_id, "--yes", "--json")
    watched, _ = watcher.communicate(timeout=PATIENCE)
    worked, _ = worker.communicate(timeout=PATIENCE)

    assert (worker.returncode, watcher.returncode) == (0, 0)
    seen = [event for line in watched.splitlines() if "position" in (event := json.loads(line))]
    told = [event for line in worked.splitlines() if "position" in (event := json.loads(line))]
    assert [event["position"] for event in seen] == list(range(1, len(seen) + 1))
    assert seen == told


def test_somebody_approves_revises_and_lets_go_at_a_terminal(env: dict[str, str]):
    slow = {**env, "CAIRN_SCRIPT": '{"delay": 0.05}'}
    words = ("plan", "Open a fourth bakery", "--iterations", "3", "--interval", "1")
    with typing(slow, *words) as (person, process):
        person.wait_for("detach (d)? ")
        person.type("approve\r")
        person.wait_for("Starting iteration 1 of 3...")
        person.wait_for("revise (rev)")
        person.wait_for("detach (d)? ")
        person.type("rev\r")
        person.wait_for("What is to be revised? ")
        person.type("Look at the rent.\r")
        person.wait_for("Starting iteration 2 of 3...")
        person.type("\x03")
        person.wait_for("stay (s)? ")
        person.type("d\r")
        person.wait_for("Follow it again: ")

        assert process.wait(timeout=PATIENCE) == 130

    follower = cairn(env, "follow", "last", "--yes")
    output, _ = follower.communicate(timeout=PATIENCE)
    assert follower.returncode == 0
    assert "Planning completed!" in output
