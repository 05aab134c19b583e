import assert from "node:assert/strict";
import { test } from "node:test";

import { ContentPuller, fromEvents, initialState, reduce, withContent } from "../../static/js/chat/index.js";
import { StreamConnection } from "../../static/js/stream/index.js";
import { FakeClock } from "./support/clock.js";
import { frame, opened } from "./support/events.js";
import { FakeNetwork, page, sse } from "./support/network.js";
import { events } from "./support/recorded.js";
import { contents, signals } from "./support/session-events.js";
import { FakeSource } from "./support/sources.js";

const STORED = contents(events);

/** A server that has the whole recorded log and gives it in the profile that is asked for. */
function logFor(url) {
  const query = new URL(url, "http://x").searchParams;
  const profile = query.get("mode") === "signal" ? signals(events) : events;
  return profile.filter(({ position }) => position > Number(query.get("after")));
}

/** A page that follows a session, over whatever transport, and pulls the texts that are wanted. */
function follow(clock) {
  const page = { state: initialState() };
  const change = (next) => {
    const before = page.state.wanted;
    page.state = next;
    if (next.wanted !== before) for (const [id, { sequence }] of Object.entries(next.wanted)) puller.signal(id, sequence);
  };
  const pull = async (id, from) => {
    await new Promise((resolve) => clock.setTimeout(resolve, 50));
    const pieces = STORED.get(id);
    return { sequence: pieces.length, content: pieces.slice(from).join(""), has_more: false, completed: true };
  };
  const puller = new ContentPuller({ pull, onText: (id, text) => change(withContent(page.state, id, text)), clock, random: () => 0 });
  page.connect = (options) => {
    const connection = new StreamConnection({
      url: "/api/v1/sessions/s/events/", endless: true, clock, random: () => 0, canStream: true, after: page.state.position,
      online: () => true, hidden: () => false, onNetwork: () => () => {}, onVisibility: () => () => {}, onPage: () => () => {},
      ...options,
    });
    connection.on("event", (event) => change(reduce(page.state, event)));
    connection.connect().catch(() => {});
    return connection;
  };
  return page;
}

/** Everything but what the ways of reading may differ in: when a text came. */
function assertSame(state) {
  assert.deepEqual({ ...state, wanted: {} }, { ...fromEvents(events), wanted: {} });
}

// Rows 1-12, 1-14.
test("a stream that breaks again and again, polls, and streams on gives the log's state", async () => {
  const clock = new FakeClock();
  let streams = 0;
  const network = new FakeNetwork(clock, ({ kind, url, signal }) => {
    const rest = logFor(url);
    if (kind === "poll") return page(rest.slice(0, 20), { has_more: rest.length > 20 });
    streams += 1;
    if (streams > 1 && streams < 5) throw new TypeError("lost");
    const stream = sse(signal, [opened(), ...rest.slice(0, 30).map((one) => frame(one))]);
    if (rest.length > 30) queueMicrotask(() => stream.end());
    return stream.response;
  });
  const shown = follow(clock);

  const connection = shown.connect({ fetch: network.fetch });
  await clock.advance(300_000);
  connection.disconnect();

  assert.ok(network.polls.length > 3 && streams > 5);
  assertSame(shown.state);
});

// Rows 0-37, 4-55.
test("changing from fetch to EventSource to polling, and from signals to text, loses and doubles nothing", async () => {
  const clock = new FakeClock();
  const shown = follow(clock);
  const network = new FakeNetwork(clock, ({ kind, url, signal }) => {
    if (kind === "poll") return page(logFor(url));
    return sse(signal, [opened(), ...logFor(url).slice(0, 90).map((one) => frame(one))]).response;
  });
  const common = { fetch: network.fetch, EventSource: FakeSource };

  const first = shown.connect({ ...common, transport: "fetch", mode: "signal" });
  await clock.advance(20);
  first.disconnect();
  const second = shown.connect({ ...common, transport: "eventsource", mode: "inline" });
  for (const one of logFor(FakeSource.last.url).slice(0, 90)) FakeSource.last.onmessage({ data: JSON.stringify(one), lastEventId: String(one.position), type: "message" });
  await clock.advance(20);
  second.disconnect();
  assert.ok(FakeSource.last.closed && shown.state.position === 180);
  const third = shown.connect({ ...common, transport: "poll", mode: "signal" });
  await clock.advance(1000);
  third.disconnect();

  assertSame(shown.state);
  assert.deepEqual(shown.state.wanted, {});
});
