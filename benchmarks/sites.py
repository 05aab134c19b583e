"""Servers to measure: Cairn in a folder of its own, and peers in a virtual environment of theirs."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import databases
from benchmarks.databases import POSTGRESQL, SQLITE

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).resolve().parent / "peers"
VENV = ROOT / "var" / "bench-venv"
PINS = (
    "fastapi==0.121.3",
    "sse-starlette==3.0.3",
    "uvicorn[standard]==0.54.0",
    "Django==5.2.19",
    "django-eventstream==5.3.4",
)
TOKEN = "bench" * 8
PATIENCE = 60.0


@dataclass(slots=True)
class Held:
    threads: int
    database_files: int
    kilobytes: int
    cpu_seconds: float


class Site:
    """A server process on a free port of loopback."""

    def __init__(self, command: Sequence[str], env: dict[str, str], folder: Path) -> None:
        self.environment = env
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._log = folder / "server.log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [part.format(port=self.port) for part in command],
                env=env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"No server:\n{self._log.read_text()}") from None
                time.sleep(0.05)
            else:
                return

    def close(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def held(self) -> Held:
        return held(self._process.pid)


def held(pid: int) -> Held:
    """Return what a process holds, as Linux tells it."""
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    times = (process / "stat").read_text().rpartition(")")[2].split()
    files = 0
    for descriptor in (process / "fd").iterdir():
        with contextlib.suppress(OSError):
            files += "cairn.sqlite3" in str(descriptor.readlink())
    return Held(
        threads=int(status["Threads"]),
        database_files=files,
        kilobytes=int(status["VmRSS"].split()[0]),
        cpu_seconds=(int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"),
    )


def environment(folder: Path, database: str = "", /, **more: object) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    settings = {
        "VAR": folder,
        "ENGINE": "scripted",
        "RATE_REQUESTS": "",
        "RATE_RUNS": "",
        "STREAMS_PER_USER": 5000,
        "SECRET_KEY": "for benchmarks only",
        "LOG_LEVEL": "WARNING",
        **{name.upper(): value for name, value in more.items()},
    }
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DATABASE_URL": database,
        **{f"CAIRN_{name}": str(value) for name, value in settings.items()},
    }


# Which server and which database: SQLite with the embedded engine, PostgreSQL with a worker.
SETUPS = (("daphne", SQLITE), ("uvicorn", SQLITE), ("uvicorn", POSTGRESQL))
SERVERS = {
    "daphne": ("daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}"),
    "uvicorn": ("uvicorn", "--no-access-log", "--log-level", "warning", "--port", "{port}"),
}


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    found = Path(tempfile.mkdtemp(prefix="cairn-bench-"))
    try:
        yield found
    finally:
        shutil.rmtree(found, ignore_errors=True)


@contextlib.contextmanager
def cairn(
    server: str,
    *,
    database: str = SQLITE,
    idle_runs: int = 0,
    workers: int = 1,
    concurrency: int = 1000,
    **settings: object,
) -> Iterator[tuple[Site, list[str]]]:
    """Serve a fresh Cairn; yields it and the ids of runs that wait for ever.

    On PostgreSQL workers do the work, in processes of their own.
    """
    with contextlib.ExitStack() as stack:
        var = stack.enter_context(folder())
        env = environment(var, stack.enter_context(databases.fresh(database)), **settings)
        seeded = subprocess.run(
            [sys.executable, "-m", "benchmarks.seed", str(idle_runs)],
            env=env,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
        )
        command = [sys.executable, "-m", *SERVERS[server], "benchmarks.application:application"]
        site = Site(command, env, var)
        stack.callback(site.close)
        if database == POSTGRESQL:
            options = ["--concurrency", str(concurrency), "--health-port", "{port}"]
            for _ in range(workers):
                worker = Site([sys.executable, "-m", "benchmarks.work", *options], env, var)
                stack.callback(worker.close)
        yield site, json.loads(seeded.stdout)


def setups() -> list[tuple[str, str]]:
    answering = databases.available()
    return [setup for setup in SETUPS if setup[1] in answering]


@contextlib.contextmanager
def peer(module: str) -> Iterator[Site]:
    """Serve a peer's application from its own virtual environment."""
    with folder() as place:
        command = [str(_peer_python()), "-m", *SERVERS["uvicorn"], f"{module}:application"]
        site = Site(command, {**os.environ, "PYTHONPATH": str(PEERS)}, place)
        try:
            yield site
        finally:
            site.close()


@contextlib.contextmanager
def bare() -> Iterator[Site]:
    """Serve the bare protocol, which needs no package."""
    with folder() as place:
        site = Site([sys.executable, str(PEERS / "bare_app.py"), "{port}"], dict(os.environ), place)
        try:
            yield site
        finally:
            site.close()


def _peer_python() -> Path:
    """Return the peers' Python; install the peers from PyPI if that was not done yet."""
    python = VENV / "bin" / "python"
    stamp = VENV / "pins.txt"
    if not stamp.exists() or stamp.read_text() != "\n".join(PINS):
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q", *PINS]
        subprocess.run(install, check=True)
        stamp.write_text("\n".join(PINS))
    return python
