"""A stranger's client: the browser's own EventSource, without any of our modules."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.people import Person
from tests.browser.proxy import Proxy

FOLLOW = """url => {
  window.seen = [];
  window.gates = [];
  const source = new EventSource(url);
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    if (event.type === "gate_opened") window.gates.push(event.data);
    if (event.position) window.seen.push([event.position, Number(message.lastEventId)]);
    if (event.final) { window.ended = event.type; source.close(); }
  };
}"""


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true; the policy of our pages forbids the page to eval it."""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{expression} did not come true in 20 seconds.")


def answer_next(ada: Person, page: Page, number: int) -> None:
    until(page, f"window.gates.length >= {number}")
    gate: Any = page.evaluate("number => window.gates[number - 1]", number)
    given = {"decision": "approve", "digest": gate["digest"]}
    ada.api("POST", f"gates/{gate['gate_id']}/answer/", given)


def test_a_native_eventsource_follows_a_plan_across_a_cut_connection(
    join: Callable[..., Person], proxy: Proxy
) -> None:
    """Rows 2-17, 2-62: no event is lost or doubled, and ids are positions."""
    ada = join(base_url=proxy.url)
    ada.watch.allow("Failed to load resource", "ERR_")
    plan = ada.plan(ada.propose(iterations=4, interval=4))
    ada.page.goto("/memory/")
    ada.page.evaluate(FOLLOW, plan["stream_url"])
    answer_next(ada, ada.page, 1)
    until(ada.page, "window.seen.length > 15")
    proxy.cut_inside_next_frame()
    answer_next(ada, ada.page, 2)
    until(ada.page, "Boolean(window.ended)")

    assert proxy.has_cut
    assert ada.page.evaluate("window.ended") == "run_completed"
    seen = ada.page.evaluate("window.seen")
    last = ada.plan(plan["id"])["position"]
    assert seen == [[position, position] for position in range(1, last + 1)]
