import assert from "node:assert/strict";
import { test } from "node:test";

import { settle } from "./support/clock.js";
import { setUp } from "./support/connections.js";
import { event, events, final } from "./support/events.js";
import { failure, page } from "./support/network.js";

class FakeEventSource {
  static made = [];
  readyState = 0;

  constructor(url) {
    this.url = url;
    FakeEventSource.made.push(this);
  }

  open() {
    this.readyState = 1;
    this.onopen?.({});
  }

  say(message) {
    this.onmessage?.({ type: "message", data: JSON.stringify(message), lastEventId: String(message.position ?? 0) });
  }

  fail(readyState) {
    this.readyState = readyState;
    this.onerror?.({ type: "error" });
  }

  close() {
    this.readyState = 2;
    this.closed = true;
  }
}

function native(answer = () => page([])) {
  FakeEventSource.made = [];
  return setUp(answer, { transport: "eventsource", EventSource: FakeEventSource });
}

test("delivers messages and closes on the final one", async () => {
  const { connection, said } = native();
  const connected = connection.connect();
  const [source] = FakeEventSource.made;
  source.open();
  await connected;

  source.say(event(1));
  source.say(final(2));

  assert.deepEqual(said.positions, [1, 2]);
  assert.equal(source.closed, true);
  assert.equal(connection.details.reason, "finished");
});

test("a lost connection is reopened by our backoff and not by the browser's", async () => {
  const { connection, clock, said } = native();
  connection.connect();
  FakeEventSource.made[0].open();
  FakeEventSource.made[0].say(event(1));

  FakeEventSource.made[0].fail(0);
  assert.equal(FakeEventSource.made[0].closed, true);
  await clock.advance(1000);

  assert.equal(FakeEventSource.made.length, 2);
  assert.match(FakeEventSource.made[1].url, /after=1/);
  assert.equal(said.states.filter(({ state }) => state === "reconnecting").length, 1);
  connection.disconnect();
});

test("a message named error is a frame, not a fault", async () => {
  const { connection, said } = native();
  connection.connect();
  const [source] = FakeEventSource.made;
  source.open();

  source.onerror({ type: "error", data: JSON.stringify(event(1, "run_failed")), lastEventId: "1" });

  assert.deepEqual(said.positions, [1]);
  assert.equal(connection.state, "open");
  connection.disconnect();
});

for (const [status, reason] of [[401, "signed_out"], [404, "not_found"]]) {
  test(`a fatal close is explained by a JSON request: ${status}`, async () => {
    const { connection, network } = native(() => failure(status));
    const connected = connection.connect();

    FakeEventSource.made[0].fail(2);

    await assert.rejects(connected, { reason, status });
    assert.equal(network.polls.length, 1);
  });
}

test("a fatal close with 429 waits for Retry-After", async () => {
  const { connection, clock } = native(() => failure(429, { "Retry-After": "9" }));
  connection.connect();
  FakeEventSource.made[0].fail(2);

  await clock.advance(8999);
  assert.equal(FakeEventSource.made.length, 1);
  await clock.advance(1);

  assert.equal(FakeEventSource.made.length, 2);
  connection.disconnect();
});

test("since heartbeats are hidden, silence asks the server before it reconnects", async () => {
  let missed = [];
  const { connection, clock, network } = native(() => page(missed));
  connection.connect();
  FakeEventSource.made[0].open();

  await clock.advance(30_000);
  assert.deepEqual([network.polls.length, FakeEventSource.made.length], [1, 1]);
  missed = events(1, 1);
  await clock.advance(31_000);

  assert.equal(FakeEventSource.made.length, 2);
  connection.disconnect();
});

test("a browser that refuses to make an EventSource counts as a failure", async () => {
  class Refusing {
    constructor() {
      throw new TypeError("blocked");
    }
  }
  const { connection, said } = setUp(() => page([]), { transport: "eventsource", EventSource: Refusing });

  connection.connect();
  await settle();

  assert.equal(said.states.at(-1).message, "blocked");
  connection.disconnect();
});
