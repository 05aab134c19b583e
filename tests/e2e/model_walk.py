"""A walk through Cairn with a real, small language model, and a transcript of it.

    python -m tests.e2e.model_walk    # writes docs/explanation/a-run-with-a-model.md

Three parts: a chat about a data set, a tool that a person allows just before the server is killed,
and a plan with its proposal and two checkpoints. The model is weak, so nothing is expected of what
it says: only that each run ends, that what was asked of people was asked, and what was checked.
"""

import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from agents.models.local_server import NAME
from tests.e2e import house, model_server
from tests.e2e.clients import Client
from tests.e2e.servers import Server

PATIENCE = 150.0  # seconds for one run; the model shares the cores with whatever else runs
LOOK = 0.2
TOKENS, CONTEXT = 96, 1024
REPORT = "report.md"
DOCUMENT = """# The bakery today

Revenue grew by 12% to EUR 480,000 in 2025. Rent costs EUR 2,400 per month.

## Risks

There is a risk that two trained bakers cannot be found within 6 months. We depend on one supplier.
"""
GOAL = "Decide whether to open a second bakery by June 2027"
PAGE = house.ROOT / "docs/explanation/a-run-with-a-model.md"
ENDED = frozenset({"completed", "failed", "rejected", "expired", "cancelled"})


def settings(url: str) -> dict[str, Any]:
    """Return the CAIRN_ settings of a server that asks the small model."""
    return {
        "engine": "pydantic-ai",
        "model": NAME,
        "model_url": url,
        "model_key": model_server.KEY,
        "model_output": "native",
        "model_tools": "form",
        "model_tokens": TOKENS,
        "model_context": CONTEXT,
        "model_temperature": 0,
        "lease": 30,
        "sweep": 0.2,
    }


