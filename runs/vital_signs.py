"""A worker's answer to supervisors: a few lines of HTTP, without a web server.

`/healthz` says whether the process is worth keeping, `/readyz` whether it takes work now.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

logger = logging.getLogger(__name__)

Check = Callable[[], Awaitable[str]]  # returns what is wrong, or nothing
PATIENCE = 3.0  # seconds that a check, or a caller, may take
STATUS = {200: "OK", 404: "Not Found", 503: "Service Unavailable"}


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
    while (await reader.readline()).strip():
        pass  # headers say nothing here
    path = words[1].partition("?")[0].rstrip("/") if len(words) > 1 else ""
    if path in pages:
        status, body = await _look(pages[path])
    else:
        status, body = 404, {"status": "not found", "pages": sorted(pages)}
    content = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} {STATUS[status]}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + (b"" if words[:1] == ["HEAD"] else content))
    await writer.drain()


async def _look(checks: Mapping[str, Check]) -> tuple[int, dict[str, object]]:
    reasons = {name: await _reason(check) for name, check in checks.items()}
    is_well = not any(reasons.values())
    told = {name: reason or "ok" for name, reason in reasons.items()}
    return 200 if is_well else 503, {"status": "ok" if is_well else "unavailable", "checks": told}


async def _reason(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except TimeoutError:
        return f"No answer in {PATIENCE:g} s."
