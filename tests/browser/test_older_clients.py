"""The clients of the older chats in a real browser: signals and pulls, and a task that is polled."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.people import Person
from tests.browser.proxy import Proxy

MANAGER = """async ([chat, questions]) => {
  const { BackendContextService, ChatManager } = await import("/static/js/chat/index.js");
  const pulled = [];
  const fetch = (url, init) => {
    if (init.method !== "POST") pulled.push(url);
    return window.fetch(url, init);
  };
  const manager = new ChatManager({ service: new BackendContextService({ fetch }) });
  const done = [];
  const grown = (window.grown = new Set());
  let thinking = false;
  const over = new Promise((resolve) => manager.subscribe(() => {
    const { state, context, streamingText } = manager.getSnapshot();
    if (streamingText) grown.add(streamingText);
    if (thinking && state === "IDLE") done.push({ text: context.finalContent, asks: context.toolCallRequest, error: context.error?.message });
    thinking = state === "THINKING";
    if (done.length === questions.length) resolve();
  }));
  manager.selectChat(chat);
  for (const question of questions) await manager.sendMessage(question);
  await over;
  manager.dispose();
  return { done, steps: grown.size, pulled };
}"""
BEGIN = f"args => {{ window.told = ({MANAGER})(args); }}"
GROWING = """() => new Promise((resolve) => {
  const look = setInterval(() => window.grown?.size && resolve(clearInterval(look)), 5);
})"""
INSIGHT = """async ([session, question]) => {
  const { InsightClient } = await import("/static/js/chat/index.js");
  const shown = [];
  const added = [];
  let thinking = 0;
  const result = await new Promise((resolve) => {
    const client = new InsightClient({
      extra: { session_id: session },
      addMessage: (message) => added.push([message.role, message.text]),
      displayMessage: (message) => shown.push(message),
      handleFinalResult: resolve,
      addThinkingAnimation: () => (thinking += 1),
      removeThinkingAnimation: () => (thinking -= 1),
    });
    client.sendMessage(question);
  });
  return { shown, added, thinking, result };
}"""


def chat(ada: Person, **wish: Any) -> str:
    ada.page.goto("/memory/")
    return str(ada.api("POST", "sessions/", {"demo": "penguins", **wish})["id"])


def manage(page: Page, session: str, *questions: str) -> Any:
    return page.evaluate(MANAGER, [session, list(questions)])


def test_replies_are_signalled_and_their_text_is_pulled(ada: Person) -> None:
    """Rows 4-36 to 4-41, 4-44: two messages at once, answered one after the other."""
    told = manage(ada.page, chat(ada), "How many rows?", "And by month?")

    first, second = told["done"]
    assert first["text"].startswith("You asked: How many rows?")
    assert second["text"].startswith("You asked: And by month?")
    assert told["steps"] >= 2
    assert all("/content?from_sequence=" in one for one in told["pulled"])


def test_a_connection_that_is_cut_in_a_frame_costs_no_text(
    join: Callable[..., Person], proxy: Proxy
) -> None:
    """Rows 4-28, 4-45: the browser opens it again, and the rest is told and pulled."""
    ada = join(base_url=proxy.url)
    ada.watch.allow("Failed to load resource", "ERR_")
    questions = ["One?", "Two?", "Three?"]
    ada.page.evaluate(BEGIN, [chat(ada), questions])
    ada.page.evaluate(GROWING)

    proxy.cut_inside_next_frame()
    told = ada.page.evaluate("() => window.told")

    assert proxy.has_cut
    texts = [one["text"] for one in told["done"]]
    assert [one.split("\n")[0] for one in texts] == [f"You asked: {one}" for one in questions]
    assert [one.count("You asked: ") for one in texts] == [1, 1, 1]
    assert len({len(one.split()) for one in texts}) == 1


def test_a_tool_call_that_needs_approval_ends_the_reply(ada: Person) -> None:
    """Rows 4-33, 4-46."""
    session = chat(ada, mode="act")

    (ended,) = manage(ada.page, session, "Please call a tool")["done"]

    assert ended["asks"]["tools"] == ["save_file"]
    gate = ada.api("GET", f"gates/{ended['asks']['gateId']}/")
    assert gate["state"] == "pending"


def test_a_failed_reply_is_an_error_that_says_why(ada: Person) -> None:
    """Rows 4-31, 4-42."""
    (ended,) = manage(ada.page, chat(ada), "Please fail")["done"]

    assert ended["error"] == "The script says that this fails."


def test_a_task_is_polled_until_its_result_is_there(ada: Person) -> None:
    """Rows 1-3, 1-23 to 1-25, 1-39."""
    told = ada.page.evaluate(INSIGHT, [chat(ada), "How many rows by month?"])

    assert told["added"] == [["user", "How many rows by month?"]]
    types = [one["type"] for one in told["shown"]]
    assert types.index("intent_parsed") < types.index("insight_generated")
    assert len({one["id"] for one in told["shown"]}) == len(types)
    assert told["result"]["text"].startswith("You asked: How many rows by month?")
    assert told["thinking"] == 0
