"""Cairn as it is served, with one more path that starts many runs at once."""

import json
import random
import time
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from project.asgi import application as cairn

from benchmarks import talking, workloads  # isort: skip - after the apps are loaded
from django.contrib.auth.models import User  # isort: skip
from django.db import transaction  # isort: skip
from runs import actions  # isort: skip

workloads.connect()
talking.connect()


async def application(scope: Any, receive: Any, send: Any) -> None:
    start = STARTS.get(scope["path"]) if scope["type"] == "http" else None
    if start is None:
        await cairn(scope, receive, send)
        return
    given = json.loads((await receive())["body"])
    body = json.dumps(await sync_to_async(start)(**given)).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@transaction.atomic
def _tick(runs: int, count: int, every: float, wait: float) -> list[str]:
    """Queue runs that begin to tick after `wait` seconds, spread over the first interval."""
    user = User.objects.get()
    begin = time.monotonic() + wait
    started = []
    for _ in range(runs):
        arguments = {"count": count, "every": every, "begin": begin + random.random() * every}
        started.append(str(actions.start("tick", by=user, arguments=arguments).pk))
    return started


def _talk(sessions: int, count: int, every: float, wait: float) -> list[dict[str, str]]:
    return talking.start(sessions, count, every, time.monotonic() + wait)


STARTS: dict[str, Callable[..., Any]] = {"/bench/tick": _tick, "/bench/talk": _talk}
