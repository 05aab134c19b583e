"""Clients of a real server, over lines that lose what a test wants lost."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx

from cairn_client import Cairn, Event, Follow, Told
from tests.e2e import house


class Lossy(httpx.HTTPTransport):
    """Sends each request to the server; of those that `loses` says, nobody hears the answer."""

    def __init__(self, loses: Callable[[httpx.Request], bool]) -> None:
        super().__init__()
        self._loses = loses
        self.lost = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if self._loses(request):
            self.lost += 1
            answer.read()
            raise httpx.ReadError("the answer was lost", request=request)
        return answer


class Buffering(httpx.HTTPTransport):
    """Keeps streams back, as some proxies do: nothing of them comes, until the reader gives up."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if "event-stream" in request.headers["Accept"]:
            raise httpx.ReadTimeout("nothing came", request=request)
        return super().handle_request(request)


def user(port: int, token: str, transport: httpx.BaseTransport | None = None) -> Cairn:
    http = httpx.Client(trust_env=False, transport=transport)
    return Cairn(f"http://127.0.0.1:{port}", token, http=http)


def ada(port: int, transport: httpx.BaseTransport | None = None) -> Cairn:
    return user(port, house.TOKEN, transport)


def losing_once(method: str, ending: str) -> Lossy:
    """Return a line that loses the first answer to requests for such an address."""
    left = iter([True])

    def loses(request: httpx.Request) -> bool:
        wanted = request.method == method and request.url.path.endswith(ending)
        return wanted and next(left, False)

    return Lossy(loses)


def events(told: Iterable[Told]) -> list[Event]:
    """Return what was told, of which all must be events."""
    found = []
    for one in told:
        assert isinstance(one, Event), one
        found.append(one)
    return found


def raw(told: Iterable[Told]) -> list[dict[str, Any]]:
    """Return events as the server told them."""
    return [one.raw for one in events(told)]


def approved(cairn: Cairn, follow: Follow) -> Iterator[Told]:
    """Yield what is told, and approve every gate."""
    for told in follow:
        yield told
        if isinstance(told, Event) and told.type == "gate_opened":
            gate_id, digest = told.data["gate_id"], told.data["digest"]
            if cairn.gate(gate_id)["state"] == "pending":
                cairn.answer(gate_id, "approve", digest=digest)


def log(cairn: Cairn, run_id: str) -> list[dict[str, Any]]:
    """Return all of a run's log, in pages of one's own."""
    found: list[dict[str, Any]] = []
    while True:
        after = found[-1]["position"] if found else 0
        page = httpx.get(
            f"{cairn.base_url}runs/{run_id}/events/",
            params={"after": after},
            headers={"Authorization": f"Token {house.TOKEN}", "Accept": "application/json"},
            trust_env=False,
        ).json()
        found += page["events"]
        if not page["has_more"]:
            return found
