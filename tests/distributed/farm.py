"""Web processes and workers on one PostgreSQL database, and a hand in that database."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg

from tests.e2e import house, story
from tests.e2e.servers import Server

ADDRESS = os.environ.get("CAIRN_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
QUICK = {
    "runner": "distributed",
    "heartbeat": 90,  # what nobody is told of at once makes a test fail: wake-ups must come
    "look": 90,
    "lease": 1.5,
    "sweep": 0.2,
}

Some = TypeVar("Some", bound=Server)


class Worker(Server):
    """`manage.py worker` in a process of its own; it has started when it is ready."""

    @property
    def options(self) -> list[str]:
        return [str(option) for option in self.settings.get("options", [])]

    def _command(self) -> list[str]:
        command = [sys.executable, "manage.py", "worker", "--health-port", str(self.port)]
        return [*command, *self.options]

    def _answers(self) -> bool:
        if self.answers(200):
            return True
        assert self.process is not None
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(0.05)
        return False

    def answers(self, status: int) -> bool:
        """Whether it is ready for work (200), or says why it is not (503)."""
        return self.health("readyz")[0] == status

    def health(self, page: str) -> tuple[int, dict[str, Any]]:
        """Return the status and the body of a page for supervisors; 0 if nobody answers."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/{page}", timeout=5
            ) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}


@dataclass
class Farm:
    """The processes that share a database; all are killed when the test ends."""

    address: str  # of PostgreSQL
    url: str  # of the farm's own database
    folder: Path
    servers: list[Server] = field(default_factory=list)

    def web(self, **settings: Any) -> Server:
        return self.add(Server(self.folder, settings))

    def worker(self, *options: object, **settings: Any) -> Worker:
        return self.add(Worker(self.folder, {**settings, "options": options}))

    def add(self, server: Some) -> Some:
        """Start a process that is one of the farm's from now on."""
        # Whose each connection is can be seen in the database.
        url = f"{self.url}?application_name=cairn-{server.port}"
        server.settings = {**QUICK, **server.settings, "database_url": url}
        self.servers.append(server)
        server.start()
        return server

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return story.query(self.url, sql, *values)

    def cut(self, server: Server | None = None) -> int:
        """End the database's connections, or those of one process; return how many."""
        sql = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND application_name LIKE %s"
        )
        name = f"cairn-{server.port}" if server else "cairn-%"
        return len(story.query(self.address, sql, self.name, name))

    def close_doors(self, is_closed: bool) -> None:
        """Let nobody connect to the database any more, or again."""
        allowed = "false" if is_closed else "true"
        command(self.address, f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS {allowed}")

    def busy(self, server: Server) -> bool:
        """Whether a process is in a transaction, and may hold locks."""
        sql = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = %s AND state <> 'idle'"
        )
        return bool(self.query(sql, f"cairn-{server.port}")[0][0])

    def close(self) -> None:
        for server in self.servers:
            server.discard()
            print(f"--- {server.port}\n{server.log}")  # noqa: T201 - shown for tests that failed


def command(address: str, statement: str) -> None:
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        connection.execute(statement.encode())


@contextmanager
def database(address: str, *, template: str = "") -> Iterator[str]:
    """Make a database, empty or a copy of the template's; yield its address and drop it."""
    name = f"cairn_test_{uuid.uuid4().hex}"
    like = f" TEMPLATE {urlsplit(template).path[1:]}" if template else ""
    command(address, f"CREATE DATABASE {name}{like}")
    try:
        yield urlsplit(address)._replace(path=f"/{name}").geturl()
    finally:
        command(address, f"DROP DATABASE {name} WITH (FORCE)")


def prepare(url: str, var: Path) -> None:
    var.mkdir(exist_ok=True)
    house.prepare(house.environment(var, database_url=url, runner="distributed"))
