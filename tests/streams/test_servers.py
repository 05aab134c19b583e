"""On real servers: idle streams cost nothing, a reader that never reads costs a bounded amount."""

import asyncio
import sys
import uuid

import pytest
from rest_framework.authtoken.models import Token

from streams import log
from streams.pool import pooled
from tests.factories import Noted, Said, make_run, make_user
from tests.sse_client import Message, Parser
from tests.streams.servers import Server, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
WAIT = 60


def note(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """Show a measurement, also of a test that passes."""
    with capsys.disabled():
        sys.stdout.write(f"\n{line}\n")


class Client:
    """A raw HTTP/1.1 connection to a stream."""

    def __init__(self, server: Server, path: str, token: str, limit: int = 2**16) -> None:
        self._server = server
        self._limit = limit
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            f"Authorization: Token {token}\r\nConnection: close\r\n\r\n"
        ).encode()
        self.status = 0
        self.parser = Parser()
        self.messages: list[Message] = []

    async def open(self) -> "Client":
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._server.port, limit=self._limit
        )
        self._writer.write(self._request)
        head = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), WAIT)
        self.status = int(head.split()[1])
        return self

    async def read(self) -> bool:
        """Read one chunk of the answer; False at its end."""
        size = int(await asyncio.wait_for(self._reader.readuntil(b"\r\n"), WAIT), 16)
        body = await self._reader.readexactly(size + 2)
        self.messages += self.parser.feed(body[:-2])
        return size > 0

    async def close(self) -> None:
        self._writer.close()
        await asyncio.wait([asyncio.ensure_future(self._writer.wait_closed())])


@pytest.mark.parametrize("name", ["daphne", "uvicorn"])
async def test_three_hundred_idle_streams_hold_no_thread_and_no_connection(
    run, token, tmp_path, name, capsys
):
    """Reliability 12."""
    path = f"/api/v1/runs/{run.pk}/events/"
    await pooled(log.append)(run.stream_id, [Noted(text="first")])

    with serving(name, tmp_path, CAIRN_HEARTBEAT="600") as server:
        warm = [await Client(server, path, token).open() for _ in range(10)]
        for client in warm:
            await client.read()
        before = (server.threads, server.database_files, server.memory)
        clients = [Client(server, path, token) for _ in range(290)]
        for start in range(0, 290, 29):
            await asyncio.gather(*(client.open() for client in clients[start : start + 29]))
        for client in clients:
            while len(client.messages) < 2:
                await client.read()
        after = (server.threads, server.database_files, server.memory)
        for client in clients + warm:
            await client.close()

    each = (after[2] - before[2]) / 290 / 1024
    note(
        capsys,
        f"{name}: 10 -> 300 streams: threads {before[0]} -> {after[0]}, "
        f"database files {before[1]} -> {after[1]}, {each:.0f} kB each",
    )
    assert {client.status for client in clients} == {200}
    assert after[0] <= before[0] + 4
    assert after[1] <= before[1] + 12
    assert after[0] < 40


@pytest.mark.parametrize("name", ["daphne", "uvicorn"])
async def test_readers_that_never_read_cost_a_bounded_amount_and_hold_nobody_up(
    run, user, token, tmp_path, name, capsys
):
    """Reliability 12."""
    other = await pooled(make_user)("quick-reader")
    quick = await pooled(make_run)(other)
    quick_token = await Token.objects.acreate(user=other)

    def fill() -> None:
        for part in range(6):
            texts = [Said(message_id=uuid.uuid4(), content="x" * 20_000) for _ in range(50)]
            log.append(run.stream_id, texts, close=part == 5)
        log.append(quick.stream_id, [Noted(text="x")] * 2000, close=True)

    await pooled(fill)()
    stuck_path, quick_path = (f"/api/v1/runs/{one.pk}/events/" for one in (run, quick))

    with serving(name, tmp_path, CAIRN_ROTATE_BYTES="500000", CAIRN_HEARTBEAT="0.5") as server:
        first = await Client(server, quick_path, quick_token.key).open()
        while not first.messages or "position" not in first.messages[-1].json:
            await first.read()
        before = server.memory
        stuck = [Client(server, stuck_path, token, limit=1024) for _ in range(20)]
        await asyncio.gather(*(client.open() for client in stuck))
        positions: list[int] = []
        while len(positions) < 2000:
            reader = await Client(
                server, f"{quick_path}?after={len(positions)}", quick_token.key
            ).open()
            while await reader.read():
                pass
            positions += [m.json["position"] for m in reader.messages if not m.is_control]
            await reader.close()
        grown = server.memory - before
        for client in [*stuck, first]:
            await client.close()

    note(capsys, f"{name}: 20 readers that never read: {grown / 2**20:.1f} MB")
    assert positions == list(range(1, 2001))
    # 6 MB are waiting for each of them; a connection's share is 0.5 MB.
    assert grown < 20 * 2 * 500_000 + 30 * 2**20
