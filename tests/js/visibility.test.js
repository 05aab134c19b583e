import assert from "node:assert/strict";
import { test } from "node:test";

import { settle } from "./support/clock.js";
import { setUp } from "./support/connections.js";
import { event, frame, opened } from "./support/events.js";
import { page, sse } from "./support/network.js";

function stream() {
  const streams = [];
  const env = setUp((call) => {
    if (call.kind === "poll") return page([]);
    streams.push(sse(call.signal, [opened(call.after)]));
    return streams.at(-1).response;
  });
  return { ...env, streams };
}

test("goes offline at once, makes no request, and resumes at once from its cursor", async () => {
  const { connection, clock, network, browser, streams } = stream();
  await connection.connect();
  streams[0].send(frame(event(1)));
  await settle();

  browser.goOnline(false);
  assert.equal(connection.state, "offline");
  assert.equal(streams[0].closed, true);
  await clock.advance(600_000);
  assert.equal(network.calls.length, 1);
  browser.goOnline(true);
  await settle();

  assert.equal(connection.state, "open");
  assert.deepEqual(network.calls.map((call) => call.after), [0, 1]);
  connection.disconnect();
});

test("a page that starts offline waits, and retryNow() tries all the same", async () => {
  const { connection, browser, network } = stream();
  browser.isOnline = false;

  connection.connect();
  await settle();
  assert.deepEqual([connection.state, network.calls.length], ["offline", 0]);
  connection.retryNow();
  await settle();

  assert.equal(connection.state, "open");
  connection.disconnect();
});

test("a hidden tab keeps its stream for the grace period only, then polls slowly", async () => {
  const { connection, clock, network, browser, streams } = stream();
  await connection.connect();
  browser.hide(true);
  await clock.advance(14_999);
  assert.equal(streams[0].closed, false);

  await clock.advance(1);

  assert.equal(streams[0].closed, true);
  assert.equal(connection.state, "polling");
  assert.equal(connection.details.reason, "hidden");
  await clock.advance(60_000);
  assert.equal(network.polls.length, 7);
  connection.disconnect();
});

test("a tab shown again streams, and the poll goes on until the first byte", async () => {
  const { connection, clock, network, browser } = stream();
  await connection.connect();
  browser.hide(true);
  await clock.advance(20_000);

  browser.hide(false);
  await settle();

  assert.equal(connection.state, "open");
  assert.equal(network.streams.length, 2);
  const polls = network.polls.length;
  await clock.advance(10_000);
  assert.equal(network.polls.length, polls);
  connection.disconnect();
});

test("a short look away changes nothing", async () => {
  const { connection, clock, network, browser } = stream();
  await connection.connect();

  browser.hide(true);
  await clock.advance(5000);
  browser.hide(false);
  await clock.advance(14_000);

  assert.equal(network.calls.length, 1);
  connection.disconnect();
});

test("of ten hidden tabs on ten runs none holds a connection", async () => {
  const tabs = Array.from({ length: 10 }, () => stream());
  for (const { browser } of tabs) browser.isHidden = true;

  await Promise.all(tabs.map(({ connection }) => connection.connect()));

  assert.deepEqual(tabs.map(({ network }) => network.streams.length), Array(10).fill(0));
  tabs.forEach(({ connection }) => connection.disconnect());
});

test("a page in the back/forward cache keeps no connection and resumes when it returns", async () => {
  const { connection, browser, streams } = stream();
  await connection.connect();

  [...browser.page].forEach((fn) => fn(false));
  assert.equal(streams[0].closed, true);
  [...browser.page].forEach((fn) => fn(true));
  await settle();

  assert.equal(streams.length, 2);
  assert.equal(connection.state, "open");
  connection.disconnect();
});
