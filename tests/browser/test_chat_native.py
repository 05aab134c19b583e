"""Strangers' clients: the browser's own EventSource on the addresses of older chats."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page

from tests.browser.chatting import session, start
from tests.browser.people import Person
from tests.browser.proxy import Proxy

FOLLOW = """([url, ends]) => {
  window.seen = [];
  window.opened = 0;
  const source = new EventSource(url);
  source.onopen = () => { window.opened += 1; };
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    window.seen.push(event);
    if (ends.includes(event.type)) source.close();
  };
}"""


def _follow(page: Page, url: str, *ends: str) -> list[Any]:
    """Return what an EventSource is told up to a message of one of these types."""
    page.evaluate(FOLLOW, [url, list(ends)])
    return _told(page, *ends)


def _told(page: Page, *ends: str) -> list[Any]:
    done = "ends => window.seen.some((one) => ends.includes(one.type))"
    for _ in range(400):
        if page.evaluate(done, list(ends)):
            return list(page.evaluate("window.seen"))
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate("window.seen"))


def test_reading_the_data_is_followed_by_an_eventsource(ada: Person, page: Page) -> None:
    """Rows 0-36, 0-4."""
    session_id = start(ada)
    page.goto("/memory/")
    seen = _follow(page, f"/datamodel/progress/{session_id}", "complete")
    assert {one["type"] for one in seen} <= {"auto_init", "complete", "stream_opened"}
    assert any("penguins" in one.get("message", "") for one in seen)


def test_a_question_in_the_address_is_asked_once_across_a_cut(
    join: Callable[..., Person], proxy: Proxy
) -> None:
    """The reconnect of an EventSource attaches to the same answer. Rows 0-17, 0-36, 1-12."""
    ada = join(base_url=proxy.url)
    ada.watch.allow("Failed to load resource", "ERR_")
    session_id = start(ada)
    ada.page.goto("/memory/")
    _follow(ada.page, f"/datamodel/progress/{session_id}", "complete")
    url = f"/datamodel/chat/stream/{session_id}?message={quote('How many by month?')}"
    ada.page.evaluate(FOLLOW, [url, ["chat_result", "error"]])
    _told(ada.page, "chat_progress")
    proxy.cut_inside_next_frame()
    seen = _told(ada.page, "chat_result", "error")
    assert proxy.has_cut
    assert ada.page.evaluate("window.opened") >= 2
    assert [one["type"] for one in seen].count("chat_result") == 1
    asked = [one for one in session(ada, session_id)["messages"] if one["role"] == "user"]
    assert [one["text"] for one in asked] == ["How many by month?"]


def test_a_task_is_followed_by_an_eventsource(ada: Person, page: Page) -> None:
    """Its parts come as they are found. Rows 1-9, 1-11."""
    session_id = start(ada)
    page.goto("/memory/")
    task: Any = page.evaluate(
        """async (session) => {
            const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
            const body = { action: "continue_conversation", message: "How many?", session_id: session };
            const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
            const answer = await fetch("/api/chat", { method: "POST", headers, body: JSON.stringify(body) });
            return answer.json();
        }""",
        session_id,
    )
    assert task["type"] == "task_started"
    seen = _follow(page, task["stream_url"], "task_completed", "task_error")
    types = [one["type"] for one in seen]
    order = ["intent_parsed", "insight_generated", "task_result", "task_completed"]
    assert [types.index(one) for one in order] == sorted(types.index(one) for one in order)
