"""What tests do with plans on the real server."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from tests.api import contract
from tests.api.server import PATIENCE
from tests.sse_client import Message

T = TypeVar("T")
QUIET = frozenset({"iteration_progress", "iteration_completed"})
CONTROL = frozenset({"session", "reconnect"})
Json = dict[str, Any]


def new_goal() -> str:
    return f"Open a second bakery {uuid4().hex}"


def checked(response: httpx.Response) -> httpx.Response:
    """Return an answer that the schema knows."""
    request = response.request
    body = response.json() if response.content else None
    contract.check(request.method, request.url.path, response.status_code, body)
    return response


def get(client: httpx.Client, path: str, **query: Any) -> Json:
    found: Json = checked(client.get(path, params=query)).raise_for_status().json()
    return found


def post(client: httpx.Client, path: str, body: Any, **more: Any) -> httpx.Response:
    return checked(client.post(path, json=body, **more))


def plan(client: httpx.Client, **wish: Any) -> Json:
    """Start a plan; its proposal is worked out by the server's runner."""
    wish = {"goal": new_goal(), **wish}
    created: Json = post(client, "/api/v1/plans/", wish).raise_for_status().json()
    return created


def _await(look: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(0.02)  # between two questions to another process, which tells nobody here
    raise AssertionError("the server did not get there")


def waiting(client: httpx.Client, run_id: str, name: str = "") -> Json:
    """Return the gate the run waits at, once it does."""

    def look() -> Json | None:
        gate: Json | None = get(client, f"/api/v1/runs/{run_id}/")["pending_gate"]
        return gate if gate and gate["name"].startswith(name) else None

    return _await(look)


def ended(client: httpx.Client, run_id: str) -> Json:
    """Return the run, once it has ended."""

    def look() -> Json | None:
        run = get(client, f"/api/v1/runs/{run_id}/")
        return run if run["finished_at"] else None

    return _await(look)


def answer(
    client: httpx.Client, gate: Json, decision: str = "approve", **more: Any
) -> httpx.Response:
    body = {"decision": decision, "digest": gate["digest"], **more}
    return post(client, f"/api/v1/gates/{gate['id']}/answer/", body)


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Make all calls at the same time."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


def approve(client: httpx.Client, session: str, number: int, **more: Any) -> httpx.Response:
    body = {"session_id": session, "checkpoint": number, **more}
    return post(client, "/api/checkpoint-approval", body)


def told(messages: list[Message]) -> list[str]:
    """Return what a planning chat would show a line for."""
    return [one.type for one in messages if one.type not in QUIET]


def facts(messages: list[Message]) -> list[tuple[str, str]]:
    """Return what was told and where, without control frames."""
    return [(one.id, one.data) for one in messages if one.type not in CONTROL]
