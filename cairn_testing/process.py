"""A real Cairn in a process of its own, which is started again whenever it is killed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds
USER = "tester"
_PREPARE = """
import django
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from rest_framework.authtoken.models import Token
call_command("migrate", interactive=False, verbosity=0)
print(Token.objects.create(user=User.objects.create_user("{user}")).key)
"""
# Quick, without limits, and with nothing that needs a network.
SETTINGS = {
    "DATABASE_URL": "",
    "CAIRN_RUNNER": "embedded",
    "CAIRN_ENGINE": "offline",
    "CAIRN_SQLITE_SYNCHRONOUS": "OFF",  # a killed process loses no page of the kernel's
    "CAIRN_LEASE": "0.6",
    "CAIRN_SWEEP": "0.1",
    "CAIRN_BACKOFF": "0.05",
    "CAIRN_RATE_REQUESTS": "",
    "CAIRN_RATE_RUNS": "",
    "CAIRN_SECRET_KEY": "for tests only",
    "CAIRN_STREAMS_PER_USER": "100",
}


def environment(var: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process in `var`, which can import what the test can."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    return {
        "DJANGO_SETTINGS_MODULE": "project.settings",
        **kept,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
        "CAIRN_VAR": str(var),
        **SETTINGS,
        **settings,
    }


def prepare(var: Path, settings: Mapping[str, str]) -> str:
    """Make the tables and a user; return the user's token."""
    code = _PREPARE.format(user=USER)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(var, settings),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout.split()[-1]


def furnish(var: Path, template: Path) -> None:
    var.mkdir()
    for file in template.glob("cairn.sqlite3*"):
        shutil.copyfile(file, var / file.name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """The server with its worker. `deaths` counts how often it was killed."""

    var: Path
    settings: Mapping[str, str]
    token: str
    port: int = field(default_factory=_free_port)
    deaths: int = 0

    def __post_init__(self) -> None:
        self._is_over = False
        self._wish = self.var / "wish.json"
        self._running = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    @property
    def log(self) -> str:
        """What it has logged, over all its lives."""
        return (self.var / "server.log").read_text()

    def die_at(self, position: int, *, before_commit: bool) -> None:
        """Let it die when this position is written to a log."""
        draft = self._wish.with_suffix(".new")
        draft.write_text(json.dumps({"position": position, "before_commit": before_commit}))
        draft.rename(self._wish)

    @property
    def has_died(self) -> bool:
        """Whether no death is asked for any more."""
        return not self._wish.exists()

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` beside it, on its database; return what that prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=environment(self.var, {**self.settings, "CAIRN_RUNNER": "off"}),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                code = self._running.poll()
                assert code in (None, -signal.SIGKILL), f"The server ended:\n{self.log}"
                time.sleep(0.02)
            else:
                return
        raise AssertionError(f"The server does not answer:\n{self.log}")

    def end(self) -> None:
        self._is_over = True
        self._running.kill()
        self._keeper.join(PATIENCE)
        self._running.kill()  # if it was being started in that moment
        self._running.wait(PATIENCE)

    def _start(self) -> "subprocess.Popen[bytes]":
        serving = [sys.executable, "-m", "cairn_testing.serving", str(self._wish)]
        options = ["-v", "0", "-b", "127.0.0.1", "-p", str(self.port)]
        with (self.var / "server.log").open("ab") as log:
            return subprocess.Popen(
                [*serving, *options, "project.asgi:application"],
                env=environment(self.var, self.settings),
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def _keep(self) -> None:
        """Start it again when it was killed, as what supervises it in production does."""
        while self._running.wait() == -signal.SIGKILL and not self._is_over:
            self.deaths += 1
            self._running = self._start()
