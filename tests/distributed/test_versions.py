"""Old and new code at once, as during an upgrade: what each does with what it does not know."""

import json
import re
import subprocess
import sys

import pytest

from tests.distributed.farm import Farm, Worker
from tests.e2e import house, story
from tests.e2e.clients import Client, Watcher, approve, approve_all

OURS = re.compile(
    r"^import time:.*\| +((?:chat|files|planning|project|runs|streams)\.\S+)$", re.MULTILINE
)
NEWER = (
    '{"event":"status","type":"weather_changed","position":%d,"run_id":"%s","session_id":null,'
    '"timestamp":"2026-01-01T00:00:00.000Z","data":{"sky":["grey"]}}'
)
APPEND = (
    "INSERT INTO streams_streamevent (stream_id, position, type, run_id, body, is_last)"
    " VALUES (%s, %s, 'weather_changed', %s, %s, false) RETURNING id"
)


class OlderWorker(Worker):
    def _command(self) -> list[str]:
        _, _, _, *options = super()._command()
        return [sys.executable, "-m", "tests.distributed.older_worker", *options]


async def test_a_worker_leaves_kinds_that_it_does_not_know_to_those_that_do(plot: Farm):
    """A new web process starts them while old workers are still there; nothing fails."""
    web = plot.web()
    older = plot.add(OlderWorker(plot.folder, {"stuck": 0.2}))
    async with Client(web.port) as client:
        answer = await client.post("strategies/", json={"goal": "Enter the Norwegian market"})
        assert answer.status_code == 202, answer.text
        run_id = answer.json()["run_id"]
        plan = await client.new_plan(max_iterations=1, checkpoint_interval=1)
        async with Watcher(web.port, plan["run_id"]) as watcher:
            assert (await approve_all(client, watcher))["type"] == "run_completed"
        assert (await client.run(run_id))["state"] == "queued"

        plot.worker()
        async with Watcher(web.port, run_id) as watcher:
            assert (await watcher.end())["type"] == "run_completed"

    assert "Traceback" not in older.log


def newer_code_writes(plot: Farm, run_id: str) -> int:
    """Add fields to what a run recorded, and an event that nobody here knows; return its position."""
    more = json.dumps({"later": {"than": "this"}})
    plot.query(
        "UPDATE runs_step SET result = result || %s::jsonb"
        " WHERE run_id = %s AND jsonb_typeof(result) = 'object' RETURNING id",
        more,
        run_id,
    )
    plot.query("UPDATE planning_plan SET proposal = proposal || %s::jsonb RETURNING id", more)
    [(stream_id, position)] = plot.query(
        "UPDATE streams_stream SET last_position = last_position + 1"
        " WHERE id = (SELECT stream_id FROM runs_run WHERE id = %s) RETURNING id, last_position",
        run_id,
    )
    plot.query(APPEND, stream_id, position, run_id, NEWER % (position, run_id))
    return int(position)


async def test_what_newer_code_wrote_is_read_by_older(plot: Farm):
    """A run goes on from steps with more fields; an unknown event is passed on in its place."""
    web = plot.web()
    worker = plot.worker()
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"]) as watcher:
            await approve(client, await watcher.type("gate_opened"))
            gate = await watcher.type("gate_opened", 2)
            position = newer_code_writes(plot, plan["run_id"])
            await approve(client, gate)
            await approve(client, await watcher.type("gate_opened", 3))
            assert (await watcher.end())["type"] == "run_completed"

        assert watcher.events == story.bodies(plot.url)
        assert watcher.positions == list(range(1, len(watcher.events) + 1))
        assert watcher.of("weather_changed") == [watcher.events[position - 1]]
        shown = (await client.get(f"plans/{plan['id']}/")).json()
        assert shown["metrics"]["iterations"] == 4
    assert "ERROR" not in worker.log + web.log
    assert " 0 with faults." in manage(plot, "verify_run", "--all")


def manage(plot: Farm, *words: str) -> str:
    """Run a command on the farm's database, and return what it prints."""
    env = house.environment(plot.folder, database_url=plot.url, runner="distributed")
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, env=env, cwd=house.ROOT, check=True, capture_output=True, text=True, timeout=30
    ).stdout


async def test_a_worker_has_loaded_its_code_before_it_takes_work(
    plot: Farm, monkeypatch: pytest.MonkeyPatch
):
    """An upgrade may put other files there while it works: old and new modules do not mix.

    Engines excepted, which are loaded when one is first asked for.
    """
    web = plot.web()
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    worker = plot.worker()
    loaded = len(worker.log)
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"]) as watcher:
            assert (await approve_all(client, watcher))["type"] == "run_completed"

    assert OURS.findall(worker.log[:loaded])
    assert OURS.findall(worker.log[loaded:]) == []
