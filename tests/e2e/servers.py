"""Start, stop, kill and freeze real servers, and look at what they hold."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e import house

PATIENCE = 30.0  # seconds; a test that waits so long has failed
APPLICATION = "project.asgi:application"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Held:
    """What a process holds of the machine."""

    threads: int
    database_files: int  # open file descriptors on the database, its log and its index
    kilobytes: int

    def __str__(self) -> str:
        return (
            f"{self.threads} threads, {self.database_files} database files, "
            f"{self.kilobytes / 1024:.1f} MB"
        )


@dataclass(slots=True)
class Server:
    """Daphne in a process of its own. `start` may be called again after it ended."""

    var: Path
    settings: dict[str, Any] = field(default_factory=dict)
    application: str = APPLICATION
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> str:
        return self._log_file.read_text() if self._log_file.exists() else ""

    @property
    def _log_file(self) -> Path:
        return self.var / f"server-{self.port}.log"

    def start(self) -> "Server":
        """Start it and wait until it answers."""
        with self._log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                env=house.environment(self.var, **self.settings),
                cwd=house.ROOT,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, f"the server ended:\n{self.log}"
            assert time.monotonic() < end, f"the server does not answer:\n{self.log}"
        return self

    def _command(self) -> list[str]:
        serving = [sys.executable, "-m", "project.serving", "-v", "0", "-b", "127.0.0.1"]
        return [*serving, "-p", str(self.port), self.application]

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                assert self.process is not None
                self.process.wait(0.02)
            return False
        return True

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it with SIGKILL; nothing of it runs afterwards."""
        self.end(signal.SIGKILL)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; return its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.send_signal(signal.SIGCONT)
        return self.process.wait(PATIENCE)

    def discard(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def held(self) -> Held:
        """Return what the process holds at this moment, as Linux tells it."""
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{self.pid}/status").read_text().splitlines()
        )
        return Held(
            threads=int(status["Threads"]),
            database_files=len(self._database_files()),
            kilobytes=int(status["VmRSS"].split()[0]),
        )

    def _database_files(self) -> list[str]:
        found = []
        for descriptor in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(str(descriptor.readlink()))
        return [target for target in found if "cairn.sqlite3" in target]
