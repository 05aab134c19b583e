import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { BackendContextService, ChatManager } from "../../static/js/chat/index.js";
import { FakeClock, settle } from "./support/clock.js";
import { json } from "./support/network.js";
import { FakeSource, FakeTexts } from "./support/sources.js";

beforeEach(() => {
  FakeSource.all = [];
});

/** A manager over fakes; `tell` is what the server says, numbered from 1. */
function setUp({ chat = "c1", answer = () => json({ message_id: "u1" }) } = {}) {
  const clock = new FakeClock();
  const texts = new FakeTexts(clock);
  const posts = [];
  const errors = [];
  const fetch = async (url, init) => {
    if (init.method !== "POST") {
      const [, contextId, id] = /contexts\/([^/]+)\/messages\/([^/]+)\//.exec(url);
      return json(await texts.answer(contextId, id, Number(new URL(url, "http://x").searchParams.get("from_sequence"))));
    }
    posts.push({ url, body: JSON.parse(init.body), key: init.headers["Idempotency-Key"] });
    return answer(url);
  };
  const service = new BackendContextService({ fetch, EventSource: FakeSource });
  let keys = 0;
  const manager = new ChatManager({ service, clock, random: () => 0, uuid: () => `key-${(keys += 1)}`, onError: (error) => errors.push(error.message) });
  if (chat) manager.selectChat(chat, { after: 0 });
  let position = 0;
  const tell = (type, fields = {}) => {
    position += 1;
    FakeSource.last.say({ type, context_id: chat, timestamp: "t", ...fields }, position);
  };
  /** Write a piece of text and signal it. */
  const write = (id, text) => tell("content_delta", { message_id: id, current_sequence: texts.write(id, text) });
  const complete = (id, more = {}) => tell("message_completed", { message_id: id, final_sequence: texts.pieces.get(id)?.length ?? 0, ...more });
  return { clock, texts, posts, errors, manager, tell, write, complete };
}

const seen = ({ manager }) => {
  const { state, streamingText, streamingMessageId, context } = manager.getSnapshot();
  return [state, streamingText, streamingMessageId, context.finalContent];
};

// Row 4-34.
test("without a chat, or without words, sending does nothing", async () => {
  const nobody = setUp({ chat: null });
  assert.equal(await nobody.manager.sendMessage("Hi"), null);
  await nobody.manager.cancel();
  const somebody = setUp();
  assert.equal(await somebody.manager.sendMessage("  \n"), null);

  assert.deepEqual([nobody.posts, somebody.posts, nobody.manager.getSnapshot().state], [[], [], "IDLE"]);
  assert.equal(FakeSource.all.length, 1);
});

// Rows 4-22, 4-23, 4-27, 4-35.
test("a message is sent, its reply grows as it is pulled, and is final when all of it is here", async () => {
  const chat = setUp();

  const answer = await chat.manager.sendMessage("Hi?", { branch: "b" });
  assert.deepEqual([answer, seen(chat)], [{ message_id: "u1" }, ["THINKING", "", null, ""]]);
  chat.tell("state_changed", { new_state: "thinking" });
  chat.tell("message_started", { message_id: "a1" });
  chat.write("a1", "Hello ");
  await chat.clock.advance(300);
  assert.deepEqual(seen(chat), ["THINKING", "Hello ", "a1", ""]);
  chat.write("a1", "you.");
  chat.complete("a1");
  assert.equal(chat.manager.getSnapshot().state, "THINKING");
  await chat.clock.advance(300);

  assert.deepEqual(seen(chat), ["IDLE", "", null, "Hello you."]);
  assert.equal(chat.manager.getSnapshot().backendState, "thinking");
  assert.deepEqual(chat.posts[0].body.client_metadata, { branch: "b" });
});

