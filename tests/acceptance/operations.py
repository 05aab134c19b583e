"""The three operations that people watch, begun as their older clients begin them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.api import walking
from tests.api.wire import stream

Query = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that was begun: its own stream, and the older one that tells of it."""

    run_id: str
    legacy: str
    query: Query = field(default_factory=dict)

    @property
    def native(self) -> str:
        return f"/api/v1/runs/{self.run_id}/events/"


@dataclass(frozen=True, slots=True)
class Operation:
    """`progress` is the event type of its progress, `ends` the last message of the older stream."""

    name: str
    begin: Callable[[httpx.Client], Begun]
    progress: str
    ends: str

    def __str__(self) -> str:
        return self.name


def upload(client: httpx.Client) -> str:
    """Return the id of a data file that nobody has uploaded before."""
    table = f"month,count\nJanuary,3\n{uuid4().hex},5\n".encode()
    sent = client.post("/api/v1/files/", files={"file": ("sales.csv", table)})
    return str(sent.raise_for_status().json()["id"])


def new_session(client: httpx.Client, connection: Any = "penguins") -> walking.Json:
    answer = walking.post(client, "/datamodel/start", {"connection_id": connection})
    started: walking.Json = answer.raise_for_status().json()
    return started


def run_of(client: httpx.Client, session_id: str) -> str:
    """Return the newest run of a session."""
    return str(walking.get(client, f"/api/v1/sessions/{session_id}/")["run_id"])


def initialise(client: httpx.Client) -> Begun:
    started = new_session(client, upload(client))
    return Begun(run_of(client, started["session_id"]), started["progress_url"])


def ready_session(client: httpx.Client) -> walking.Json:
    """Return a session whose data is profiled."""
    started = new_session(client)
    walking.ended(client, run_of(client, started["session_id"]))
    return started


def chat(client: httpx.Client) -> Begun:
    started = ready_session(client)
    query: Query = {"message": f"How many rows by month? {uuid4().hex}", "key": uuid4().hex}
    with stream(client, started["chat_url"], **query) as opened:
        next(iter(opened))
    return Begun(run_of(client, started["session_id"]), started["chat_url"], query)


def plan(client: httpx.Client) -> Begun:
    query: Query = {"goal": walking.new_goal()}
    with stream(client, "/api/execute-plan", **query) as opened:
        session_id = next(iter(opened)).json["session_id"]
    run_id = walking.get(client, f"/api/v1/plans/{session_id}/")["run_id"]
    return Begun(str(run_id), "/api/execute-plan", {"session_id": session_id})


OPERATIONS = (
    Operation("initialise", initialise, "progress", "complete"),
    Operation("chat", chat, "progress", "chat_result"),
    Operation("plan", plan, "iteration_progress", "complete"),
)
