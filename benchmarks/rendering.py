"""How long a token takes from the engine to the page: commit, signal or text, pull, drawing."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.load import Caller
from benchmarks.sites import ROOT, Site, cairn
from benchmarks.table import Figure, percentile

EVERY, COUNT = 0.1, 150  # seconds between tokens, tokens
SETTLE = 8.0  # seconds until the first token, for the browser to be there
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Notes when each token was drawn: in the frame after the one in which it came into the page.
WATCH = """offset => {
  const seen = new Set();
  window.latencies = [];
  const look = () => requestAnimationFrame((drawn) => {
    const now = performance.timeOrigin + drawn;
    for (const [token] of document.body.innerText.matchAll(/\\b\\d+\\.\\d{4}\\b(?=\\s)/g)) {
      if (seen.has(token)) continue;
      seen.add(token);
      window.latencies.push(now - (Number(token) + offset) * 1000);
    }
  });
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def _chromium() -> str:
    found = os.environ.get("CAIRN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError("This case needs Chromium (apt-get install chromium).")
    return found


def _cookie(env: dict[str, str]) -> str:
    """Return a session key of the benchmark's user."""
    command = [sys.executable, "-m", "benchmarks.sign_in"]
    made = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return made.stdout.decode().strip()


async def _start(site: Site) -> str:
    caller = Caller(site.port)
    given = {"sessions": 1, "count": COUNT, "every": EVERY, "wait": SETTLE}
    started = await caller.post("/bench/talk", given)
    caller.close()
    return str(started[0]["session"])


def _watch(page: Page, url: str) -> list[float]:
    page.goto(url)
    page.evaluate(WATCH, time.time() - time.monotonic())
    page.wait_for_timeout((SETTLE + EVERY * COUNT + 2) * 1000)
    found: list[float] = page.evaluate("window.latencies")
    if len(found) < COUNT * 0.9:
        raise RuntimeError(f"{len(found)} of {COUNT} tokens came onto the page.")
    return found


def _measure(mode: str, transport: str) -> list[float]:
    with cairn("daphne", log_level="ERROR") as (site, _runs):
        session = asyncio.run(_start(site))
        url = f"http://127.0.0.1:{site.port}"
        cookie: Any = {"name": "sessionid", "value": _cookie(site.environment), "url": url}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(base_url=url)
            context.add_cookies([cookie])
            page = f"/chats/{session}/?mode={mode}&stream={transport}"
            try:
                return _watch(context.new_page(), page)
            finally:
                browser.close()


def render(repeats: int) -> list[Figure]:
    """Watch a reply of ten tokens a second on its page, in Chromium."""
    figures = []
    for mode, transport in (("inline", "fetch"), ("signal", "fetch"), ("signal", "eventsource")):
        found = [_measure(mode, transport) for _ in range(repeats)]
        for percent, most in ((50, None), (95, 100.0)):
            runs = tuple(percentile(one, percent) for one in found)
            figures.append(
                Figure(
                    case="render",
                    name=f"token to page, p{percent}",
                    setup=f"{mode}, {transport}",
                    runs=runs,
                    unit="ms",
                    most=most,
                )
            )
    return figures
