import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { EVENTS, SSEEventManager, formatMessage, parseMessage, problemOf, timestamp, toMessage } from "../../static/js/sse/index.js";

const TIME = "2024-01-01T00:00:00Z";

// Row 3-26.
test("the module has the files of the older client", () => {
  for (const name of ["index", "SSEConnection", "SSEEventManager", "SSEReconnection", "SSEMessageTypes", "SSEUtils"]) {
    assert.ok(readFileSync(new URL(`../../static/js/sse/${name}.js`, import.meta.url)).length > 0, name);
  }
});

// Rows 3-22 and 3-23.
test("all five names are events, and only the time has to be there", () => {
  assert.deepEqual([...EVENTS].sort(), ["complete", "educational", "error", "progress", "status"]);
  for (const event of EVENTS) assert.equal(problemOf({ event, data: { timestamp: TIME, of_my_own: [1] } }), null);
});

// Rows 3-23 and 3-61.
test("what is wrong with a message is said by its member", () => {
  const wrong = [
    [null, "the message"],
    [{ event: "shout", data: { timestamp: TIME } }, "the event"],
    [{ event: "status" }, "data"],
    [{ event: "status", data: {} }, "data.timestamp"],
    [{ event: "status", data: { timestamp: TIME, progress: "ten" } }, "data.progress"],
    [{ event: "status", data: { timestamp: TIME, message: 3 } }, "data.message"],
  ];
  for (const [message, member] of wrong) assert.ok(problemOf(message).startsWith(member), problemOf(message));
});

// Row 3-53.
test("a message survives its way through text", () => {
  const text = formatMessage({ event: "progress", data: { step: 1, progress: 10, message: "Processing… \u2028 🥐" } });

  const message = parseMessage(text);

  assert.deepEqual([message.event, message.data.step, message.data.message], ["progress", 1, "Processing… \u2028 🥐"]);
  assert.throws(() => parseMessage("{"), SyntaxError);
  assert.throws(() => parseMessage('{"event":"shout","data":{}}'), TypeError);
  assert.throws(() => formatMessage({ event: "shout" }), TypeError);
});

// Row 3-25.
test("times are UTC with a Z", () => {
  assert.equal(timestamp(Date.UTC(2024, 0, 1)), "2024-01-01T00:00:00.000Z");
});

// Row 3-53.
test("a message of the strategy dialect is passed on as it is", () => {
  const message = { event: "educational", type: "strategy_card", position: 4, data: { step: 1, educational_content: { title: "t" }, timestamp: TIME } };
  assert.deepEqual(toMessage(message), message);
  assert.equal(toMessage({ type: "x", timestamp: TIME }).event, "status");
});

// Rows 3-28 and 3-29.
test("the manager hands on what it can read, and tells of the rest", () => {
  const manager = new SSEEventManager();
  const seen = [];
  for (const name of ["progress", "message", "bad_message", "connection_error"]) manager.on(name, () => seen.push(name));

  manager.take({ event: "progress", type: "x", position: 1, data: { timestamp: TIME } });
  manager.take({ event: "progress", type: "x", position: 2, data: { timestamp: TIME, progress: {} } });
  manager.bad(new Error("no JSON"), "{");
  manager.connectionError({ reason: "network" });

  assert.deepEqual(seen, ["progress", "message", "bad_message", "bad_message", "connection_error"]);
});
