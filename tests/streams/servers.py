"""Real servers on loopback, and a proxy that cuts connections."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.db import connection

from tests import databases

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "daphne": ["project.serving", "-b", "127.0.0.1", "-p", "{port}"],
    "uvicorn": ["uvicorn", "--host", "127.0.0.1", "--port", "{port}", "--log-level", "warning"],
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server process that reads this test's database."""

    pid: int
    port: int

    @property
    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    @property
    def database_files(self) -> int:
        """How many open files belong to the database: each connection has a few."""
        if connection.vendor == "postgresql":
            return self._sockets()
        found = 0
        for file in Path(f"/proc/{self.pid}/fd").iterdir():
            with suppress(OSError):  # closed since
                found += ".sqlite3" in str(file.readlink())
        return found

    def _sockets(self) -> int:
        sql = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
        with psycopg.connect(databases.address()) as looking:
            return len(looking.execute(sql, [f"cairn-{self.port}"]).fetchall())

    @property
    def memory(self) -> int:
        """Bytes of resident memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(name: str, folder: Path, **variables: str) -> Iterator[Server]:
    """Start a server on this test's database; it is killed at the end."""
    port = free_port()
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.streams.server_settings",
        "DATABASE_URL": databases.address(),
        "PGAPPNAME": f"cairn-{port}",
        "CAIRN_VAR": str(folder),
        "CAIRN_RUNNER": "off",
        "CAIRN_STREAMS_PER_USER": "1000",
        "PYTHONPATH": str(ROOT),
        **variables,
    }
    command = [part.format(port=port) for part in COMMANDS[name]]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "project.asgi:application"], env=env, cwd=ROOT
    )
    try:
        _wait_for(port, process)
        yield Server(process.pid, port)
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("the server did not start")


class CuttingProxy:
    """Forwards to a server; each connection is cut after so many bytes of the answer."""

    def __init__(self, port: int, cuts: Iterator[int]) -> None:
        self.port = 0
        self.made = 0
        self._to = port
        self._cuts = cuts
        self._tasks: list[asyncio.Future[None]] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator["CuttingProxy"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, near: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        self._tasks.append(asyncio.ensure_future(self._serve(near, out)))

    async def _serve(self, near: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        left = next(self._cuts)
        self.made += 1
        far, into = await asyncio.open_connection("127.0.0.1", self._to)
        upward = asyncio.ensure_future(self._pump(near, into, 2**40))
        try:
            await self._pump(far, out, left)
        finally:
            upward.cancel()
            for writer in (into, out):
                writer.close()
                with suppress(ConnectionError):
                    await writer.wait_closed()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, left: int
    ) -> None:
        with suppress(ConnectionError):
            while left > 0 and (data := await source.read(min(left, 4096))):
                left -= len(data)
                sink.write(data)
                await sink.drain()
