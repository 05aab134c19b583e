"""Workers that die in the middle of their commits, and one whose clock is wrong."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from tests.distributed.farm import Farm, Worker
from tests.distributed.reading import rows
from tests.e2e import story
from tests.e2e.clients import Client, Watcher, approve_all
from tests.e2e.servers import PATIENCE

AHEAD = 3  # positions; the worker must not be there before it is told


class Other(Worker):
    """A worker that another module starts."""

    def _command(self) -> list[str]:
        start = [sys.executable, "-m", *self.options]
        return [*start, "--health-port", str(self.port)]


def die_at(wish: Path, position: int, *, before_commit: bool) -> None:
    draft = wish.with_suffix(".new")
    draft.write_text(json.dumps({"position": position, "before_commit": before_commit}))
    draft.rename(wish)


async def test_a_worker_killed_at_its_commits_again_and_again_changes_nothing(
    plot: Farm, undisturbed: Path, tmp_path: Path
):
    """Reliability 1, distributed: before a commit, and after it when nobody has been told."""
    wish, web = tmp_path / "wish.json", plot.web()
    options = ["tests.distributed.mortal_worker", wish]
    settings = {"options": options, "script": '{"delay": 0.08}', "max_attempts": 50}
    worker = plot.add(Other(plot.folder, settings))
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"], raw=True) as watcher:
            approving = asyncio.create_task(approve_all(client, watcher))
            for number, seen in enumerate((2, 12, 22, 35)):
                await watcher.type("iteration_progress", seen)
                die_at(wish, watcher.cursor + AHEAD, before_commit=number % 2 == 0)
                assert worker.process
                code = await asyncio.to_thread(worker.process.wait, PATIENCE)
                assert code == -signal.SIGKILL
                worker.start()
            await approving

    assert watcher.positions == list(range(1, len(watcher.events) + 1))
    assert watcher.events == story.bodies(plot.url)
    assert story.log(plot.url) == story.log(undisturbed)
    assert rows(plot.url) == rows(undisturbed)


@pytest.mark.parametrize("seconds", [60, -60])
async def test_a_worker_whose_clock_is_a_minute_off_changes_nothing(
    seconds: int, plot: Farm, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
):
    """Reliability 6, distributed: leases, deadlines and retries are on the database's clock."""
    monkeypatch.setenv("CLOCK_IS_OFF_BY", str(seconds))
    web = plot.web()
    settings = {
        "options": ["tests.distributed.wrong_clock_worker"],
        "lease": 20,
        "script": '{"delay": 0.02, "fail": {"iteration-2": {"times": 1}}}',
    }
    plot.add(Other(plot.folder, settings))
    async with Client(web.port) as client:
        plan = await client.new_plan(deadline_seconds=30)
        async with Watcher(web.port, plan["run_id"]) as watcher:
            assert (await approve_all(client, watcher))["type"] == "run_completed"

    assert not watcher.of("run_reassigned")
    assert [event["data"]["attempt"] for event in watcher.of("run_retrying")] == [1]
    told = [one for one in story.told(watcher.events) if one[0] != "run_retrying"]
    assert told == story.log(undisturbed)
    assert rows(plot.url) == rows(undisturbed)
