import assert from "node:assert/strict";
import { test } from "node:test";

import { settle } from "./support/clock.js";
import { setUp } from "./support/connections.js";
import { control, event, events, final, frame, opened } from "./support/events.js";
import { failure, sse } from "./support/network.js";

const frames = (list) => list.map((one) => frame(one)).join("");

test("connect() resolves on the first byte, not before", async () => {
  let stream;
  const { connection } = setUp((call) => (stream = sse(call.signal)).response);
  let resolved = false;

  const promise = connection.connect().then(() => (resolved = true));
  await settle();
  assert.equal(resolved, false);
  stream.send(": hb\n\n");
  await promise;

  assert.equal(connection.state, "open");
  assert.equal(connection.isConnected, true);
  connection.disconnect();
});

test("delivers events in order and drops duplicates", async () => {
  const { connection, said } = setUp((call) => sse(call.signal, [opened(), frames(events(1, 3)), frames(events(2, 4))]).response);

  await connection.connect();
  await settle();

  assert.deepEqual(said.positions, [1, 2, 3, 4]);
  assert.equal(connection.cursor, 4);
  connection.disconnect();
});

test("a hole makes it ask again from its cursor at once and nothing is skipped", async () => {
  const answers = [frames([event(1), event(4)]), frames(events(2, 4))];
  const { connection, said, network } = setUp((call) => sse(call.signal, [opened(), answers.shift()]).response);

  await connection.connect();
  await settle();

  assert.deepEqual(said.positions, [1, 2, 3, 4]);
  assert.deepEqual(network.calls.map((call) => call.after), [0, 1]);
  assert.equal(network.calls[0].signal.aborted, true);
  connection.disconnect();
});

test("a part of a log has no holes that matter: what the server leaves out is not asked for", async () => {
  const { connection, said, network } = setUp((call) => sse(call.signal, [opened(0, { sparse: true }), frames([event(3), event(9)])]).response);

  await connection.connect();
  await settle();

  assert.deepEqual(said.positions, [3, 9]);
  assert.equal(network.calls.length, 1);
  assert.equal(connection.cursor, 9);
  connection.disconnect();
});

test("a hole that stays is asked for with backoff, never in a tight loop", async () => {
  const { connection, clock, network, said } = setUp((call) => sse(call.signal, [opened(), frame(event(9))]).response, { transport: "fetch" });

  connection.connect().catch(() => {});
  await settle();
  assert.equal(network.calls.length, 2);
  await clock.advance(3000);

  assert.equal(network.calls.length, 4);
  assert.deepEqual(said.positions, []);
  connection.disconnect();
});

test("the final event closes the stream for good", async () => {
  const { connection, clock, network, said } = setUp((call) => sse(call.signal, [opened(), frame(event(1)), frame(final(2))]).response);

  await connection.connect();
  await clock.advance(600_000);
  await connection.connect();

  assert.equal(said.finals, 1);
  assert.deepEqual(said.states.at(-1).reason, "finished");
  assert.equal(network.calls.length, 1);
  assert.equal(clock.pending, 0);
});

test("a reconnect frame is followed at once from the cursor", async () => {
  const answers = [[opened(), frame(event(1)), control("reconnect", { reason: "rotated", position: 1 })], [opened(1), frame(event(2))]];
  const { connection, network, said } = setUp((call) => sse(call.signal, answers.shift()).response);

  await connection.connect();
  await settle();

  assert.deepEqual(network.calls.map((call) => [call.after, call.at - network.calls[0].at]), [[0, 0], [1, 0]]);
  assert.deepEqual(said.positions, [1, 2]);
  connection.disconnect();
});

test("a closed frame ends the stream and is not reconnected from", async () => {
  const { connection, clock, network } = setUp((call) => sse(call.signal, [opened(), control("closed", { reason: "signed_out" })]).response);

  await connection.connect();
  await clock.advance(600_000);

  assert.equal(connection.state, "closed");
  assert.equal(connection.details.reason, "signed_out");
  assert.equal(network.calls.length, 1);
});

for (const [status, reason] of [[401, "signed_out"], [403, "forbidden"], [404, "not_found"], [400, "bad_request"]]) {
  test(`a ${status} closes with the reason ${reason} and rejects connect()`, async () => {
    const { connection, clock, network } = setUp(() => failure(status));

    await assert.rejects(connection.connect(), { name: "StreamClosedError", reason, status });
    await clock.advance(600_000);

    assert.equal(network.calls.length, 1);
    assert.equal(clock.pending, 0);
  });
}

test("a 204 means that the run is finished and all of it was seen", async () => {
  const { connection } = setUp(() => new Response(null, { status: 204 }), { after: 12 });

  await connection.connect();

  assert.deepEqual([connection.state, connection.details.reason, connection.cursor], ["closed", "finished", 12]);
});

