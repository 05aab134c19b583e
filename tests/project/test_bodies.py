"""Bodies are bounded before Django stores them. tests/api/test_uploads.py asks real servers."""

import asyncio
import json
from io import BytesIO
from typing import Any

import pytest
from pytest_django import Settings

from project import bodies
from project.asgi import StreamHandler
from project.bodies import Bounded

MOST = 100 + bodies.FORM


@pytest.fixture(autouse=True)
def _small(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILES = {"MAX_UPLOAD_BYTES": 100}
    monkeypatch.setattr(bodies, "LINGER_SECONDS", 0.05)


class Connection:
    """A client that sends these parts, and what it was answered."""

    def __init__(self, *parts: bytes, claims: int = 0, **scope: Any) -> None:
        headers = [(b"content-length", b"%d" % claims)] if claims else []
        self.scope = {
            "type": "http", "method": "GET", "path": "/healthz", "headers": headers,
            "server": ("localhost", 80), **scope
        }  # fmt: skip
        self.answer: list[dict[str, Any]] = []
        self._parts = list(parts)

    async def receive(self) -> dict[str, Any]:
        if not self._parts:
            await asyncio.Event().wait()  # it stays, and says nothing more
        part = self._parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(self._parts)}

    async def send(self, message: dict[str, Any]) -> None:
        self.answer.append(message)

    @property
    def status(self) -> int:
        return int(self.answer[0]["status"])

    @property
    def error(self) -> Any:
        return json.loads(b"".join(one.get("body", b"") for one in self.answer))["error"]


async def serve(connection: Connection) -> None:
    scope = {"query_string": b"", "http_version": "1.1", **connection.scope}
    await StreamHandler()(scope, connection.receive, connection.send)


async def test_a_claim_that_is_too_much_is_answered_before_the_body_is_read():
    """Reliability 20."""
    connection = Connection(b"", claims=MOST + 1)

    await serve(connection)

    assert (connection.status, connection.error["code"]) == (413, "too_large")
    assert f"{MOST:,} bytes" in connection.error["message"]
    assert connection.answer[-1] == {"type": "http.response.body", "body": b""}


async def test_a_body_that_becomes_too_much_is_refused_where_it_does():
    """Reliability 20."""
    connection = Connection(*[b"x" * MOST] * 3)

    await serve(connection)

    assert (connection.status, connection.error["code"]) == (413, "too_large")


async def test_a_body_of_just_that_size_is_taken():
    connection = Connection(b"x" * (MOST - 1), b"x", claims=MOST)

    await serve(connection)

    assert connection.status == 200


async def test_what_is_still_being_sent_is_let_go_for_a_while_only():
    """A client that sends for ever does not keep its connection for ever."""
    connection = Connection(claims=MOST + 1)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x", "more_body": True}

    bounded = Bounded(connection.scope, receive)
    assert bounded.is_too_large

    await bounded.refuse(connection.send)

    assert connection.status == 413
    assert connection.answer[-1].get("more_body") is None


async def test_a_body_that_lies_in_a_file_is_read_piece_by_piece_and_closed():
    data = bytes(range(256)) * 4096
    file = BytesIO(data)
    connection = Connection(b"")
    connection.scope[bodies.SPOOLED] = file
    bounded, pieces = Bounded(connection.scope, connection.receive), []

    while (message := await bounded())["more_body"]:
        pieces.append(message["body"])

    assert b"".join(pieces) == data
    assert max(map(len, pieces)) <= bodies.PIECE < len(data)
    assert file.closed
