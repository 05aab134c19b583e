"""The terminal client as people start it: a process of its own, and a real terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds; a loaded machine is no failure


def prepared(var: Path) -> dict[str, str]:
    """Return the environment of an installation with the demonstration's users."""
    settings = {
        **os.environ,
        "CAIRN_VAR": str(var),
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