test("a frame that is not JSON is reported and skipped, the stream goes on", async () => {
  const bad = "id: 2\ndata: {oops\n\n";
  const { connection, said, network } = setUp((call) => sse(call.signal, [opened(), frame(event(1)), bad, frame(event(3))]).response);

  await connection.connect();
  await settle();

  assert.deepEqual(said.positions, [1, 3]);
  assert.equal(said.bad[0].position, 2);
  assert.equal(network.calls.length, 1);
  connection.disconnect();
});

test("a gap and a snapshot are told and move the cursor", async () => {
  const gap = opened(5, { resume: "gap", from: 1, to: 5 });
  const snapshot = opened(40, { resume: "snapshot", snapshot: { id: "p" } });
  const answers = [[gap, frame(event(6)), control("reconnect")], [snapshot, frame(event(41))]];
  const { connection, said } = setUp((call) => sse(call.signal, answers.shift()).response);

  await connection.connect();
  await settle();

  assert.deepEqual(said.gaps, [{ from: 1, to: 5 }]);
  assert.deepEqual(said.snapshots, [{ snapshot: { id: "p" }, position: 40 }]);
  assert.deepEqual(said.positions, [6, 41]);
  connection.disconnect();
});

test("after disconnect() no timer, listener, request or callback is left", async () => {
  const streams = [];
  const { connection, clock, browser, said } = setUp((call) => {
    streams.push(sse(call.signal, [opened(), frame(event(1))]));
    return streams.at(-1).response;
  });
  await connection.connect();
  await settle();

  connection.disconnect();
  await clock.advance(600_000);

  assert.equal(clock.pending, 0);
  assert.equal(browser.listeners, 0);
  assert.equal(streams[0].closed, true);
  assert.deepEqual(said.positions, [1]);
  assert.equal(connection.details.reason, "disconnected");
});

test("disconnect() inside a listener stops the rest of the same chunk", async () => {
  const { connection, said } = setUp((call) => sse(call.signal, [opened() + frames(events(1, 5))]).response);
  connection.on("type:iteration_progress", ({ position }) => position === 2 && connection.disconnect());

  await connection.connect();
  await settle();

  assert.deepEqual(said.positions, [1, 2]);
});

test("off() and the function on() returns both end the calls", async () => {
  const { connection } = setUp((call) => sse(call.signal, [opened() + frames(events(1, 3))]).response);
  const seen = [];
  const listener = ({ position }) => {
    seen.push(position);
    connection.off("event", listener);
  };
  connection.on("event", listener);
  connection.on("event", () => seen.push("never"))();

  await connection.connect();
  await settle();

  assert.deepEqual(seen, [1]);
  connection.disconnect();
});

test("reconnect() starts again from the cursor and resolves on the first byte", async () => {
  const { connection, network } = setUp((call) => sse(call.signal, [opened(), call.after ? "" : frame(event(1))]).response);
  await connection.connect();
  await settle();

  await connection.reconnect();

  assert.deepEqual(network.calls.map((call) => call.after), [0, 1]);
  connection.disconnect();
});

test("send() posts to the command endpoint with a CSRF and an idempotency header", async () => {
  const posts = [];
  const fetch = async (url, init) => {
    posts.push([url, init]);
    return new Response("{}", { status: 202 });
  };
  const { connection } = setUp(() => null, { fetch, commandUrl: "/api/v1/runs/r/commands/" });

  await connection.send({ type: "cancel" });

  assert.equal(posts[0][0], "/api/v1/runs/r/commands/");
  assert.deepEqual(JSON.parse(posts[0][1].body), { type: "cancel" });
  assert.match(posts[0][1].headers["Idempotency-Key"], /^[0-9a-f-]{36}$/);
  assert.ok("X-CSRFToken" in posts[0][1].headers);
});

test("a stored cursor is taken up after a reload", async () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  const first = setUp((call) => sse(call.signal, [opened(), frames(events(1, 3))]).response, { storage });
  await first.connection.connect();
  await first.clock.advance(300);
  first.connection.disconnect();

  const second = setUp((call) => sse(call.signal, [opened(3)]).response, { storage });
  await second.connection.connect();

  assert.deepEqual(second.network.calls.map((call) => call.after), [3]);
  second.connection.disconnect();
});

test("disconnect() writes the stored cursor at once and leaves no timer for it", async () => {
  const kept = new Map();
  const storage = { getItem: () => null, setItem: (key, value) => kept.set(key, value) };
  const { connection, clock } = setUp((call) => sse(call.signal, [opened(), frames(events(1, 2))]).response, { storage });
  await connection.connect();
  await settle();

  connection.disconnect();

  assert.deepEqual([clock.pending, [...kept.values()]], [0, ["2"]]);
});

test("the debug option logs events, and without it nothing is written", async () => {
  const words = [];
  const { connection } = setUp((call) => sse(call.signal, [opened(), frame(event(1))]).response, { debug: (...said) => words.push(said[0]) });

  await connection.connect();
  await settle();

  assert.ok(words.includes("iteration_progress"));
  connection.disconnect();
});
