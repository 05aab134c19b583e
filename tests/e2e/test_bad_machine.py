"""A disk that is full for a while, and clocks that are wrong."""

import resource
from pathlib import Path

import pytest

from tests.e2e import house, story
from tests.e2e.clients import Client, Watcher, approve_all
from tests.e2e.conftest import Starter
from tests.e2e.servers import Server

pytestmark = pytest.mark.e2e

NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def fill_disk(server: Server, var: Path) -> None:
    """Let no file of the server grow beyond what its write-ahead log has reached."""
    log = Path(f"{house.database(var)}-wal")
    limit = (max(log.stat().st_size, 4096), resource.RLIM_INFINITY)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, limit)


async def test_a_full_disk_is_told_plainly_and_the_plan_goes_on_when_there_is_room(
    start: Starter, var: Path, undisturbed: Path
):
    """Nothing half-written: the run stays with its lease, which runs out; then all is as it was."""
    server = start(script='{"delay": 0.02}', max_attempts=50)
    async with Client(server.port) as client:
        plan = await client.new_plan()
        async with Watcher(server.port, plan["run_id"]) as watcher:
            await client.answer(await watcher.type("gate_opened"))
            await watcher.type("iteration_progress", 3)
            fill_disk(server, var)
            refused = await client.post("plans/", json={"goal": "One too many"})
            reached = story.positions(var)
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, NO_LIMIT)
            for number in (2, 3):
                await client.answer(await watcher.type("gate_opened", number))
            await watcher.end()

    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "storage"
    assert set(refused.json()["error"]) >= {"code", "message"}, refused.text
    assert reached == list(range(1, len(reached) + 1))
    told = [one for one in story.told(watcher.events) if one[0] != "run_retrying"]
    assert told == story.log(undisturbed)
    assert story.rows(var) == story.rows(undisturbed)


@pytest.mark.parametrize("seconds", [60, -60])
async def test_a_worker_whose_clock_is_a_minute_off_changes_nothing(
    seconds: int, start: Starter, var: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
):
    """Reliability 6: leases, deadlines and retries are compared on the database's clock."""
    monkeypatch.setenv("CLOCK_IS_OFF_BY", str(seconds))
    wrong = start(
        application="tests.e2e.wrong_clock:application",
        lease=20,
        script='{"delay": 0.02, "fail": {"iteration-2": {"times": 1}}}',
    )
    right = start(heartbeat=0.1)
    async with Client(wrong.port) as client:
        plan = await client.new_plan(deadline_seconds=30)
        async with Watcher(right.port, plan["run_id"]) as watcher:
            assert (await approve_all(client, watcher))["type"] == "run_completed"

    assert not watcher.of("run_reassigned")
    assert [event["data"]["attempt"] for event in watcher.of("run_retrying")] == [1]
    told = [one for one in story.told(watcher.events) if one[0] != "run_retrying"]
    assert told == story.log(undisturbed)
    assert story.rows(var) == story.rows(undisturbed)
