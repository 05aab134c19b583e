"""The application, with one more path that tells how many asyncio tasks the process holds."""

import asyncio
import json
from typing import Any

from project.asgi import application as cairn
from runs import runner

PATH = "/observed"


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http" or scope["path"] != PATH:
        await cairn(scope, receive, send)
        return
    body = json.dumps(_tasks()).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def _tasks() -> dict[str, int]:
    worker = runner._runner
    assert worker is not None
    return {
        "serving": len(asyncio.all_tasks()),
        "working": len(asyncio.all_tasks(worker._loop)),
        "active runs": len(worker._active),
    }
