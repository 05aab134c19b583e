"""Call the stream doctor as a program does."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO
from typing import Any

from django.core.management import call_command

from tests.e2e import house
from tests.streams.servers import Server

IDLE = 3
TOKEN = house.TOKEN
Serving = Callable[..., AbstractContextManager[Server]]


def look(
    place: int | str, token: str = TOKEN, *, idle: int = IDLE, insecure: bool = False
) -> tuple[bool, dict[str, dict[str, Any]]]:
    """Return whether all is well, and each check by its name."""
    url = place if isinstance(place, str) else f"http://127.0.0.1:{place}"
    out = StringIO()
    options = {"token": token, "idle": idle, "insecure": insecure, "json": True, "stdout": out}
    try:
        call_command("stream_doctor", url, **options)
        is_well = True
    except SystemExit as ended:
        is_well = ended.code == 0
    told = json.loads(out.getvalue())
    assert told["ok"] is is_well
    return is_well, {one["check"]: one for one in told["checks"]}
