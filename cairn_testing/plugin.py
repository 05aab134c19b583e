"""Fixtures for pytest: `cairn`, `cairn_server`, `kill_worker_at` and `drop_connection_at`.

Each test that uses them has a server and a database of its own. A fault that was asked for and
did not happen fails the test: it has proved nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from cairn_client import Cairn, calling
from cairn_client.steps import Backoff
from cairn_testing import process
from cairn_testing.line import Line
from cairn_testing.process import Process

Drop = Callable[[int], None]


class Kill(Protocol):
    def __call__(self, position: int, *, before_commit: bool = False) -> None: ...


@pytest.fixture
def cairn_settings() -> dict[str, str]:
    """Return the environment of the server. Override it to name your agents."""
    return {}


@pytest.fixture(scope="session")
def cairn_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder with a migrated database, and the token of the user in it."""
    var = tmp_path_factory.mktemp("cairn-template")
    return var, process.prepare(var, {})


@pytest.fixture
def cairn_server(
    cairn_settings: dict[str, str], cairn_template: tuple[Path, str], tmp_path: Path
) -> Iterator[Process]:
    """Start a server whose log is shown when the test fails."""
    template, token = cairn_template
    var = tmp_path / "cairn"
    process.furnish(var, template)
    server = Process(var, cairn_settings, token)
    try:
        server.wait()
        yield server
    finally:
        server.end()
        print(server.log)  # noqa: T201 - pytest shows it for tests that failed


@pytest.fixture
def cairn_line(cairn_server: Process) -> Iterator[Line]:
    """Return the line between clients and the server: connect to its `port`."""
    with Line(cairn_server.port) as line:
        yield line


@pytest.fixture
def cairn(
    cairn_server: Process, cairn_line: Line, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cairn]:
    """Return a client that is back a moment after the server is."""
    monkeypatch.setattr(Backoff, "STEPS", (0.05, 0.1, 0.2, 0.5))
    monkeypatch.setattr(calling, "ATTEMPTS", 200)
    http = httpx.Client(trust_env=False)
    with Cairn(f"http://127.0.0.1:{cairn_line.port}", cairn_server.token, http=http) as client:
        yield client


@pytest.fixture
def kill_worker_at(cairn_server: Process) -> Iterator[Kill]:
    """Return a function: kill -9 whoever writes this position of a log, once.

    The process dies when the event is committed and nobody has been told; with `before_commit`
    it dies with its transaction open, so the event and what was done for it are lost. Then it is
    started again.
    """
    asked: list[int] = []

    def kill(position: int, *, before_commit: bool = False) -> None:
        assert cairn_server.has_died, "The death before has not happened yet."
        asked.append(position)
        cairn_server.die_at(position, before_commit=before_commit)

    yield kill
    if asked and not cairn_server.has_died:
        pytest.fail(f"Nothing was killed: no log came to position {asked[-1]}.")


@pytest.fixture
def drop_connection_at(cairn_line: Line) -> Iterator[Drop]:
    """Return a function: break a stream in the middle of the event of this position, once."""
    asked: list[int] = []

    def drop(position: int) -> None:
        asked.append(position)
        cairn_line.break_at(position)

    yield drop
    if missed := [position for position in asked if not cairn_line.has_broken_at(position)]:
        pytest.fail(f"Nothing was dropped: no stream told of {missed}.")
