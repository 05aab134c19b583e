"""Clients of the strategy dialect in a real browser: its own EventSource, and the older module."""

from typing import Any

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.people import Person
from tests.browser.strategies import start
from tests.browser.test_native_client import until

NATIVE = """url => {
  window.seen = [];
  window.errors = [];
  const source = window.source = new EventSource(url);
  source.onmessage = ({ data, lastEventId }) => window.seen.push([JSON.parse(data), lastEventId]);
  source.onerror = (event) => window.errors.push([event instanceof MessageEvent, source.readyState]);
}"""
MODULE = """async ([url, module]) => {
  const { SSEConnection } = await import(module);
  window.seen = [];
  window.faults = [];
  const connection = window.connection = new SSEConnection(url);
  connection.on("message", (message) => window.seen.push(message));
  connection.on("connection_error", ({ reason }) => window.faults.push(reason));
  await connection.connect();
  window.wasConnected = true;
}"""
CLOSING = (
    'retry: 1000\nid: 0\ndata: {"event":"status","type":"stream_opened",'
    '"data":{"resume":"exact","position":0,"heartbeat_seconds":15,"timestamp":"2024-01-01T00:00:00Z"}}\n\n'
    'id: 1\ndata: {"event":"status","type":"client_closed","position":1,"final":true,'
    '"data":{"reason":"The work is done.","timestamp":"2024-01-01T00:00:00Z"}}\n\n'
)


def older(ada: Person) -> str:
    return f"/api/strategies/{start(ada)}/events"


def test_the_browsers_own_client_needs_nothing_of_ours(ada: Person, page: Page) -> None:
    """Rows 3-22, 3-50; traps T3, T5: five names, no false alarm, and 204 ends it for good."""
    page.goto("/memory/")
    page.evaluate(NATIVE, older(ada))
    until(page, "window.source.readyState === 2")
    seen: list[Any] = page.evaluate("window.seen")
    messages = [message for message, _ in seen]
    assert {one["event"] for one in messages} == {"progress", "educational", "status", "complete"}
    positions = [[one["position"], int(at)] for one, at in seen if "position" in one]
    assert positions == [[n, n] for n in range(1, len(positions) + 1)]
    assert messages[-1]["data"]["progress"] == 100
    assert page.evaluate("window.errors") == [[False, 0], [False, 2]]


def test_an_error_of_the_work_is_a_message_and_no_fault(ada: Person, page: Page) -> None:
    """Row 3-24; trap T3: `event` is `error` inside the JSON, never the name of the frame."""
    pk = start(ada)
    ada.api("POST", f"strategies/{pk}/cancel/", {})
    page.goto("/memory/")
    page.evaluate(NATIVE, f"/api/strategies/{pk}/events")
    until(page, "window.source.readyState === 2")
    last = page.evaluate("window.seen.at(-1)[0]")
    assert last["final"] is True
    assert last["event"] in ("error", "complete")
    assert not [one for one in page.evaluate("window.errors") if one[0]]


def test_the_older_module_follows_a_strategy_to_its_end(ada: Person, page: Page) -> None:
    """Rows 3-26, 3-27, 3-37, 3-41."""
    page.goto("/memory/")
    requests: list[Request] = []
    page.on("request", lambda one: requests.append(one) if "/events?" in one.url else None)
    page.evaluate(MODULE, [older(ada), "/static/js/sse/index.js"])
    until(page, 'window.connection.state === "closed"')
    messages = page.evaluate("window.seen")
    assert messages[-1]["event"] == "complete"
    assert [one["position"] for one in messages] == list(range(1, len(messages) + 1))
    cards = [
        one["data"]["educational_content"] for one in messages if one["event"] == "educational"
    ]
    assert {one["phase"] for one in cards} == {"start", "working", "end"}
    assert page.evaluate("window.faults") == []
    assert len(requests) == 1


def test_a_client_that_is_closed_with_a_reason_stays_away(ada: Person, page: Page) -> None:
    """Row 3-35."""
    requests: list[Request] = []

    def close(route: Route) -> None:
        requests.append(route.request)
        headers = {"Content-Type": "text/event-stream"}
        route.fulfill(status=200, headers=headers, body=CLOSING)

    page.goto("/memory/")
    page.route("**/clients/seven/events**", close)
    page.evaluate(MODULE, ["/clients/seven/events", "/static/js/sse/index.js"])
    until(page, 'window.connection.state === "closed"')
    assert [one["data"]["reason"] for one in page.evaluate("window.seen")] == ["The work is done."]
    page.wait_for_timeout(2500)
    assert len(requests) == 1


def test_too_many_requests_are_waited_for_and_then_it_goes_on(ada: Person, page: Page) -> None:
    """Rows 3-60, 3-27; trap T4: the browser's own client would have given up."""
    ada.watch.allow("429")
    url, refused = older(ada), list[Route]()

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route)
        headers = {"Retry-After": "1", "Content-Type": "application/json"}
        route.fulfill(status=429, headers=headers, body='{"error":{"code":"x","message":"y"}}')

    page.goto("/memory/")
    page.route("**/events?*", refuse_once)
    page.evaluate(MODULE, [url, "/static/js/sse/index.js"])
    until(page, 'window.connection.state === "closed"')
    assert page.evaluate("window.seen.at(-1).event") == "complete"
    assert page.evaluate("window.faults") == ["status"]
    expect(page.get_by_role("heading", name="Memory", exact=True)).to_be_visible()
