"""A process that has loaded Cairn once and forks a real process for each life that is asked for.

Its argument is a furnished folder for a first life of its own. It reads tasks as
JSON lines from its input, and writes one JSON line for each when it is done:

    {"var": "/a/folder", "lives": [{"position": 17, "when": "after"}, null]}
    {"var": "/a/folder", "ends": ["SIGKILL", "done"]}

Each life starts when the one before has ended. A life without a position lives to the end.
"""

import gc
import json
import os
import signal
import sys
import threading
import traceback
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from django.db import connections

django.setup()

from runs import runner  # noqa: E402 - the apps must be loaded first
from streams import pool  # noqa: E402
from tests.e2e import house, life  # noqa: E402

AT_ONCE = 4
LONGEST_LIFE = 40  # seconds


@dataclass(slots=True)
class Task:
    var: Path
    lives: deque[dict[str, Any] | None]
    ends: list[str] = field(default_factory=list)

    def begin(self) -> int:
        """Fork the next life and return its process id."""
        armed = self.lives.popleft()
        pid = os.fork()
        if pid:
            return pid
        _be_born(self.var, armed)
        os._exit(0)

    def end(self, status: int) -> bool:
        """Note how a life ended; whether another is to come."""
        code = os.waitstatus_to_exitcode(status)
        self.ends.append(signal.Signals(-code).name if code < 0 else ("done", "failed")[code > 0])
        return bool(self.lives)


def _be_born(var: Path, armed: dict[str, Any] | None) -> None:
    """Live in a forked process, which has neither threads nor connections yet."""
    signal.alarm(LONGEST_LIFE)
    _move_to(var)
    log = os.open(var / "life.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        if armed is not None:
            life.arm(armed["position"], armed["when"])
        life.live()
    except BaseException:  # noqa: BLE001 - a child must never go on as its parent
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _move_to(var: Path) -> None:
    connections.databases["default"]["NAME"] = str(house.database(var))


def _grow_up(var: Path) -> None:
    """Do one plan and end all its threads, so that no life has to load what a plan needs."""
    _move_to(var)
    life.live()
    runner.stop()
    pool.shutdown()
    assert threading.active_count() == 1, "only a process of one thread may fork"
    gc.freeze()  # what is loaded is shared with all that are forked


def main() -> None:
    _grow_up(Path(sys.argv[1]))
    waiting = deque(Task(Path(given["var"]), deque(given["lives"])) for given in _given())
    working: dict[int, Task] = {}
    while waiting or working:
        while waiting and len(working) < AT_ONCE:
            task = waiting.popleft()
            working[task.begin()] = task
        pid, status = os.wait()
        task = working.pop(pid)
        if task.end(status):
            working[task.begin()] = task
        else:
            print(json.dumps({"var": str(task.var), "ends": task.ends}), flush=True)  # noqa: T201


def _given() -> list[dict[str, Any]]:
    return [json.loads(line) for line in sys.stdin]


if __name__ == "__main__":
    main()
