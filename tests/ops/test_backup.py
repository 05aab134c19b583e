"""A copy that was made in the middle of work is whole, works on, and tells clients what it lacks."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.e2e import house
from tests.e2e.clients import Client, Watcher, approve, approve_all
from tests.e2e.servers import Server

SLOW = '{"delay": 0.01}'


def back_up(source: Path, target: Path) -> None:
    """Do what the guide's `.backup` does."""
    target.parent.mkdir()
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def verified(var: Path) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_run", "--all"],
        env=house.environment(var), cwd=house.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_a_copy_made_in_the_middle_of_a_plan_is_restored_and_goes_on(tmp_path: Path):
    """Reliability 2 and 10: verified as restored and when it ended; a cursor beyond it is reset."""
    var = house.furnish(tmp_path / "var", house.template(tmp_path))
    copy = tmp_path / "copy"
    server, restored = Server(var, {"script": SLOW}), Server(copy, {"script": SLOW})
    try:
        server.start()
        async with Client(server.port) as client:
            run_id = (await client.new_plan())["run_id"]
            async with Watcher(server.port, run_id) as watcher:
                approving = asyncio.create_task(approve_all(client, watcher))
                await watcher.position(33)
                await asyncio.to_thread(back_up, house.database(var), house.database(copy))
                await approving
                await watcher.end()
        server.kill()

        assert "1 runs looked at, 0 with faults." in verified(copy)
        restored.start()
        async with Client(restored.port) as client:
            first = await _first_frame(client, run_id, after=10**6)
            async with Watcher(restored.port, run_id) as watcher:
                for count in (2, 3):  # the first was approved before the copy was made
                    await approve(client, await watcher.type("gate_opened", count))
                await watcher.end()
    finally:
        server.discard()
        restored.discard()

    assert (first["resume"], first["reset"], first["to"]) == ("gap", True, 10**6)
    assert watcher.positions == list(range(1, len(watcher.events) + 1))
    assert watcher.events[-1]["type"] == "run_completed"
    assert "completed" in verified(copy)


async def _first_frame(client: Client, run_id: str, *, after: int) -> dict[str, object]:
    path = f"runs/{run_id}/events/?after={after}"
    async with client.stream("GET", path, headers={"Accept": "text/event-stream"}) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data:"):
                data: dict[str, object] = json.loads(line.removeprefix("data:"))["data"]
                return data
    raise AssertionError("no frame")
