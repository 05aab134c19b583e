"""The same reply over every transport at once: the text, the positions and the pulls agree."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.people import Person
from tests.browser.serving import Server, serve

SCRIPT = {"delay": 0.02, "words": 150}  # 50 signals a second
LATENCY_MS = 300

FOLLOW = """async (run) => {
  const { StreamConnection, ContentPuller } = await import("/static/js/stream/index.js");
  const url = `/api/v1/runs/${run}/events/`;
  const clients = window.clients = {};
  const client = (name) => (clients[name] = { texts: {}, positions: [], over: false, pulls: 0, most: 0 });

  function take(into, event, puller) {
    into.positions.push(event.position);
    const { message_id: id, sequence, content, final_sequence: last } = event.data;
    if (event.type === "content_delta" && puller) puller.signal(id, sequence);
    else if (event.type === "content_delta") into.texts[id] = (into.texts[id] ?? "") + content;
    if (event.type === "message_completed" && puller) puller.complete(id, last);
    if (event.final) into.over = true;
  }

  function puller(into) {
    let flying = 0;
    return new ContentPuller({
      pull: async (id, from) => {
        into.pulls += 1;
        into.most = Math.max(into.most, flying += 1);
        const answer = await fetch(`/api/v1/messages/${id}/content/?from_sequence=${from}`);
        flying -= 1;
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      },
      onText: (id, { content }) => { into.texts[id] = content; },
    });
  }

  function native() {
    const into = client("native");
    const source = new EventSource(`${url}?mode=inline`);
    source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      if (!event.position) return;
      take(into, event);
      if (event.final) source.close();
    };
  }

  function module(name, options) {
    const into = client(name);
    const pulls = options.mode === "signal" ? puller(into) : null;
    const stream = new StreamConnection({ url, after: 0, mode: "inline", pollMs: 100, ...options });
    stream.on("event", (event) => take(into, event, pulls));
    stream.connect().catch(() => {});
  }

  /* Each transport in turn takes the next events, from where the one before it stopped. */
  function switching() {
    const into = client("switching");
    const turns = ["fetch", "eventsource", "poll", "fetch", "poll", "eventsource"];
    const pulls = puller(into);
    const next = (number) => {
      const mode = number % 2 ? "signal" : "inline";
      const after = into.positions.at(-1) ?? 0;
      const transport = turns[number % turns.length];
      const stream = new StreamConnection({ url, after, mode, transport, pollMs: 50 });
      let taken = 0;
      stream.on("event", (event) => {
        if (taken >= 25) return;
        taken += 1;
        into.positions.push(event.position);
        const { message_id: id, sequence, final_sequence: last } = event.data;
        // Inline text is not used here: where it begins depends on what was pulled before.
        if (event.type === "content_delta") pulls.signal(id, sequence);
        if (event.type === "message_completed") pulls.complete(id, last);
        if (event.final) into.over = true;
        if (taken === 25 && !into.over) { stream.disconnect(); next(number + 1); }
      });
      stream.connect().catch(() => {});
    };
    next(0);
  }

  native();
  module("fetch", { transport: "fetch" });
  module("signal", { transport: "eventsource", mode: "signal" });
  module("poll", { transport: "poll" });
  switching();
}"""


@pytest.fixture(scope="module")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("talker"), SCRIPT) as running:
        yield running


@pytest.fixture
def ada(join: Callable[..., Person], talker: Server) -> Person:
    name = talker.next_user()
    person = join(name, base_url=talker.url)
    person.context.clear_cookies()
    cookie = {"name": "sessionid", "value": talker.users[name], "url": talker.url}
    person.context.add_cookies([cookie])  # type: ignore[list-item]
    return person


def ask(ada: Person) -> Any:
    """Post a message to a new session, on a page that follows nothing itself."""
    ada.page.goto("/memory/")
    session = ada.api("POST", "sessions/", {"engine": "scripted"})
    return ada.api("POST", f"sessions/{session['id']}/messages/", {"text": "Tell me"})


def all_over(page: Page, names: list[str]) -> dict[str, Any]:
    """Wait until each client has seen the end and the text that belongs to it."""
    for _ in range(600):
        clients: dict[str, Any] = page.evaluate("window.clients")
        whole = {one for name in names for one in clients[name]["texts"].values()}
        if all(clients[name]["over"] for name in names) and len(whole) == 1:
            return clients
        page.wait_for_timeout(50)
    raise AssertionError(f"Not all ended alike: {page.evaluate('window.clients')}")


def test_every_transport_gives_the_same_text_at_the_same_positions(ada):
    """Rows 0-36, 1-11, 1-14, 4-16, 4-55; reliability 11; trap T12."""
    posted = ask(ada)
    ada.page.evaluate(FOLLOW, posted["run_id"])
    names = ["native", "fetch", "signal", "poll", "switching"]

    clients = all_over(ada.page, names)

    told = {name: clients[name]["positions"] for name in names}
    first = told["native"]
    assert first == sorted(set(first))
    assert len(first) > 150
    assert {name: positions == first for name, positions in told.items()} == dict.fromkeys(
        names, True
    )
    (text,) = {one for name in names for one in clients[name]["texts"].values()}
    assert text.endswith("word150")
    served = ada.api("GET", f"messages/{next(iter(clients['fetch']['texts']))}/content/")
    assert served["content"] == text


def test_signals_faster_than_pulls_lose_double_and_reorder_nothing(ada):
    """Rows 4-24, 4-26; trap T11: 50 signals a second against pulls that take 300 ms."""

    delay = "ms => { const real = window.fetch; window.fetch = (...all) =>" + (
        " String(all[0]).includes('/content/') ?"
        " new Promise((go) => setTimeout(go, ms)).then(() => real(...all)) : real(...all); }"
    )
    posted = ask(ada)
    ada.page.evaluate(delay, LATENCY_MS)
    ada.page.evaluate(FOLLOW, posted["run_id"])

    clients = all_over(ada.page, ["native", "signal"])

    assert clients["signal"]["most"] == 1, "two pulls of one message were in flight"
    assert clients["signal"]["pulls"] < 40, "signals are to be coalesced, not pulled one by one"
    assert clients["signal"]["texts"] == clients["native"]["texts"]
