"""Two web processes, with two workers on PostgreSQL, and everything bad that can happen to them."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser.proxy import Proxy
from tests.distributed import farm
from tests.distributed.farm import Farm
from tests.e2e import house
from tests.e2e.servers import Server
from tests.e2e.story import Place
from tests.soak.course import POSTGRESQL, SQLITE, Fault

ADDRESS = os.environ.get("CAIRN_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
LEASE = 2.0  # seconds
SETTINGS: dict[str, Any] = {
    "script": '{"delay": 0.06}',
    "lease": LEASE,
    "sweep": 0.3,
    "heartbeat": 2,
    "look": 2,
    "max_attempts": 1000,  # of being killed: what fails here must be a fault of Cairn's own
}


@dataclass
class Site:
    """The processes of a soak. Clients reach the web processes through proxies that can cut."""

    place: Place
    environment: dict[str, str]
    webs: list[Server]
    workers: list[Server] = field(default_factory=list)
    proxies: list[Proxy] = field(default_factory=list)
    farm: Farm | None = None

    @property
    def ports(self) -> list[int]:
        return [proxy.port for proxy in self.proxies]

    def strike(self, fault: Fault) -> None:
        """Let a fault happen, and mend what it broke: afterwards all processes are up."""
        _FAULTS[fault.kind](self, fault)

    def verify(self) -> subprocess.CompletedProcess[str]:
        """Return what `manage.py verify_run --all` says."""
        return subprocess.run(
            [sys.executable, "manage.py", "verify_run", "--all"],
            env=self.environment,
            cwd=house.ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def discard(self) -> None:
        for server in [*self.webs, *self.workers]:
            server.discard()


@contextmanager
def built(database: str, folder: Path) -> Iterator[Site]:
    """Yield a running site in a folder; its processes and its database go when the block ends."""
    with ExitStack() as stack:
        site = stack.enter_context(_BUILDERS[database](folder))
        stack.callback(site.discard)
        for server in [*site.webs, *site.workers]:
            if server.process is None:
                server.start()
        site.proxies = [stack.enter_context(Proxy(web.port)) for web in site.webs]
        yield site


@contextmanager
def _on_sqlite(folder: Path) -> Iterator[Site]:
    house.furnish(folder, house.template(folder))
    webs = [Server(folder, dict(SETTINGS)) for _ in range(2)]
    yield Site(folder, house.environment(folder, **SETTINGS), webs)


@contextmanager
def _on_postgresql(folder: Path) -> Iterator[Site]:
    name = f"cairn_soak_{uuid.uuid4().hex[:12]}"
    url = urlsplit(ADDRESS)._replace(path=f"/{name}").geturl()
    farm.command(ADDRESS, f"CREATE DATABASE {name}")
    try:
        farm.prepare(url, folder)
        plot = Farm(ADDRESS, url, folder)
        environment = house.environment(
            folder, database_url=url, **{**SETTINGS, "runner": "distributed"}
        )
        site = Site(url, environment, [], farm=plot)
        try:
            site.webs = [plot.web(**SETTINGS) for _ in range(2)]
            site.workers = [plot.worker("--drain", 1, **SETTINGS) for _ in range(2)]
            yield site
        finally:
            for server in plot.servers:
                server.discard()
    finally:
        farm.command(ADDRESS, f"DROP DATABASE {name} WITH (FORCE)")


_BUILDERS = {SQLITE: _on_sqlite, POSTGRESQL: _on_postgresql}


def _one(servers: list[Server], fault: Fault) -> Server:
    return servers[fault.target % len(servers)]


def _kill(servers: list[Server], fault: Fault) -> None:
    server = _one(servers, fault)
    server.kill()
    time.sleep(fault.chance * LEASE)
    server.start()


def _stop(servers: list[Server], fault: Fault) -> None:
    server = _one(servers, fault)
    server.end(signal.SIGTERM)
    server.start()


def _freeze(servers: list[Server], fault: Fault) -> None:
    """Stop a process wherever it is, with the locks it may hold, until its lease has passed."""
    server = _one(servers, fault)
    server.send(signal.SIGSTOP)
    time.sleep(LEASE * (1.2 + fault.chance))
    server.send(signal.SIGCONT)


def _kill_all(site: Site, fault: Fault) -> None:
    servers = [*site.webs, *site.workers]
    for server in servers:
        server.kill()
    for server in servers:
        server.start()


def _cut_sockets(site: Site, fault: Fault) -> None:
    """Drop all connections of clients with one web process, and take no new ones for a moment."""
    proxy = site.proxies[fault.target % len(site.proxies)]
    proxy.refusing = True
    proxy.cut()
    time.sleep(fault.chance)
    proxy.refusing = False


def _cut_in_a_frame(site: Site, fault: Fault) -> None:
    for proxy in site.proxies:
        proxy.cut_inside_next_frame(10 + int(90 * fault.chance))


def _cut_database(site: Site, fault: Fault) -> None:
    assert site.farm
    site.farm.cut(_one([*site.webs, *site.workers], fault))


def _close_database(site: Site, fault: Fault) -> None:
    """What clients of a PostgreSQL see that is restarted: cut off, refused, and let in again."""
    assert site.farm
    site.farm.close_doors(True)
    try:
        site.farm.cut()
        time.sleep(0.5 + 2.5 * fault.chance)
    finally:
        site.farm.close_doors(False)


_FAULTS: dict[str, Callable[[Site, Fault], None]] = {
    "kill web": lambda site, fault: _kill(site.webs, fault),
    "stop web": lambda site, fault: _stop(site.webs, fault),
    "freeze web": lambda site, fault: _freeze(site.webs, fault),
    "kill worker": lambda site, fault: _kill(site.workers, fault),
    "stop worker": lambda site, fault: _stop(site.workers, fault),
    "freeze worker": lambda site, fault: _freeze(site.workers, fault),
    "kill all": _kill_all,
    "cut sockets": _cut_sockets,
    "cut in a frame": _cut_in_a_frame,
    "cut database": _cut_database,
    "close database": _close_database,
}
