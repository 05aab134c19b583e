import assert from "node:assert/strict";
import { test } from "node:test";

import { InsightClient } from "../../static/js/chat/index.js";
import { FakeClock, settle } from "./support/clock.js";
import { FakeBrowser } from "./support/connections.js";
import { json } from "./support/network.js";

/** A client whose every hook is written down; statuses are answered in turn, the last for ever. */
function setUp({ statuses = [{ status: "processing", messages: [] }], started = [], latency = 0 } = {}) {
  const clock = new FakeClock();
  const browser = new FakeBrowser();
  const posts = [];
  const polls = [];
  const said = [];
  let inFlight = 0;
  let most = 0;
  const status = () => (statuses.length > 1 ? statuses.shift() : statuses[0]);
  const fetch = async (url, init) => {
    if (init.method === "POST") {
      posts.push({ url, body: JSON.parse(init.body), key: init.headers["Idempotency-Key"] });
      const answer = started.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? json({ type: "task_started", task_id: "t1", status: "processing" });
    }
    polls.push({ url, at: clock.now() });
    inFlight += 1;
    most = Math.max(most, inFlight);
    if (latency) await new Promise((resolve) => clock.setTimeout(resolve, latency));
    inFlight -= 1;
    const answer = status();
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer : json(answer);
  };
  let animations = 0;
  const hooks = {
    addMessage: ({ text, role, state }) => said.push(["add", role, text, state]),
    changeMessage: ({ id, state, error }) => said.push(["change", id, state, error]),
    displayMessage: ({ id, type }) => said.push(["display", id, type]),
    discardMessages: (from) => said.push(["discard", from]),
    handleFinalResult: (result) => said.push(["result", result]),
    addThinkingAnimation: () => (animations += 1),
    removeThinkingAnimation: () => (animations -= 1),
  };
  let keys = 0;
  const client = new InsightClient({ ...hooks, fetch, clock, random: () => 0, ...browser.seams, uuid: () => `key-${(keys += 1)}`, extra: { session_id: "s" } });
  return { clock, browser, posts, polls, said, client, most: () => most, animations: () => animations };
}

const of = (said, what) => said.filter(([name]) => name === what);

// Rows 1-23, 1-29, 1-39.
test("a message is shown at once, sent as the contract says, and polled every 500 ms", async () => {
  const { client, said, posts, polls, clock, animations } = setUp();

  const sending = client.sendMessage(" Why? ");
  assert.deepEqual([said, animations()], [[["add", "user", "Why?", "sending"]], 1]);
  await sending;
  await clock.advance(1499);

  assert.deepEqual(posts, [{ url: "/api/chat", body: { action: "continue_conversation", message: "Why?", session_id: "s" }, key: "key-1" }]);
  assert.equal(polls[0].url, "/api/chat/status/t1?after=0");
  assert.deepEqual(polls.map(({ at }) => at - polls[0].at), [0, 500, 1000]);
  assert.deepEqual(of(said, "change"), [["change", "local-1", "sent", null]]);
});

// Row 1-28.
test("a message without words is not sent and not shown", async () => {
  const { client, said, posts } = setUp();

  assert.equal(await client.sendMessage(" \n"), null);

  assert.deepEqual([said, posts], [[], []]);
});

// Row 1-27.
test("two polls are never in flight, however slow the server", async () => {
  const { client, clock, polls, most } = setUp({ latency: 2000 });

  await client.sendMessage("Why?");
  await clock.advance(10_000);

  assert.equal(most(), 1);
  assert.equal(polls.length, 5);
});

// Row 1-24.
test("messages are displayed once each, and only later ones are asked for", async () => {
  const one = { id: 4, type: "progress" };
  const two = { id: 6, type: "intent_parsed" };
  const { client, clock, said, polls } = setUp({
    statuses: [{ status: "processing", messages: [one] }, { status: "processing", messages: [one, two] }, { status: "processing", messages: [one, two] }],
  });

  await client.sendMessage("Why?");
  await clock.advance(1000);

  assert.deepEqual(of(said, "display"), [["display", 4, "progress"], ["display", 6, "intent_parsed"]]);
  assert.deepEqual(polls.map(({ url }) => url.split("=")[1]), ["0", "4", "6"]);
});

