"""The terminal client as people start it: a process of its own, and a real terminal."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("terminal")]
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds; a loaded machine is no failure


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An installation of its own, with the demonstration's users."""
    settings = {
        **os.environ,
        "CAIRN_VAR": str(tmp_path_factory.mktemp("var")),
        "CAIRN_ENGINE": "scripted",
        "CAIRN_SCRIPT": "",
        "DATABASE_URL": "",
        "TERM": "xterm",
        "COLUMNS": "80",
    }
    subprocess.run(manage("prepare"), env=settings, cwd=ROOT, check=True, timeout=PATIENCE)
    return settings


def manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


def cairn(env: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        manage("cairn", *words),
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# Only the controlling terminal of a session turns Ctrl-C into a signal.
IN_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Typist:
    """Somebody at a pseudo-terminal."""

    def __init__(self, file: int) -> None:
        self._file = file
        self.seen = b""

    def wait_for(self, text: str) -> None:
        """Read until the text appears; what was before it is done with."""
        wanted, end = text.encode(), time.monotonic() + PATIENCE
        while wanted not in self.seen:
            ready, _, _ = select.select([self._file], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} did not come; seen: {self.seen.decode(errors='replace')}"
            self.seen += os.read(self._file, 65536)
        self.seen = self.seen.partition(wanted)[2]

    def type(self, text: str) -> None:
        os.write(self._file, text.encode())


@contextmanager
def typing(env: dict[str, str], *words: str) -> Iterator[tuple[Typist, "subprocess.Popen[bytes]"]]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", IN_TERMINAL, *manage("cairn", *words)[1:]],
        env=env,
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Typist(ours), process
    finally:
        process.kill()
        process.wait()
        os.close(ours)


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
