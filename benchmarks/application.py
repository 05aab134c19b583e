"""Cairn as it is served, with one more path that starts many runs at once."""

import asyncio
import json
import random
import time
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from project.asgi import application as cairn

from benchmarks import feeding, talking, workloads  # isort: skip - after the apps are loaded
from django.contrib.auth.models import User  # isort: skip
from django.db import transaction  # isort: skip
from runs import actions  # isort: skip

workloads.connect()
talking.connect()
tasks: set[asyncio.Task[None]] = set()


async def application(scope: Any, receive: Any, send: Any) -> None:
    start = STARTS.get(scope["path"]) if scope["type"] == "http" else None
    if start is None:
        await cairn(scope, receive, send)
        return
    given = json.loads(await _body(receive))
    if start is feeding.feed:
        task = asyncio.get_running_loop().create_task(start(**given))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        body = b"{}"
    else:
        body = json.dumps(await sync_to_async(start)(**given)).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _body(receive: Any) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


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


@transaction.atomic
def _steps(runs: int) -> list[str]:
    user = User.objects.get()
    return [str(actions.start("steps", by=user).pk) for _ in range(runs)]


def _talk(sessions: int, count: int, every: float, wait: float) -> list[dict[str, str]]:
    return talking.start(sessions, count, every, time.monotonic() + wait)


STARTS: dict[str, Callable[..., Any]] = {
    "/bench/tick": _tick,
    "/bench/steps": _steps,
    "/bench/talk": _talk,
    "/bench/feed": feeding.feed,
}
