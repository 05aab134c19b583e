"""The whole house: a browser behind nginx, web processes, workers, and kill -9 of what serves it."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect

from cairn_client import Cairn, Event
from tests.browser import walk
from tests.browser.conftest import chromium, watch
from tests.browser.people import (
    Watch,
    checkpoint,
    decide,
    lines,
    live,
    outcome,
    proposal,
    timeline,
)
from tests.distributed.farm import Farm, Worker
from tests.e2e import house, story
from tests.e2e.figures import TOKEN, scrape
from tests.e2e.servers import Server, free_port
from tests.ops import nginx

__all__ = ["chromium", "watch"]  # fixtures

UPSTREAM = house.ROOT / "docs" / "examples" / "deploy" / "upstream.conf"
SITE = """
server {{
  listen 127.0.0.1:{port};
  client_max_body_size 520m;
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Connection "";
  location / {{ proxy_pass http://cairn; proxy_read_timeout 120s; }}
}}
"""
pytestmark = pytest.mark.browser

PASSWORD = "three stones, one path"
SLOW: dict[str, Any] = {"script": '{"delay": 0.07, "events_per_iteration": 8}'}
# What a browser says of the wire that was cut, whatever the page does about it.
CUT = r"Failed to load resource: net::ERR_INCOMPLETE_CHUNKED_ENCODING .*/events/"


@contextmanager
def before(webs: list[Server], folder: Path) -> Iterator[str]:
    """Run nginx before web processes, as the guide to deploying has it; yield its address."""
    upstream = UPSTREAM.read_text()
    for example, web in zip(("9001", "9002"), webs, strict=True):
        upstream = upstream.replace(f"127.0.0.1:{example}", f"127.0.0.1:{web.port}")
    port = free_port()
    with nginx.running(folder, nginx.whole(folder, upstream + SITE.format(port=port))):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def signed_in(chromium: Browser, watch: Watch, plot: Farm, url: str) -> Iterator[Page]:
    """Be ada, who came in by the door: each of her requests may reach another process."""
    plot.query(
        "UPDATE auth_user SET password = %s WHERE username = 'ada' RETURNING id",
        make_password(PASSWORD),
    )
    with chromium.new_context(base_url=url, viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(10_000)
        page = context.new_page()
        watch.follow(page)
        page.goto("/sign-in/")
        page.get_by_label("User name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).not_to_have_url(re.compile("/sign-in/"))
        yield page


def cairn(web: Server) -> Cairn:
    return Cairn(f"http://127.0.0.1:{web.port}", house.TOKEN)


def followed(web: Server, run_id: str) -> list[int]:
    """Follow a run to its end at one web process, whatever happens to it."""
    with cairn(web) as client:
        return [one.position for one in client.follow_run(run_id) if isinstance(one, Event)]


def streams(web: Server) -> int:
    """Return how many watch at a web process."""
    return int(scrape(web)[1].get("cairn_stream_connections", {}).get(("native",), 0))


def soon(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait for something outside of the browser, which goes on meanwhile."""
    for _ in range(500):
        if is_so():
            return
        page.wait_for_timeout(20)
    pytest.fail("It did not happen.")


def test_a_browser_sees_a_plan_through_the_death_of_a_worker_and_of_its_web_process(
    plot: Farm, chromium: Browser, watch: Watch, tmp_path: Path
):
    """Reliability 1, 2 and 14: nginx fails over, the page reconnects, one log is shown.

    It is started and watched behind nginx, watched at another web process too, and approved at a
    third. Pictures of what a person sees stay in `tmp_path`. Rows 2-53, 2-58, 2-61.
    """
    watch.allow(CUT)
    webs = [plot.web(metrics_token=TOKEN, **SLOW) for _ in range(2)]
    third = plot.web()
    workers = [plot.worker(**SLOW) for _ in range(2)]
    with (
        before(webs, tmp_path / "nginx") as url,
        signed_in(chromium, watch, plot, url) as page,
        ThreadPoolExecutor() as pool,
    ):
        plan_id = walk.start(page)
        expect(proposal(page)).to_be_visible()
        [serving] = [web for web in webs if streams(web)]
        [other] = [web for web in webs if web is not serving]
        with cairn(third) as client:
            plan = client.plan(plan_id)
            elsewhere = pool.submit(followed, other, plan["run_id"])
            [gate] = client.gates()
            client.answer(gate["id"], "approve", digest=gate["digest"])
        expect(proposal(page)).to_be_hidden()

        expect(timeline(page)).to_contain_text("Starting iteration 2 of 4...")
        at_work(workers).kill()
        expect(checkpoint(page, 1)).to_be_visible()
        decide(page, "Approve (Continue)")

        expect(timeline(page)).to_contain_text("Starting iteration 3 of 4...")
        serving.kill()
        expect(live(page)).not_to_have_text("Live")
        page.screenshot(path=tmp_path / "1-cut.png")
        expect(live(page)).to_have_text("Live")
        soon(page, lambda: streams(other) == 2)
        page.screenshot(path=tmp_path / "2-reconnected.png")
        expect(checkpoint(page, 2)).to_be_visible()
        page.screenshot(path=tmp_path / "3-checkpoint.png")
        decide(page, "Approve (Continue)")
        expect(outcome(page)).to_contain_text("Planning completed!")
        page.screenshot(path=tmp_path / "4-completed.png")

        with cairn(third) as client:
            plan = client.plan(plan_id)
        assert plan["entity"]
        expected = walk.told(plan["entity"]["slug"])
        expected.insert(4, "The worker was lost; another one goes on.")
        assert lines(page) == expected
        walk.check_plan(page, plan)
        assert elsewhere.result(10) == story.positions(plot.url)

    reasons = [
        event["data"] for event in story.bodies(plot.url) if event["type"] == "run_reassigned"
    ]
    assert len(reasons) == 1
    assert "Traceback" not in other.log + third.log


def at_work(workers: list[Worker]) -> Worker:
    """Return the worker that finished an iteration, and is in the middle of the next."""
    [found] = [worker for worker in workers if "Iteration finished" in worker.log]
    return found
