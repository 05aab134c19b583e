import assert from "node:assert/strict";
import { test } from "node:test";

import { SSEConnection, SSEReconnection, useSSE } from "../../static/js/sse/index.js";
import { FakeClock, settle } from "./support/clock.js";
import { FakeBrowser } from "./support/connections.js";
import { control, event, frame, opened } from "./support/events.js";
import { FakeNetwork, failure, json, sse } from "./support/network.js";

const URL_OF_STRATEGY = "/api/strategies/s/events";
const SEQUENCE = [1000, 2000, 4000, 8000, 16000, 30000, 30000];

/** Frames of the strategy dialect. */
const told = (position, name, data = {}, extra = {}) =>
  frame({ event: name, type: `strategy_${name}`, position, data: { timestamp: "2024-01-01T00:00:00Z", ...data }, ...extra });

function seams(answer, more = {}) {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, answer);
  const browser = new FakeBrowser();
  const options = { clock, random: () => 0, fetch: network.fetch, canStream: true, ...browser.seams, ...more };
  return { clock, network, browser, options };
}

function connected(pieces, more = {}) {
  let stream = null;
  const set = seams((call) => (stream = sse(call.signal, [opened(call.after), ...pieces])).response, more);
  const connection = new SSEConnection(URL_OF_STRATEGY, set.options);
  return { ...set, connection, stream: () => stream };
}

// Rows 3-37 and 3-40.
test("connect resolves on the first byte, not before", async () => {
  let open = null;
  const { options } = seams((call) => (open = sse(call.signal)).response);
  const connection = new SSEConnection(URL_OF_STRATEGY, options);
  let resolved = false;
  const promise = connection.connect().then(() => (resolved = true));
  await settle();
  assert.equal(resolved, false);
  assert.equal(connection.isConnected(), false);

  open.send(": hello\n");
  await promise;

  assert.equal(connection.isConnected(), true);
  connection.disconnect();
});

// Rows 3-22 and 3-29.
test("each message comes by its name, and all of them as message", async () => {
  const names = ["progress", "educational", "status", "error", "complete"];
  const { connection } = connected(names.map((name, index) => told(index + 1, name, { step: index })));
  const seen = [];
  for (const name of names) connection.on(name, ({ event: one, data }) => seen.push([one, data.step]));
  let all = 0;
  connection.on("message", () => (all += 1));

  await connection.connect();
  await settle();

  assert.deepEqual(seen, names.map((name, index) => [name, index]));
  assert.equal(all, 5);
  connection.disconnect();
});

// Rows 3-29 and 3-40.
test("off takes a handler off, and so does what on returned", async () => {
  const { connection, stream } = connected([]);
  const seen = [];
  const first = () => seen.push("first");
  connection.on("progress", first);
  const takeOff = connection.on("progress", () => seen.push("second"));
  await connection.connect();
  connection.off("progress", first);
  stream().send(told(1, "progress"));
  await settle();
  takeOff();
  stream().send(told(2, "progress"));
  await settle();

  assert.deepEqual(seen, ["second"]);
  connection.disconnect();
});

// Rows 3-28 and 3-30.
test("what cannot be read is told and skipped; the stream goes on", async () => {
  const broken = "id: 2\ndata: {not json\n\n";
  const strange = frame({ event: "progress", type: "x", position: 3, data: { timestamp: "t", step: 1, progress: "ten" } });
  const { connection } = connected([told(1, "progress"), broken, strange, told(4, "status")]);
  const bad = [];
  const good = [];
  connection.on("bad_message", ({ error, raw }) => bad.push([error.message.length > 0, raw.length > 0]));
  connection.on("message", ({ position }) => good.push(position));

  await connection.connect();
  await settle();

  assert.deepEqual(bad, [[true, true], [true, true]]);
  assert.deepEqual(good, [1, 4]);
  connection.disconnect();
});

// Rows 3-24 and 3-30.
test("an error of the work and trouble with the connection are never the same event", async () => {
  const { connection, clock, stream } = connected([told(1, "error", { error: "The model is gone." })]);
  const seen = [];
  connection.on("error", ({ data }) => seen.push(["error", data.error]));
  connection.on("connection_error", (error) => seen.push(["connection_error", error.reason]));
  await connection.connect();
  await settle();
  stream().fail();
  await clock.advance(0);

  assert.deepEqual(seen, [["error", "The model is gone."], ["connection_error", "network"]]);
  connection.disconnect();
});

// Row 3-38.
test("after disconnect nothing reconnects, and no timer is left", async () => {
  const { connection, clock, network, browser } = connected([told(1, "progress")]);
  await connection.connect();

  connection.disconnect();
  await clock.advance(120_000);

  assert.equal(network.calls.length, 1);
  assert.deepEqual([clock.pending, browser.listeners, connection.isConnected()], [0, 0, false]);
});

// Row 3-35.
test("a connection that is closed with a reason is not opened again", async () => {
  const closing = frame({ event: "status", type: "client_closed", position: 2, final: true, data: { timestamp: "t", reason: "Done." } });
  for (const end of [closing, control("closed", { reason: "forbidden" })]) {
    const { connection, clock, network } = connected([told(1, "progress"), end]);
    const reasons = [];
    connection.on("status", ({ data }) => reasons.push(data.reason));
    await connection.connect();
    await clock.advance(120_000);

    assert.equal(network.calls.length, 1);
    assert.equal(connection.state, "closed");
    if (end === closing) assert.deepEqual(reasons, ["Done."]);
  }
});

