"""Figures of several processes: what each counts is its own, what the database holds is the same."""

from tests.distributed.farm import Farm
from tests.e2e.clients import Client, Watcher, approve_all, until
from tests.e2e.figures import TOKEN, happened, scrape


async def test_each_process_tells_its_own_part_and_all_tell_the_same_of_the_queue(plot: Farm):
    """Rows 3-43 and 3-58: with separate workers the delay is seen where the viewers are."""
    web, worker = plot.web(metrics_token=TOKEN), plot.worker(metrics_token=TOKEN)
    async with Client(web.port) as client:
        plan = await client.new_plan()
        async with Watcher(web.port, plan["run_id"]) as watcher:
            await watcher.type("gate_opened")
            waiting = [scrape(one)[1] for one in (web, worker)]
            await approve_all(client, watcher)
            await until(lambda: scrape(web)[1]["cairn_stream_connections"]["native",] == 0)
    at_web, at_worker = scrape(web)[1], scrape(worker)[1]

    for one in waiting:
        assert one["cairn_gates_waiting"] == {("proposal",): 1}
        assert one["cairn_runs"] == {("plan", "waiting"): 1}
    assert happened(at_worker["cairn_runs_ended_total"]) == {("plan", "completed"): 1}
    assert happened(at_web["cairn_runs_ended_total"]) == {}
    assert at_worker["cairn_runner_up"] == {(): 1}
    assert "cairn_runner_up" not in at_web
    frames = at_web["cairn_stream_frames_total"]["native",]
    assert frames == len(watcher.events) + len(watcher.resumes)
    written = [sum(one.get("cairn_events_total", {}).values()) for one in (at_web, at_worker)]
    assert min(written) > 0
    assert sum(written) == watcher.events[-1]["position"]
    lag, count = (at_web[f"cairn_stream_lag_seconds_{name}"][()] for name in ("sum", "count"))
    assert count > 0
    assert 0 < lag / count < 1
