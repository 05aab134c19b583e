import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { BackendContextService } from "../../static/js/chat/index.js";
import { json } from "./support/network.js";
import { FakeSource } from "./support/sources.js";

function setUp(answers = []) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, ...init });
    return answers.shift() ?? json({});
  };
  return { calls, service: new BackendContextService({ fetch, EventSource: FakeSource }) };
}

function follow(service, options) {
  const said = { events: [], errors: [], positions: [] };
  const onEvent = (event, { position }) => {
    said.events.push(event);
    said.positions.push(position);
  };
  return { said, stop: service.subscribeToContextEvents("c 1", onEvent, (error) => said.errors.push(error), options) };
}

beforeEach(() => {
  FakeSource.all = [];
});

// Row 4-15.
test("signals arrive as objects with their positions", () => {
  const { service } = setUp();
  const { said } = follow(service);

  FakeSource.last.say({ type: "state_changed", new_state: "thinking" }, 7);
  FakeSource.last.say({ type: "heartbeat" });

  assert.equal(FakeSource.last.url, "/contexts/c%201/stream");
  assert.deepEqual(said.events.map(({ type }) => type), ["state_changed", "heartbeat"]);
  assert.deepEqual(said.positions, [7, null]);
});

test("a subscription may begin after a position", () => {
  follow(setUp().service, { after: 0 });

  assert.equal(FakeSource.last.url, "/contexts/c%201/stream?after=0");
});

// Row 4-17.
test("after the cleanup nobody is called and the socket is closed", () => {
  const { said, stop } = follow(setUp().service);
  const source = FakeSource.last;

  stop();
  source.say({ type: "heartbeat" });
  source.say("{broken");
  source.lose();

  assert.deepEqual([said.events, said.errors, source.closed], [[], [], true]);
});

// Row 4-18.
test("a message that cannot be read is an error, and the stream goes on", () => {
  const { said } = follow(setUp().service);

  for (const broken of ["{broken", "null", "[]", '{"no":"type"}']) FakeSource.last.say(broken);
  FakeSource.last.say({ type: "heartbeat" });

  assert.equal(said.errors.length, 4);
  assert.ok(said.errors.every((error) => error instanceof Error && !error.fatal));
  assert.deepEqual([said.events.length, FakeSource.last.closed], [1, false]);
});

// Row 4-19.
test("a lost connection is an error that says whether the browser comes back", () => {
  const { said } = follow(setUp().service);

  FakeSource.last.lose();
  FakeSource.last.lose({ fatal: true });

  assert.deepEqual(said.errors.map(({ fatal }) => fatal), [false, true]);
});

// Row 4-7.
test("from_sequence 0 is a number, and only its absence asks for everything", async () => {
  const { service, calls } = setUp();

  await service.getMessageContent("c", "m", 0);
  await service.getMessageContent("c", "m", 5);
  await service.getMessageContent("c", "m");

  assert.deepEqual(calls.map(({ url }) => url), [
    "/contexts/c/messages/m/content?from_sequence=0",
    "/contexts/c/messages/m/content?from_sequence=5",
    "/contexts/c/messages/m/content",
  ]);
});

// Row 4-20.
test("an answer that is not OK throws with its status", async () => {
  const { service } = setUp([json({}, { status: 404 }), json({ error: { message: "Too many." } }, { status: 429 })]);

  await assert.rejects(service.getMessageContent("c", "m", 1), { message: "Failed to fetch message content: 404", status: 404 });
  await assert.rejects(service.sendMessage("c", "Hi"), { message: "Too many.", status: 429 });
});

// Row 4-21.
test("a message is sent in the shape of the contract, with metadata and its key", async () => {
  const { service, calls } = setUp([json({ message_id: "m" }, { status: 201 })]);

  assert.deepEqual(await service.sendMessage("c", "Hi", { branch: "b" }, "key-1"), { message_id: "m" });
  await service.sendMessage("c", "Ho");

  const bodies = calls.map(({ body }) => JSON.parse(body));
  assert.deepEqual(bodies[0], { payload: { type: "text", content: "Hi", display: null }, client_metadata: { branch: "b" } });
  assert.deepEqual(bodies[1].client_metadata, {});
  const [{ url, method, headers }] = calls;
  assert.deepEqual([method, url, headers["Idempotency-Key"], headers["Content-Type"]], ["POST", "/contexts/c/messages", "key-1", "application/json"]);
});

test("cancelling is a POST to the context", async () => {
  const { service, calls } = setUp();

  await service.cancel("c");

  assert.deepEqual([calls[0].method, calls[0].url], ["POST", "/contexts/c/cancel"]);
});