@dataclass
class Walk:
    """What was sent and what came back, for people to read."""

    server: Server
    var: Path
    lines: list[str] = field(default_factory=list)
    _heading: int = 0

    def tell(self, text: str) -> None:
        self.lines.append(text)

    def part(self, title: str, text: str) -> None:
        self.lines += ["", f"## {title}", "", text, ""]

    async def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and note it; return what was answered."""
        async with Client(self.server.port) as client:
            answer = await client.request(method, path, json=body)
        assert answer.status_code < 300, answer.text
        sent = f"{method} /api/v1/{path}" + (f" {_short(body)}" if body is not None else "")
        self.block([f"> {sent}", f"< {answer.status_code} {_shown(answer)}"])
        return answer.json()

    def block(self, lines: list[str]) -> None:
        self.lines += ["```", *lines, "```", ""]

    async def wait(self, run_id: str, *states: str) -> dict[str, Any]:
        """Wait until a run waits for a person, or has ended; note where it stands."""
        end = time.monotonic() + PATIENCE
        wanted = states or ("waiting", *ENDED)
        async with Client(self.server.port) as client:
            while (run := await client.run(run_id))["state"] not in wanted:
                assert time.monotonic() < end, f"{run}\n{self.server.log}"
                await asyncio.sleep(LOOK)
        error = f" {run['error']}" if run["error"] else ""
        self.block([f"  the run is {run['state']}: {run['message']}{error}"])
        return run

    async def events(self, run_id: str) -> list[dict[str, Any]]:
        async with Client(self.server.port) as client:
            headers = {"Accept": "application/json"}
            answer = await client.get(f"runs/{run_id}/events/?limit=1000", headers=headers)
        events: list[dict[str, Any]] = answer.json()["events"]
        return events


def _short(value: Any, most: int = 300) -> str:
    text = " ".join(json.dumps(value, ensure_ascii=False).split())
    return text if len(text) <= most else f"{text[:most]}…"


def _shown(answer: httpx.Response) -> str:
    body = answer.json()
    names = ("id", "run_id", "message_id", "state", "engine", "decision", "slug", "mode", "usage")
    return _short({name: body[name] for name in names if body.get(name) is not None})


async def chat(walk: Walk) -> dict[str, Any]:
    """Chat about a data set: it is profiled, the model describes it, and answers."""
    walk.part("A chat", "The profile is computed; the model adds words and answers a question.")
    session = await walk.send("POST", "sessions/", {"demo": "penguins", "mode": "act"})
    await walk.wait(session["run_id"], *ENDED)
    path = f"sessions/{session['id']}/messages/"
    posted = await walk.send("POST", path, {"text": "How many penguins are there of each species?"})
    await walk.wait(posted["run_id"])
    walk.block(await _answer(walk, session["id"]))
    return {"session": session, "reply": posted}


async def _answer(walk: Walk, session_id: str) -> list[str]:
    async with Client(walk.server.port) as client:
        messages = (await client.get(f"sessions/{session_id}/messages/")).json()["results"]
    said = messages[-1]
    return [f"{said['role']}: {line}" for line in said["text"].strip().splitlines()[:12] if line]


async def tool(walk: Walk, session: dict[str, Any]) -> dict[str, Any]:
    """Ask for a file, allow it, kill the server before it goes on, and start another one."""
    walk.part(
        "A tool, and a server that dies",
        "The message names a tool. The model fills in its call, a person corrects the path and "
        "allows it, and the server gets `kill -9` before the run goes on.",
    )
    path = f"sessions/{session['id']}/messages/"
    text = f"Use save_file to save a report as {REPORT}"
    posted = await walk.send("POST", path, {"text": text})
    run = await walk.wait(posted["run_id"])
    gate = run["pending_gate"]
    assert gate is not None, f"{run}\n{walk.server.log}"
    call = gate["payload"]["calls"][0]
    walk.block([f"  {gate['question']} {call['tool']} {_short(call['arguments'])}"])
    working = walk.server
    deaf = Server(walk.var, {**working.settings, "runner": "off"})
    working.kill()
    walk.server = deaf.start()
    arguments = {call["call_id"]: {"path": REPORT}}
    body = {"decision": "approve", "digest": gate["digest"], "payload": {"arguments": arguments}}
    await walk.send("POST", f"gates/{gate['id']}/answer/", body)
    queued = await walk.wait(posted["run_id"], "queued")
    deaf.kill()
    walk.block(["  kill -9: no server is left; another one starts"])
    walk.server = working.start()
    await walk.wait(posted["run_id"])
    walk.block(await _answer(walk, session["id"]))
    return {"posted": posted, "gate": gate, "queued": queued}


async def plan(walk: Walk) -> dict[str, Any]:
    """Plan in four iterations with a checkpoint after each second one, to the end."""
    walk.part("A plan", "Four iterations, a checkpoint after each second one.")
    entity = await walk.send("POST", "entities/", {"title": "Bakery", "body": DOCUMENT})
    wish = {
        "goal": GOAL,
        "max_iterations": 4,
        "checkpoint_interval": 2,
        "documents": [entity["slug"]],
    }
    plan = await walk.send("POST", "plans/", wish)
    gates = []
    while (run := await walk.wait(plan["run_id"]))["state"] == "waiting":
        gate = run["pending_gate"]
        gates.append(gate["name"])
        walk.block([f"  {gate['name']}: {gate['question']}"])
        body = {"decision": "approve", "digest": gate["digest"]}
        await walk.send("POST", f"gates/{gate['id']}/answer/", body)
    if run["state"] == "completed":
        found = await walk.send("GET", f"plans/{plan['id']}/")
        walk.block(str(found["final_plan"]).strip().splitlines()[:20])
    return {"plan": plan, "run": run, "gates": gates}


def count(var: Path, name: str) -> int:
    """Return how many files of a name there are."""
    return len(list(var.rglob(name)))


def furnished(folder: Path) -> Path:
    return house.furnish(folder / "var", house.template(folder))


async def _write(folder: Path) -> list[str]:
    var = furnished(folder)
    with model_server.running() as url:
        walk = Walk(Server(var, settings(url)).start(), var)
        try:
            told = await chat(walk)
            await tool(walk, told["session"])
            await plan(walk)
        finally:
            walk.server.discard()
    return walk.lines


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(_write(Path(folder)))
    head = [
        "# A run with a language model",
        "",
        f"Written by `python -m tests.e2e.model_walk`: a server, {NAME} beside it, and what was",
        "sent and answered, shortened. A model this small is wrong as often as not; what is to be",
        "seen here is what happens around it.",
    ]
    PAGE.write_text("\n".join([*head, *lines]).rstrip() + "\n", encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(house.ROOT)} is written.\n")


if __name__ == "__main__":
    main()
