"""Figures and logs of a real server: equal to what its clients counted and its database holds."""

import json
import re

from tests.e2e import story
from tests.e2e.clients import Client, Watcher, approve
from tests.e2e.conftest import Starter
from tests.e2e.figures import TOKEN, Figures, happened, scrape

AN_ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}", re.IGNORECASE)
GOAL = "Open a second bakery, secretly"


class Counting:
    """Reads a run's stream and counts the bytes and the frames that arrive."""

    def __init__(self, client: Client, run_id: str) -> None:
        self._client = client
        self._path = f"runs/{run_id}/events/"
        self.body = b""

    async def read(self) -> None:
        """Read to the end; each gate is approved when its event comes."""
        headers = {"Accept": "text/event-stream", "X-Request-ID": "a-name-of-the-proxy"}
        async with self._client.stream("GET", self._path, headers=headers) as answer:
            assert answer.headers["X-Request-ID"] == "a-name-of-the-proxy"
            rest = b""
            async for chunk in answer.aiter_raw():
                self.body += chunk
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    if line.startswith(b"data: ") and b'"gate_opened"' in line:
                        await approve(self._client, json.loads(line[6:])["data"])

    @property
    def frames(self) -> int:
        return self.body.count(b"\n\n")


async def test_what_is_scraped_equals_what_a_client_counted(start: Starter):
    """Rows 3-43, 3-55, 3-56 and 3-58: connections, messages by type, delays and throughput."""
    server = start(metrics_token=TOKEN, log_format="json")
    async with Client(server.port) as client:
        plan = await client.new_plan(GOAL)
        counting = Counting(client, plan["run_id"])
        async with Watcher(server.port, plan["run_id"]) as watcher:
            await watcher.type("gate_opened")
            _, during = scrape(server)
        await counting.read()
        text, after = scrape(server)

    assert during["cairn_stream_connections"] == {("native",): 1}
    assert during["cairn_gates_waiting"] == {("proposal",): 1}
    assert during["cairn_runs"] == {("plan", "waiting"): 1}
    assert after["cairn_stream_connections"] == {("native",): 0}
    assert after["cairn_stream_opened_total"] == {("native",): 2}
    ends = {("native", "cut"): 1, ("native", "over"): 1}
    assert happened(after["cairn_stream_ended_total"]) == ends
    lines = [json.loads(line) for line in server.log.splitlines()]
    cut, over = [line for line in lines if line["message"] == "Stream ended"]
    assert (over["bytes"], over["frames"]) == (len(counting.body), counting.frames)
    assert over["reason"] == "over"
    assert AN_ID.match(over["stream"])
    assert over["request_id"] == "a-name-of-the-proxy"
    assert over["position"] == len(story.positions(server.var))
    assert cut["reason"] == "cut"
    sent = after["cairn_stream_bytes_total"]["native",]
    assert sent == len(counting.body) + cut["bytes"]
    assert after["cairn_stream_frames_total"]["native",] == counting.frames + cut["frames"]
    by_type = "SELECT type, COUNT(*) FROM streams_streamevent GROUP BY type"
    written = {(name,): count for name, count in story.query(server.var, by_type)}
    assert after["cairn_events_total"] == written
    assert_the_work_is_told(after)
    labels = {value for samples in after.values() for key in samples for value in key}
    assert not [value for value in labels if AN_ID.search(value)]
    assert GOAL not in text
    assert GOAL not in server.log


def assert_the_work_is_told(after: Figures) -> None:
    assert happened(after["cairn_runs_ended_total"]) == {("plan", "completed"): 1}
    assert after["cairn_runs_ended_total"]["plan", "failed"] == 0
    assert after["cairn_run_seconds_count"] == {("plan",): 1}
    assert after["cairn_step_seconds_count"]["plan",] >= 4
    assert after["cairn_group_commit_size_count"][()] > 10
    assert after["cairn_runner_up"][()] == 1
    assert after["cairn_database_up"][()] == 1
    lag, events = (after[f"cairn_stream_lag_seconds_{name}"][()] for name in ("sum", "count"))
    assert events > 0
    assert 0 < lag / events < 1
    assert after["cairn_request_seconds_count"]["metrics",] == 1
