"""A worker's answer to supervisors: a few lines of HTTP, without a web server.

`/healthz` says whether the process is worth keeping, `/readyz` whether it takes work now. Apps
above connect more pages, `/metrics` for one.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

logger = logging.getLogger(__name__)

Check = Callable[[], Awaitable[str]]  # returns what is wrong, or nothing
PATIENCE = 3.0  # seconds that a check, or a caller, may take
STATUS = {200: "OK", 401: "Unauthorized", 404: "Not Found", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json"


Page = Callable[[str], Awaitable[Answer]]  # is given what the Authorization header says
_connected: dict[str, Page] = {}


def connect(path: str, page: Page) -> None:
    _connected[path] = page


@asynccontextmanager
async def answering(
    host: str, port: int, pages: Mapping[str, Mapping[str, Check]]
) -> AsyncIterator[None]:
    """Answer on a port while the block lasts; on no port with 0."""
    if not port:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE + 2):
                await _answer(reader, writer, pages)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            logger.debug("A question for vital signs was not finished.")
        finally:
            writer.close()

    server = await asyncio.start_server(answer, host, port, limit=8192)
    try:
        yield
    finally:
        server.close()


async def _answer(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    pages: Mapping[str, Mapping[str, Check]],
) -> None:
    words = (await reader.readline()).decode("latin-1").split()
    authorization = ""
    while line := (await reader.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        if name.lower() == "authorization":
            authorization = value.strip()
    path = words[1].partition("?")[0].rstrip("/") if len(words) > 1 else ""
    if path in pages:
        answer = await _look(pages[path])
    elif path in _connected:
        answer = await _connected[path](authorization)
    else:
        known = sorted([*pages, *_connected])
        answer = Answer(404, json.dumps({"status": "not found", "pages": known}).encode())
    head = (
        f"HTTP/1.1 {answer.status} {STATUS[answer.status]}\r\n"
        f"Content-Type: {answer.content_type}\r\nContent-Length: {len(answer.body)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + (b"" if words[:1] == ["HEAD"] else answer.body))
    await writer.drain()


async def _look(checks: Mapping[str, Check]) -> Answer:
    reasons = {name: await _reason(check) for name, check in checks.items()}
    is_well = not any(reasons.values())
    told = {name: reason or "ok" for name, reason in reasons.items()}
    body = {"status": "ok" if is_well else "unavailable", "checks": told}
    return Answer(200 if is_well else 503, json.dumps(body).encode())


async def _reason(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except TimeoutError:
        return f"No answer in {PATIENCE:g} s."