// Rows 1-25, 1-39.
test("a completed task hands its result over once, stops polling and takes the animation away", async () => {
  const { client, clock, said, polls, animations } = setUp({
    statuses: [{ status: "processing", messages: [] }, { status: "completed", messages: [{ id: 9, type: "progress" }], result: { text: "42" } }],
  });

  await client.sendMessage("Why?");
  await clock.advance(60_000);

  assert.deepEqual(said.slice(-2), [["display", 9, "progress"], ["result", { text: "42" }]]);
  assert.deepEqual([of(said, "result").length, polls.length, animations(), clock.pending], [1, 2, 0, 0]);
});

// Rows 1-26, 1-39.
test("an error is told as a message of the bot, and ends the same way", async () => {
  const { client, clock, said, animations } = setUp({ statuses: [{ status: "error", messages: [], result: null, error: "no model" }] });

  await client.sendMessage("Why?");
  await clock.advance(60_000);

  assert.deepEqual(said.at(-1), ["add", "bot", "Error: no model", "sent"]);
  assert.deepEqual([animations(), clock.pending], [0, 0]);
});

test("a task that the server no longer knows is an error too", async () => {
  const { client, said, animations } = setUp({ statuses: [json({ error: "Task not found" }, { status: 404 })] });

  await client.sendMessage("Why?");
  await settle();

  assert.deepEqual([said.at(-1), animations()], [["add", "bot", "Error: Task not found", "sent"], 0]);
});

// Row 1-29.
test("a message that could not be sent can be retried, and has the same key then", async () => {
  const { client, said, posts, polls, animations } = setUp({ started: [new TypeError("lost"), json({ type: "task_started", task_id: "t1" })] });

  assert.equal(await client.sendMessage("Why?"), null);
  assert.deepEqual([said.at(-1), animations(), polls.length], [["change", "local-1", "failed", "lost"], 0, 0]);
  await client.retry("local-1");

  assert.deepEqual(posts.map(({ key }) => key), ["key-1", "key-1"]);
  assert.deepEqual(of(said, "change").slice(-2), [["change", "local-1", "sending", null], ["change", "local-1", "sent", null]]);
  assert.equal(animations(), 1);
  assert.equal(await client.retry("local-1"), null);
  assert.equal(posts.length, 2);
});

test("an answer that starts no task is a failure", async () => {
  const { client, said } = setUp({ started: [json({ type: "something" })] });

  await client.sendMessage("Why?");

  assert.deepEqual(said.at(-1), ["change", "local-1", "failed", "The server did not start a task."]);
});

test("a poll that fails is repeated with backoff, and a busy server is given its time", async () => {
  const done = { status: "completed", messages: [], result: 1 };
  const busy = json({ error: { code: "x", message: "m" } }, { status: 429, headers: { "Retry-After": "7" } });
  const { client, clock, polls, said } = setUp({ statuses: [new TypeError("lost"), new TypeError("lost"), busy, done] });

  await client.sendMessage("Why?");
  await clock.advance(60_000);

  assert.deepEqual(polls.map(({ at }) => at - polls[0].at), [0, 1000, 3000, 10_000]);
  assert.deepEqual(said.at(-1), ["result", 1]);
});

// Row 1-23.
test("a hidden page asks every ten seconds, and at once when it is shown", async () => {
  const { client, clock, browser, polls } = setUp();
  browser.hide(true);

  await client.sendMessage("Why?");
  await clock.advance(9999);
  assert.equal(polls.length, 1);
  await clock.advance(1);
  assert.equal(polls.length, 2);
  browser.hide(false);
  await settle();

  assert.equal(polls.length, 3);
});

test("a step that starts again takes back what it showed, and is displayed anew", async () => {
  const { client, said } = setUp({
    statuses: [{ status: "processing", messages: [{ id: 4, type: "progress" }, { id: 7, type: "restarted", from: 3 }, { id: 8, type: "progress" }] }],
  });

  await client.sendMessage("Why?");
  await settle();

  assert.deepEqual(said.slice(-3), [["display", 4, "progress"], ["discard", 3], ["display", 8, "progress"]]);
});

test("after dispose() nothing is asked, nobody is called and no animation is left", async () => {
  const { client, clock, browser, polls, animations } = setUp();
  await client.sendMessage("Why?");
  await settle();

  client.dispose();
  await clock.advance(60_000);

  assert.deepEqual([polls.length, animations(), clock.pending, browser.listeners], [1, 0, 0, 0]);
});