// Rows 3-27 and 3-40.
test("reconnect goes on from the last message and resolves on the first byte", async () => {
  const { connection, network, stream } = connected([]);
  await connection.connect();
  stream().send(told(1, "progress"));
  await settle();

  await connection.reconnect();

  assert.deepEqual(network.calls.map(({ after }) => after), [0, 1]);
  assert.equal(connection.position, 1);
  connection.disconnect();
});

// Rows 3-27 and 3-52.
test("failures are followed after 1, 2, 4, 8, 16, 30, 30 seconds, and after a success from the start", async () => {
  let works = false;
  let open = null;
  const { options, clock, network } = seams((call) => (works ? (open = sse(call.signal, [opened(0)])).response : failure(503)), { transport: "fetch" });
  const connection = new SSEConnection(URL_OF_STRATEGY, options);
  connection.connect().catch(() => {});
  await clock.advance(SEQUENCE.reduce((sum, ms) => sum + ms, 0));
  const waits = network.calls.slice(1).map(({ at }, index) => at - network.calls[index].at);
  assert.deepEqual(waits, SEQUENCE);

  works = true;
  await clock.advance(30_000);
  assert.equal(connection.isConnected(), true);
  await clock.advance(10_000);
  works = false;
  const before = network.calls.length;
  open.fail();
  await clock.advance(1000);
  assert.equal(network.calls.length, before + 1);
  connection.disconnect();
});

// Row 3-52.
test("SSEReconnection hands out the same delays, and starts over", () => {
  const reconnection = new SSEReconnection();
  assert.deepEqual(SEQUENCE.map(() => reconnection.nextDelay()), SEQUENCE);
  reconnection.succeeded();
  assert.deepEqual([reconnection.attempt, reconnection.nextDelay()], [0, 1000]);
  assert.deepEqual([...SSEReconnection.delays], SEQUENCE.slice(0, 6));
  const shorter = new SSEReconnection({ jitter: 0.2, random: () => 1 });
  assert.equal(shorter.nextDelay(), 800);
});

// Rows 3-39 and 3-61.
test("send posts to the command endpoint, with the time, and tells of a refusal", async () => {
  const posted = [];
  const fetch = async (url, init) => {
    if (init.method !== "POST") return sse(init.signal, [opened(0)]).response;
    posted.push([url, JSON.parse(init.body), init.headers["Content-Type"]]);
    return posted.length === 1 ? json({ status: "cancelled" }, { status: 202 }) : json({ error: { code: "invalid", message: "No such command." } }, { status: 400 });
  };
  const { options } = seams(() => null, { fetch, commandUrl: "/api/strategies/s/commands" });
  const connection = new SSEConnection(URL_OF_STRATEGY, options);

  assert.deepEqual(await connection.send({ event: "status", data: { command: "cancel" } }), { status: "cancelled" });
  await assert.rejects(connection.send({ event: "status", data: { command: "explode" } }), { status: 400, message: "No such command." });
  await assert.rejects(connection.send({ event: "shout" }), TypeError);
  await assert.rejects(new SSEConnection("/x", seams(() => null).options).send({ event: "status" }), /commandUrl/);

  const [[url, body, type]] = posted;
  assert.deepEqual([url, body.event, body.data.command, type], ["/api/strategies/s/commands", "status", "cancel", "application/json"]);
  assert.match(body.data.timestamp, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.equal(posted.length, 2);
});

// Row 3-31.
test("useSSE has data, error, isConnected and reconnect, and tells its subscribers", async () => {
  const { options, network } = seams((call) => sse(call.signal, [opened(call.after), call.after ? "" : told(1, "progress", { step: 3 })]).response, { shared: false });
  const store = useSSE(URL_OF_STRATEGY, options);
  assert.deepEqual([store.data, store.error, store.isConnected], [null, null, false]);
  let calls = 0;
  const off = store.subscribe(() => (calls += 1));
  await settle();

  assert.deepEqual([store.data.data.step, store.error, store.isConnected], [3, null, true]);
  assert.equal(store.getSnapshot(), store.getSnapshot());
  await store.reconnect();
  assert.deepEqual(network.calls.map(({ after }) => after), [0, 1]);
  off();
  assert.ok(calls > 0);
  assert.equal(store.isConnected, false);
});

// Rows 3-30 and 3-31.
test("useSSE tells of a connection that is not there, and shows no work's error as one", async () => {
  const { options } = seams(() => failure(503), { shared: false });
  const store = useSSE(URL_OF_STRATEGY, options);
  const off = store.subscribe(() => {});
  await settle();
  assert.equal(store.error.status, 503);
  off();

  const works = seams((call) => sse(call.signal, [opened(call.after), told(1, "error", { error: "The model is gone." })]).response, { shared: false });
  const other = useSSE(URL_OF_STRATEGY, works.options);
  const end = other.subscribe(() => {});
  await settle();
  assert.deepEqual([other.error, other.data.data.error], [null, "The model is gone."]);
  end();
});

// Rows 3-20 and 3-65.
test("the native dialect is understood as well", async () => {
  const native = frame(event(1, "run_failed", { error: { code: "c", message: "Gone." }, step: "risks" }, { event: "error" }));
  const result = frame(event(2, "strategy_ready", { title: "Enter" }, { event: "result" }));
  const { connection } = connected([native, result]);
  const seen = [];
  connection.on("message", ({ event: name, data }) => seen.push([name, data.error ?? data.title, data.code ?? null, data.step_name ?? null]));
  await connection.connect();
  await settle();

  assert.deepEqual(seen, [["error", "Gone.", "c", "risks"], ["status", "Enter", null, null]]);
  connection.disconnect();
});
