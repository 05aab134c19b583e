import assert from "node:assert/strict";
import { test } from "node:test";

import { settle } from "./support/clock.js";
import { setUp } from "./support/connections.js";
import { event, events, frame, opened } from "./support/events.js";
import { failure, page, sse } from "./support/network.js";

const refuse = () => Promise.reject(new TypeError("refused"));

const gaps = (calls) => calls.slice(1).map((call, index) => call.at - calls[index].at);

test("a dead server is tried again after 1, 2, 4, 8, 16, 30, 30 seconds", async () => {
  const { connection, clock, network, said } = setUp(refuse, { transport: "fetch" });

  connection.connect();
  await clock.advance(91_000);

  assert.deepEqual(gaps(network.streams), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  const waits = said.states.filter(({ state }) => state === "reconnecting");
  assert.deepEqual(waits[0].retryIn, 1000);
  assert.equal(waits[0].reason, "network");
  connection.disconnect();
});

test("with automatic fall-back the times are the same, the poll being part of an attempt", async () => {
  const { connection, clock, network } = setUp(refuse);

  connection.connect();
  await clock.advance(91_000);

  assert.deepEqual(gaps(network.streams), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.equal(connection.state, "reconnecting");
  connection.disconnect();
});

test("an event resets the backoff; the end of file is a fault and resumes from the cursor", async () => {
  const plan = [refuse, refuse, () => [opened(), frame(event(1))], refuse];
  const { connection, clock, network, said } = setUp((call) => {
    const step = plan.shift();
    if (!step || step === refuse) return refuse();
    const stream = sse(call.signal, step());
    stream.end();
    return stream.response;
  });

  connection.connect();
  await clock.advance(3000);
  assert.deepEqual(said.positions, [1]);
  await clock.advance(1000);

  assert.deepEqual(gaps(network.streams), [1000, 2000, 1000]);
  assert.equal(network.streams.at(-1).after, 1);
  connection.disconnect();
});

test("a server that accepts and hangs up is not hammered", async () => {
  const { connection, clock, network } = setUp((call) => {
    const stream = sse(call.signal, [opened()]);
    stream.end();
    return stream.response;
  }, { transport: "fetch" });

  await connection.connect();
  await clock.advance(15_000);

  assert.deepEqual(gaps(network.streams), [1000, 2000, 4000, 8000]);
  connection.disconnect();
});

test("a 429 waits for Retry-After, then tries again", async () => {
  const answers = [() => failure(429, { "Retry-After": "7" }), (call) => sse(call.signal, [opened()]).response];
  const { connection, clock, network, said } = setUp((call) => answers.shift()(call));

  connection.connect();
  await clock.advance(6999);
  assert.equal(network.calls.length, 1);
  const { state, status, retryIn, retryAt } = said.states.at(-1);
  assert.deepEqual({ state, status, retryIn }, { state: "reconnecting", status: 429, retryIn: 7000 });
  assert.equal(retryAt, network.calls[0].at + 7000);
  await clock.advance(1);

  assert.equal(connection.state, "open");
  connection.disconnect();
});

test("after three 429 it polls, still not before Retry-After, and goes back to streaming later", async () => {
  let full = true;
  const { connection, clock, network, said } = setUp((call) => {
    if (call.kind === "poll") return page(call.after < 2 ? events(call.after + 1, 2) : []);
    return full ? failure(429, { "Retry-After": "5" }) : sse(call.signal, [opened(2), frame(event(3))]).response;
  });

  connection.connect();
  await clock.advance(14_999);
  assert.deepEqual([network.streams.length, network.polls.length], [3, 0]);
  await clock.advance(1);
  assert.equal(connection.state, "polling");
  assert.deepEqual(said.positions, [1, 2]);
  full = false;
  await clock.advance(30_000);

  assert.equal(connection.state, "open");
  assert.deepEqual(said.positions, [1, 2, 3]);
  const polls = network.polls.length;
  await clock.advance(10_000);
  assert.equal(network.polls.length, polls);
  connection.disconnect();
});

test("a failed try to go back leaves the poll alone and comes later each time", async () => {
  const { connection, clock, network } = setUp((call) => (call.kind === "poll" ? page([]) : refuse()));

  connection.connect();
  await clock.advance(1000 + 2000);
  assert.equal(connection.state, "polling");
  await clock.advance(30_000 + 60_000 + 120_000);

  assert.deepEqual(gaps(network.streams), [1000, 2000, 30_000, 60_000, 120_000]);
  assert.equal(connection.state, "polling");
  connection.disconnect();
});

test("silence for twice the announced heartbeat reconnects; heartbeats prevent it", async () => {
  const streams = [];
  const { connection, clock, network } = setUp((call) => {
    streams.push(sse(call.signal, [opened()]));
    return streams.at(-1).response;
  });
  await connection.connect();
  for (let beat = 0; beat < 10; beat += 1) {
    await clock.advance(15_000);
    streams[0].send(": hb\n\n");
  }
  assert.equal(network.calls.length, 1);

  await clock.advance(29_999);
  assert.equal(network.calls.length, 1);
  await clock.advance(1001);

  assert.equal(network.calls.length, 2);
  assert.equal(streams[0].closed, true);
  connection.disconnect();
});

test("an answer without a first byte, as from a buffering proxy, ends in polling", async () => {
  const { connection, clock, network } = setUp((call) => (call.kind === "poll" ? page(events(1, 2)) : sse(call.signal).response));

  const connected = connection.connect();
  await clock.advance(15_000 + 1000 + 15_000 + 2000 + 15_000);
  await connected;

  assert.equal(connection.state, "polling");
  assert.equal(network.streams.length, 3);
  connection.disconnect();
});

test("a page that is no event stream counts as a failure", async () => {
  const { connection, said } = setUp(() => new Response("<html>", { headers: { "Content-Type": "text/html" } }));

  connection.connect();
  await settle();

  assert.equal(said.states.at(-1).reason, "not_a_stream");
  connection.disconnect();
});

test("retryNow() does not wait", async () => {
  const { connection, network } = setUp(refuse);
  connection.connect();
  await settle();

  connection.retryNow();
  await settle();

  assert.equal(network.calls.length, 2);
  connection.disconnect();
});
