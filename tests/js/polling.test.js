import assert from "node:assert/strict";
import { test } from "node:test";

import { settle } from "./support/clock.js";
import { setUp } from "./support/connections.js";
import { event, events, final, opened } from "./support/events.js";
import { failure, page, sse } from "./support/network.js";

test("two polls are never in flight, however slow the server", async () => {
  const { connection, clock, network } = setUp(
    (call) => new Promise((resolve) => clock.setTimeout(() => resolve(page([event(call.after + 1)])), 2000)),
    { transport: "poll" },
  );

  connection.connect();
  await clock.advance(10_000);
  connection.retryNow();
  await clock.advance(2000);

  assert.equal(network.maxInFlight, 1);
  assert.ok(network.calls.length >= 4);
  connection.disconnect();
  assert.equal(network.calls.at(-1).signal.aborted, true);
});

test("follows poll_after_ms, and has_more at once", async () => {
  const answers = [page(events(1, 2), { has_more: true }), page(events(3, 4), { poll_after_ms: 900 }), page([], {})];
  const { connection, clock, network, said } = setUp(() => answers.shift(), { transport: "poll" });

  await connection.connect();
  await clock.advance(900);

  assert.deepEqual(network.calls.map((call) => [call.after, call.at - network.calls[0].at]), [[0, 0], [2, 0], [4, 900]]);
  assert.deepEqual(said.positions, [1, 2, 3, 4]);
  connection.disconnect();
});

test("a page that says has_more but moves nothing is not followed at once", async () => {
  const { connection, clock, network } = setUp(() => page([], { has_more: true }), { transport: "poll" });

  await connection.connect();
  await clock.advance(499);

  assert.equal(network.calls.length, 1);
  connection.disconnect();
});

test("ends with the final event or with a terminal state, and polls no more", async () => {
  for (const answer of [() => page([final(1)]), () => page([], { state: "completed" }), () => new Response(null, { status: 204 })]) {
    const { connection, clock, network } = setUp(answer, { transport: "poll" });

    await connection.connect();
    await clock.advance(60_000);

    assert.equal(connection.details.reason, "finished");
    assert.equal(network.calls.length, 1);
    assert.equal(clock.pending, 0);
  }
});

test("a hidden tab polls slowly and at once when it is shown", async () => {
  const { connection, clock, network, browser } = setUp(() => page([]), { transport: "poll" });
  await connection.connect();
  browser.hide(true);
  await clock.advance(500);
  const before = network.calls.length;

  await clock.advance(9999);
  assert.equal(network.calls.length, before);
  browser.hide(false);
  await settle();

  assert.equal(network.calls.length, before + 1);
  connection.disconnect();
});

test("errors back off and a 429 waits as long as the server says", async () => {
  const answers = [() => failure(503), () => failure(503), () => failure(429, { "Retry-After": "20" }), () => page([])];
  const { connection, clock, network } = setUp(() => answers.shift()(), { transport: "poll" });

  connection.connect();
  await clock.advance(23_000);

  assert.deepEqual(network.calls.map((call) => call.at - network.calls[0].at), [0, 1000, 3000, 23_000]);
  assert.equal(connection.state, "polling");
  connection.disconnect();
});

test("a poll that hangs is given up after its time and tried again", async () => {
  const { connection, clock, network } = setUp(() => new Promise(() => {}), { transport: "poll" });

  connection.connect();
  await clock.advance(31_000);

  assert.equal(network.calls[0].signal.aborted, true);
  assert.equal(network.calls.length, 2);
  connection.disconnect();
});

test("a gap in a page is told", async () => {
  const { connection, said } = setUp(() => page(events(6, 7), { resume: "gap", from: 1, to: 5 }), { transport: "poll" });

  await connection.connect();

  assert.deepEqual(said.gaps, [{ from: 1, to: 5 }]);
  assert.deepEqual(said.positions, [6, 7]);
  connection.disconnect();
});

test("without fetch streaming and EventSource it polls from the start", async () => {
  const { connection, network } = setUp(() => page([]), { canStream: false, EventSource: null });

  await connection.connect();

  assert.equal(network.streams.length, 0);
  assert.equal(connection.details.reason, "chosen");
  connection.disconnect();
});

// Row 3-67.
test("an installation that says so polls everywhere, unless a transport is named", async () => {
  globalThis.document = { documentElement: { dataset: { streamTransport: "poll" } } };
  try {
    const everywhere = setUp(() => page(events(1, 2)));
    await everywhere.connection.connect();
    const named = setUp(({ signal }) => sse(signal, [opened()]).response, { transport: "fetch" });
    await named.connection.connect();

    assert.deepEqual([everywhere.connection.state, everywhere.network.streams.length], ["polling", 0]);
    assert.deepEqual([named.connection.state, named.network.polls.length], ["open", 0]);
    everywhere.connection.disconnect();
    named.connection.disconnect();
  } finally {
    delete globalThis.document;
  }
});
