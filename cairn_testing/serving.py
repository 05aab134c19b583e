"""The server under test: `project.serving`, killed by SIGKILL where the test says.

`python -m cairn_testing.serving WISH ...` with Daphne's options; WISH is a file in which a test
asks for a death, as JSON: {"position": 7, "before_commit": false}. It is gone after that.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import transaction  # noqa: E402 - the apps must be loaded first

from project.serving import Serving  # noqa: E402
from streams import rows  # noqa: E402
from streams.events import Event  # noqa: E402


def arm(wish: Path) -> None:
    """Die when an event is written to the position that is asked for, in whichever log.

    After the commit means before anybody was told of it: no reader woken, nothing dispatched.
    """
    insert = rows.insert

    def die() -> None:
        wish.unlink()
        os.kill(os.getpid(), signal.SIGKILL)

    def deadly(
        placed: Sequence[tuple[rows.Place, Sequence[Event]]], *, close: bool = False
    ) -> dict[UUID, list[rows.Row]]:
        written = insert(placed, close=close)
        wanted: dict[str, Any] = json.loads(wish.read_text()) if wish.exists() else {}
        positions = {row.position for found in written.values() for row in found}
        if wanted.get("position") in positions:
            if wanted["before_commit"]:
                die()
            transaction.on_commit(die)
        return written

    rows.insert = deadly


if __name__ == "__main__":
    arm(Path(sys.argv.pop(1)))
    Serving.entrypoint()
