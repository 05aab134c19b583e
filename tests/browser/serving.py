"""A real Cairn: Daphne in a process of its own, on a free port, with its own data."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
# Plans that stop at a checkpoint after ten iterations never meet the one that fails.
SCRIPT: dict[str, Any] = {
    "delay": 0.008,
    "events_per_iteration": 4,
    "fail": {"iteration-11": {"times": 99, "error": "permanent"}},
}
USERS = 240


@dataclass
class Server:
    """Where it listens, and the users it knows: name -> session key."""

    port: int
    users: dict[str, str]
    password: str
    process: subprocess.Popen[bytes]
    log: Path
    taken: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def next_user(self) -> str:
        """Return a user that no other test has."""
        name = f"ada{len(self.taken)}"
        self.taken.append(name)
        return name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path, script: dict[str, Any], **more: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")},
        "PYTHONPATH": str(ROOT),
        "CAIRN_VAR": str(var),
        "CAIRN_ENGINE": "scripted",
        "CAIRN_SCRIPT": json.dumps(script),
        "CAIRN_RUNNER": "embedded",
        "CAIRN_SQLITE_SYNCHRONOUS": "OFF",
        "CAIRN_RATE_REQUESTS": "",
        "CAIRN_RATE_RUNS": "",
        "CAIRN_RATE_UPLOADS": "",
        "CAIRN_LOG_LEVEL": "WARNING",
        "CAIRN_SWEEP": "0.2",
        **more,
    }


@contextlib.contextmanager
def serve(var: Path, script: dict[str, Any] | None = None, **more: str) -> Iterator[Server]:
    var.mkdir(parents=True, exist_ok=True)
    env = environment(var, script or SCRIPT, **more)
    made = subprocess.run(
        [sys.executable, str(HERE / "prepare.py"), str(USERS)],
        env={**env, "CAIRN_RUNNER": "off"},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    port, log = free_port(), var / "daphne.log"
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "project.asgi:application"], env=env, cwd=ROOT, stdout=output, stderr=output
        )
    server = Server(port=port, process=process, log=log, **json.loads(made.stdout))
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(server: Server) -> None:
    """Wait until it answers."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{server.url}/sign-in/", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"Daphne did not start:\n{server.log.read_text()}")
