"""How large the body of a request may be, whoever sends it and wherever to.

Django stores a whole body on disk before any view, or any sign-in, is asked. So the size is
looked at before that: a body that claims too much is refused unread, and one that turns out to
be too much is refused there.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import IO, Any

from files.conf import MEBIBYTE, file_settings

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]

FORM = MEBIBYTE  # what surrounds a file: boundaries, names, other fields
# Whoever is refused may still be sending: closing at once would take the answer away from them.
LINGER_SECONDS = 5.0
SPOOLED = "cairn.body"  # in a scope: the file that has the body already
PIECE = 256 * 1024


def most() -> int:
    return file_settings().max_upload_bytes + FORM


def refusal() -> tuple[dict[str, str], bytes]:
    """Return headers and body of the answer."""
    message = f"The body is too large; at most {most():,} bytes are taken."
    body = json.dumps({"error": {"code": "too_large", "message": message}}).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "connection": "close",
    }
    return headers, body


class Bounded:
    """What an application reads of a request: no more than is taken."""

    def __init__(self, scope: Any, receive: Receive) -> None:
        self._receive = _from_file(scope[SPOOLED], receive) if SPOOLED in scope else receive
        self._left = most()
        self._is_whole = False
        self.is_too_large = _claimed(scope) > self._left

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._left < 0 and not self.is_too_large:
            self.is_too_large = True
            return {"type": "http.disconnect"}  # what makes Django drop what it has stored
        return message

    async def refuse(self, send: Send) -> None:
        headers, body = refusal()
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 413, "headers": pairs})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self._is_whole:
                    await self()
                    await asyncio.sleep(0)  # or a client that is fast enough stops the clock
        await send({"type": "http.response.body", "body": b""})


def _claimed(scope: Any) -> int:
    """Return the Content-Length; servers have checked that it is a number."""
    return max([int(value) for name, value in scope["headers"] if name == b"content-length"] or [0])


def _from_file(file: IO[bytes], rest: Receive) -> Receive:
    """Read a body from its file, piece by piece, and then what else the server has to say."""

    async def receive() -> Message:
        if file.closed:
            return await rest()
        await asyncio.sleep(0)  # reading does not suspend by itself: others have their turn
        if piece := file.read(PIECE):
            return {"type": "http.request", "body": piece, "more_body": True}
        file.close()
        return await rest()

    return receive