// Row 4-24.
test("fifty signals a second with slow pulls give the text once and in order", async () => {
  const chat = setUp();
  const chunks = [];
  let before = "";
  chat.manager.subscribe(() => {
    const { streamingContent } = chat.manager.getSnapshot().context;
    if (streamingContent !== before) chunks.push(streamingContent);
    assert.ok(streamingContent.startsWith(before));
    before = streamingContent;
  });

  for (let number = 1; number <= 100; number += 1) {
    chat.write("a1", `${number} `);
    await chat.clock.advance(20);
  }
  chat.complete("a1");
  await chat.clock.advance(1000);

  assert.equal(chat.manager.getSnapshot().context.finalContent, chat.texts.pieces.get("a1").join(""));
  assert.equal(chat.texts.maxInFlight, 1);
  assert.ok(chunks.length > 3);
});

// Rows 4-25, 4-26.
test("the text is complete even if no delta was ever seen, and if a pull fails", async () => {
  const chat = setUp();
  chat.texts.write("a1", "All ");
  chat.texts.write("a1", "of it.");
  chat.texts.failures = 1;

  chat.complete("a1");
  await chat.clock.advance(300 + 1000 + 300);

  assert.deepEqual(seen(chat), ["IDLE", "", null, "All of it."]);
  assert.deepEqual([chat.texts.pulls, chat.errors], [[["a1", 0], ["a1", 0]], ["lost"]]);
});

// Row 4-44.
test("a reply whose last text is still on its way does not mix with the next", async () => {
  const chat = setUp();
  const finals = [];
  chat.manager.subscribe(() => {
    const { state, context } = chat.manager.getSnapshot();
    if (state === "IDLE" && context.finalContent && finals.at(-1) !== context.finalContent) finals.push(context.finalContent);
  });
  await chat.manager.sendMessage("One?");
  await chat.manager.sendMessage("Two?");

  chat.write("a1", "First");
  chat.complete("a1");
  chat.tell("message_started", { message_id: "a2" });
  chat.write("a2", "Second");
  chat.complete("a2");
  await chat.clock.advance(1000);

  assert.deepEqual(finals, ["First", "Second"]);
  assert.equal(new Set(chat.posts.map(({ key }) => key)).size, 2);
});

test("a reply whose step starts again is replaced, not continued", async () => {
  const chat = setUp();
  chat.tell("message_started", { message_id: "a1" });
  chat.write("a1", "Old");
  await chat.clock.advance(300);

  chat.tell("step_restarted", { step: "reply-1", from_position: 1 });
  chat.tell("message_started", { message_id: "b1" });
  assert.deepEqual(seen(chat).slice(0, 3), ["THINKING", "", "b1"]);
  chat.write("b1", "New");
  chat.complete("b1");
  await chat.clock.advance(300);

  assert.equal(chat.manager.getSnapshot().context.finalContent, "New");
});

test("a tool call that needs approval is what the reply ends with", async () => {
  const chat = setUp();
  chat.write("a1", "May I?");
  chat.complete("a1", { status: "waiting" });
  await chat.clock.advance(300);
  assert.equal(chat.manager.getSnapshot().state, "THINKING");

  chat.tell("tool_call_requested", { message_id: "a1", gate_id: "g1", count: 1, tools: ["save_file"] });
  chat.tell("state_changed", { new_state: "waiting_approval" });

  const { state, context, backendState } = chat.manager.getSnapshot();
  assert.deepEqual([state, context.finalContent, backendState], ["IDLE", "May I?", "waiting_approval"]);
  assert.deepEqual(context.toolCallRequest, { gateId: "g1", count: 1, tools: ["save_file"] });
});

// Row 4-32.
test("cancelling shows at once, is sent to the server, and what comes late is dropped", async () => {
  const chat = setUp();
  await chat.manager.sendMessage("Hi?");
  chat.write("a1", "Half ");
  await chat.clock.advance(300);

  const done = chat.manager.cancel();
  assert.deepEqual(seen(chat), ["IDLE", "", null, ""]);
  await done;
  chat.write("a1", "more");
  chat.complete("a1", { status: "cancelled" });
  chat.tell("run_cancelled");
  await chat.clock.advance(1000);

  assert.equal(chat.posts.at(-1).url, "/contexts/c1/cancel");
  const { state, context } = chat.manager.getSnapshot();
  assert.deepEqual([state, context.streamingContent, context.error], ["IDLE", "Half ", null]);
});

