import assert from "node:assert/strict";
import { test } from "node:test";

import { TRANSITIONS, initialSnapshot, transition } from "../../static/js/chat/index.js";

const ERROR = new Error("lost");

const thinking = (context = {}) => ({ state: "THINKING", context: { ...initialSnapshot("c1").context, ...context } });

// Row 4-29.
test("the machine knows two states and five events", () => {
  assert.deepEqual(Object.keys(TRANSITIONS), ["IDLE", "THINKING"]);
  const events = new Set(Object.values(TRANSITIONS).flatMap((of) => Object.keys(of)));
  assert.deepEqual([...events], ["USER_SUBMITS", "CHUNK_RECEIVED", "STREAM_COMPLETE_TEXT", "STREAM_ERROR", "CANCEL"]);
});

// Row 4-33.
test("it starts idle with an empty context", () => {
  assert.deepEqual(initialSnapshot(), {
    state: "IDLE",
    context: { messages: [], currentContextId: null, streamingContent: "", finalContent: "", toolCallRequest: null, parsedParameters: null, error: null },
  });
});

const TABLE = [
  ["IDLE", "USER_SUBMITS", {}, "THINKING"],
  ["IDLE", "CHUNK_RECEIVED", { chunk: "a" }, null],
  ["IDLE", "STREAM_COMPLETE_TEXT", { finalContent: "a" }, null],
  ["IDLE", "STREAM_ERROR", { error: ERROR }, null],
  ["IDLE", "CANCEL", {}, null],
  ["THINKING", "USER_SUBMITS", {}, null],
  ["THINKING", "CHUNK_RECEIVED", { chunk: "a" }, "THINKING"],
  ["THINKING", "STREAM_COMPLETE_TEXT", { finalContent: "a" }, "IDLE"],
  ["THINKING", "STREAM_ERROR", { error: ERROR }, "IDLE"],
  ["THINKING", "CANCEL", {}, "IDLE"],
  ["THINKING", "toString", {}, null],
];

for (const [state, type, payload, target] of TABLE) {
  test(`${state} + ${type} ${target ? `goes to ${target}` : "changes nothing"}`, () => {
    const before = Object.freeze({ ...thinking(), state });

    const after = transition(before, { type, payload });

    if (target) assert.equal(after.state, target);
    else assert.equal(after, before);
  });
}

// Row 4-30.
test("THINKING begins without the text and the error of the time before", () => {
  const before = { ...thinking({ streamingContent: "old", finalContent: "older", error: ERROR, toolCallRequest: {} }), state: "IDLE" };

  const { context } = transition(before, { type: "USER_SUBMITS", payload: { messages: [{ id: "m" }], contextId: "c2" } });

  const { streamingContent, finalContent, error, toolCallRequest, messages, currentContextId } = context;
  assert.deepEqual([streamingContent, finalContent, error, toolCallRequest], ["", "", null, null]);
  assert.deepEqual([messages, currentContextId], [[{ id: "m" }], "c2"]);
});

test("no messages given means those that are known, which are the server's", () => {
  const before = { ...thinking({ messages: [{ id: "m" }] }), state: "IDLE" };

  assert.deepEqual(transition(before, { type: "USER_SUBMITS" }).context.messages, [{ id: "m" }]);
});

test("chunks join, and a completion without a text of its own keeps what was streamed", () => {
  const chunk = (text) => ({ type: "CHUNK_RECEIVED", payload: { chunk: text } });

  const streamed = [chunk("a"), chunk("b")].reduce(transition, thinking());
  const done = transition(streamed, { type: "STREAM_COMPLETE_TEXT", payload: { finalContent: "" } });

  assert.deepEqual([streamed.context.streamingContent, done.context.finalContent], ["ab", "ab"]);
});

test("a completion may bring what the reply asks for", () => {
  const payload = { finalContent: "May I?", toolCallRequest: { gateId: "g" }, parsedParameters: [1] };

  const { context } = transition(thinking(), { type: "STREAM_COMPLETE_TEXT", payload });

  assert.deepEqual([context.toolCallRequest, context.parsedParameters], [{ gateId: "g" }, [1]]);
});

// Row 4-31.
test("an error is kept, and so is the text that had come", () => {
  const { context } = transition(thinking({ streamingContent: "half" }), { type: "STREAM_ERROR", payload: { error: ERROR } });

  assert.deepEqual([context.error, context.streamingContent], [ERROR, "half"]);
});

// Row 4-32.
test("cancelling keeps the text that had come and is no error", () => {
  const { context } = transition(thinking({ streamingContent: "half" }), { type: "CANCEL" });

  assert.deepEqual([context.error, context.streamingContent], [null, "half"]);
});
