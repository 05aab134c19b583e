"""A real Daphne, as `make serve` runs it, in a process of its own, with an embedded runner and the scripted engine."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
DATABASE = "cairn.sqlite3"
PASSWORD = "a-password-of-tests"
COMMANDS = {
    "daphne": ["project.serving", "-v", "0", "-b", "127.0.0.1", "-p", "{port}"],
    "uvicorn": ["uvicorn", "--log-level", "warning", "--host", "127.0.0.1", "--port", "{port}"],
}
REVIEWERS = ("rita", "rob", "ruth", "ray")
_PREPARE = f"""
import django, json
django.setup()
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from rest_framework.authtoken.models import Token
call_command("migrate", interactive=False, verbosity=0)
may = Permission.objects.get(codename="answer_gate")
tokens = {{}}
for name in ("ada", "grace", "mallory", *{REVIEWERS!r}):
    user = User.objects.create_user(name)
    tokens[name] = Token.objects.create(user=user).key
    if name in {REVIEWERS!r}:
        user.user_permissions.add(may)
ada = User.objects.get(username="ada")
ada.set_password({PASSWORD!r})
ada.save()
print(json.dumps(tokens))
"""


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    var: Path
    tokens: dict[str, str]
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """What the server has written so far."""
        return _output(self.var, self.port).read_text()

    def client(self, name: str = "", *, port: int = 0) -> httpx.Client:
        """Return a client with the user's token, or an anonymous one."""
        headers = {"Authorization": f"Token {self.tokens[name]}"} if name else {}
        address = f"http://127.0.0.1:{port or self.port}"
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        return httpx.Client(base_url=address, headers=headers, timeout=PATIENCE, limits=limits)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read the server's database."""
        with closing(sqlite3.connect(self.var / DATABASE)) as connection:
            return connection.execute(sql, values).fetchall()

    def plans(self, goal: str) -> int:
        """Count the plans with a goal."""
        return int(self.rows("SELECT COUNT(*) FROM planning_plan WHERE goal = ?", goal)[0][0])


def _environment(var: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    return {
        **kept,
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "PYTHONPATH": str(ROOT),
        "CAIRN_VAR": str(var),
        "CAIRN_ENGINE": "scripted",
        "CAIRN_SQLITE_SYNCHRONOUS": "OFF",
        "CAIRN_RATE_REQUESTS": "",
        "CAIRN_RATE_RUNS": "",
        "CAIRN_RATE_UPLOADS": "",
        "CAIRN_STREAMS_PER_USER": "40",
        "CAIRN_SWEEP": "0.2",
        "CAIRN_CORS_ORIGINS": "https://friend.example",
        **more,
    }


def _output(var: Path, port: int) -> Path:
    return var / f"output-{port}"


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _is_up(port: int) -> bool:
    with closing(socket.socket()) as one:
        one.settimeout(0.2)
        return one.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated database with its users, to be copied for each server."""

    database: Path
    tokens: dict[str, str]

    @classmethod
    def made_in(cls, folder: Path) -> "Template":
        prepared = subprocess.run(
            [sys.executable, "-c", _PREPARE],
            env=_environment(folder),
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        return cls(database=folder / DATABASE, tokens=json.loads(prepared.stdout))


@contextmanager
def running(
    template: Template, var: Path, *, server: str = "daphne", **more: str
) -> Iterator[Server]:
    """Serve until the block ends; further keywords are environment variables.

    A second server in the same folder shares the database of the first.
    """
    if not (var / DATABASE).exists():
        shutil.copyfile(template.database, var / DATABASE)
    port = _free_port()
    command = [part.format(port=port) for part in COMMANDS[server]]
    with _output(var, port).open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "project.asgi:application"],
            env=_environment(var, **more),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        while not _is_up(port):  # the test's own time limit ends this
            assert process.poll() is None, _output(var, port).read_text()
            time.sleep(0.05)  # between two knocks at a process that cannot call back
        yield Server(port=port, var=var, tokens=template.tokens, pid=process.pid)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