test("a run that fails is an error with its code, before or after its message", async () => {
  const early = setUp();
  await early.manager.sendMessage("Hi?");
  early.tell("run_failed", { code: "no_data_model", error: "No data." });
  const late = setUp();
  late.write("a1", "Half");
  late.complete("a1", { status: "failed" });
  await late.clock.advance(300);
  late.tell("run_failed", { code: "x", error: "Broken." });

  for (const [chat, code, message] of [[early, "no_data_model", "No data."], [late, "x", "Broken."]]) {
    const { state, context } = chat.manager.getSnapshot();
    assert.deepEqual([state, context.error.code, context.error.message], ["IDLE", code, message]);
  }
});

test("a message that cannot be sent is an error and is thrown", async () => {
  const chat = setUp({ answer: () => json({ error: { message: "Too many." } }, { status: 429 }) });

  await assert.rejects(chat.manager.sendMessage("Hi?"), { status: 429 });

  const { state, context } = chat.manager.getSnapshot();
  assert.deepEqual([state, context.error.message], ["IDLE", "Too many."]);
});

// Row 4-28.
test("a missed heartbeat opens the stream again after the last position", async () => {
  const chat = setUp();
  chat.tell("stream_opened", { context_id: undefined, heartbeat_seconds: 10 });
  chat.tell("state_changed", { new_state: "idle" });
  await chat.clock.advance(19_999);
  FakeSource.last.say({ type: "heartbeat" }, 2);
  await chat.clock.advance(19_999);
  assert.equal(FakeSource.all.length, 1);

  await chat.clock.advance(1);

  assert.equal(chat.manager.getSnapshot().connection, "reconnecting");
  assert.deepEqual([FakeSource.all.length, FakeSource.open.length, FakeSource.last.url], [2, 1, "/contexts/c1/stream?after=2"]);
  FakeSource.last.say({ type: "state_changed", context_id: "c1", new_state: "thinking" }, 2);
  assert.equal(chat.manager.getSnapshot().backendState, "idle");
  FakeSource.last.say({ type: "state_changed", context_id: "c1", new_state: "thinking" }, 3);
  assert.deepEqual([chat.manager.getSnapshot().backendState, chat.manager.getSnapshot().connection], ["thinking", "open"]);
});

test("before the server says otherwise, the silence allowed is twice thirty seconds", async () => {
  const { clock } = setUp();

  await clock.advance(59_999);
  assert.equal(FakeSource.all.length, 1);
  await clock.advance(1);

  assert.equal(FakeSource.all.length, 2);
});

test("a stream that is refused for good is tried again with backoff; after three times it is an error", async () => {
  const chat = setUp();
  await chat.manager.sendMessage("Hi?");

  for (const wait of [1000, 2000]) {
    FakeSource.last.lose({ fatal: true });
    assert.equal(chat.manager.getSnapshot().state, "THINKING");
    await chat.clock.advance(wait);
  }
  FakeSource.last.lose({ fatal: true });
  assert.deepEqual([chat.manager.getSnapshot().state, FakeSource.open.length], ["IDLE", 0]);
  await chat.clock.advance(4000);
  chat.write("a1", "Back");
  chat.complete("a1");
  await chat.clock.advance(300);

  assert.deepEqual([seen(chat)[3], chat.manager.getSnapshot().context.error], ["Back", null]);
});

test("a short loss that the browser mends by itself is no error", async () => {
  const chat = setUp();
  await chat.manager.sendMessage("Hi?");

  FakeSource.last.lose();

  const { state, connection, context } = chat.manager.getSnapshot();
  assert.deepEqual([state, connection, context.error, FakeSource.all.length], ["THINKING", "reconnecting", null, 1]);
});

test("another chat starts clean, and leaving one closes everything", async () => {
  const chat = setUp();
  await chat.manager.sendMessage("Hi?");
  chat.write("a1", "x");
  const first = FakeSource.last;

  chat.manager.selectChat("c2");
  await chat.clock.advance(300);
  assert.deepEqual([first.closed, seen(chat)], [true, ["IDLE", "", null, ""]]);
  chat.manager.dispose();
  await settle();

  assert.deepEqual([FakeSource.open.length, chat.clock.pending], [0, 0]);
});
