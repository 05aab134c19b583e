import assert from "node:assert/strict";
import { test } from "node:test";

import { createStreamStore, subscribe } from "../../static/js/stream/index.js";
import { FakeClock, settle } from "./support/clock.js";
import { FakeBrowser } from "./support/connections.js";
import { event, frame, opened } from "./support/events.js";
import { FakeNetwork, failure, sse } from "./support/network.js";

function seams(answer) {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, answer);
  const browser = new FakeBrowser();
  return { clock, network, browser, options: { clock, fetch: network.fetch, canStream: true, shared: false, ...browser.seams } };
}

test("the store has data, error, isConnected and reconnect", async () => {
  const { options, network } = seams((call) => sse(call.signal, [opened(call.after), call.after ? "" : frame(event(1))]).response);
  const store = createStreamStore("/events/", options);
  assert.deepEqual({ ...store.getSnapshot(), reconnect: null }, { data: null, error: null, isConnected: false, reconnect: null });

  const off = store.subscribe(() => {});
  await settle();
  const { data, error, isConnected, reconnect } = store.getSnapshot();
  await reconnect();

  assert.deepEqual([data.position, error, isConnected], [1, null, true]);
  assert.deepEqual(network.calls.map((call) => call.after), [0, 1]);
  off();
  assert.equal(store.getSnapshot().isConnected, false);
});

test("the store tells of an error and leaves nothing behind with its last subscriber", async () => {
  const { options, clock, browser } = seams(() => failure(503));
  const store = createStreamStore("/events/", options);
  let calls = 0;
  const off = store.subscribe(() => (calls += 1));
  await settle();
  assert.equal(store.getSnapshot().error.status, 503);

  off();
  const before = calls;
  await clock.advance(60_000);

  assert.deepEqual([clock.pending, browser.listeners, calls], [0, 0, before]);
});

test("subscribe() passes events and errors, and nothing after it is ended", async () => {
  let stream;
  const { options, clock } = seams((call) => (stream = sse(call.signal, [opened(), "data: {\n\n", frame(event(1))])).response);
  const events = [];
  const errors = [];

  const end = subscribe("/events/", ({ position }) => events.push(position), (error) => errors.push(error.name), options);
  await settle();
  end();
  await clock.advance(60_000);

  assert.deepEqual([events, errors], [[1], ["SyntaxError"]]);
  assert.deepEqual([stream.closed, clock.pending], [true, 0]);
});

test("subscribe() tells why a stream was closed", async () => {
  const { options } = seams(() => failure(404));
  const errors = [];

  subscribe("/events/", () => {}, (error) => errors.push(error.reason), options);
  await settle();

  assert.deepEqual(errors, ["not_found"]);
});
