/** The parts of pages that need no browser: numbers, references, options, and the outbox. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { percent, ticks, value } from "../../static/js/pages/numbers.js";
import { Outbox } from "../../static/js/pages/outbox.js";
import { linesOf, reference } from "../../static/js/pages/reference.js";
import { streamOptions } from "../../static/js/pages/stream-options.js";

test("ticks are round, cover the range, and hold zero where it is inside", () => {
  assert.deepEqual(ticks(0, 8), [0, 2, 4, 6, 8]);
  assert.deepEqual(ticks(0, 1030), [0, 500, 1000, 1500]);
  assert.deepEqual(ticks(-3, 7), [-5, -2.5, 0, 2.5, 5, 7.5]);
  for (const [least, most] of [[0, 0.004], [12.1, 59.6], [-1e6, 3e9], [2007, 2009]]) {
    const steps = ticks(least, most);
    assert.ok(steps[0] <= least && steps.at(-1) >= most, `${least} to ${most}: ${steps}`);
    assert.ok(steps.length >= 3 && steps.length <= 8, `${least} to ${most}: ${steps}`);
  }
});

test("a range of one value still has two ticks", () => {
  assert.deepEqual(ticks(5, 5), [5, 10]);
  assert.deepEqual(ticks(0, 0), [0, 1]);
});

test("values are shown as people read them", () => {
  assert.equal(value(null), "");
  assert.equal(value("Adelie"), "Adelie");
  assert.equal(value(false), "false");
  assert.equal(value(2007), "2007");
  assert.equal(value(12345), "12,345");
  assert.equal(value(4201.7543), "4201.8");
  assert.equal(value(0.123456), "0.123");
  assert.equal(value(0.0000123), "0.0000123");
  assert.equal(value(-0.5), "-0.5");
});

test("shares are rounded, but what is there is never nothing", () => {
  assert.deepEqual([0, 0.0001, 0.0058, 0.5, 1].map(percent), ["0 %", "< 0.1 %", "0.6 %", "50 %", "100 %"]);
});

test("a path is quoted when a message could not hold it otherwise", () => {
  assert.equal(reference("notes.md"), "@notes.md");
  assert.equal(reference("reports/"), "@reports/");
  assert.equal(reference("field notes.md"), '@"field notes.md"');
  assert.equal(reference("what?.md"), '@"what?.md"');
});

test("the part of a file that is meant is said in words", () => {
  assert.equal(linesOf({ kind: "text", first_line: 3, last_line: 3 }), "line 3");
  assert.equal(linesOf({ kind: "text", first_line: 3, last_line: 9 }), "lines 3 to 9");
  assert.equal(linesOf({ kind: "text", first_line: 0, last_line: 0 }), "");
  assert.equal(linesOf({ kind: "directory", first_line: 0, last_line: 0 }), "folder");
});

test("the address of a page chooses transport and mode, and nothing else does", () => {
  assert.deepEqual(streamOptions("", "signal"), { transport: "auto", mode: "signal" });
  assert.deepEqual(streamOptions("?stream=poll&mode=inline", "signal"), { transport: "poll", mode: "inline", shared: false });
  assert.deepEqual(streamOptions("?stream=carrier-pigeon&mode=loud", "inline"), { transport: "auto", mode: "inline" });
});

function outboxWith(answers) {
  const posted = [];
  const api = {
    postMessage(session, message) {
      posted.push([session, message]);
      return answers.shift();
    },
  };
  const outbox = new Outbox({ api, session: "s1", user: "ada", changed: () => {} });
  return { outbox, posted };
}

const added = (id, content, by = "ada") => ({ data: { message_id: id, role: "user", by, content } });

test("a message gives way to the log, whether that comes before the answer or after it", async () => {
  let answer;
  const { outbox, posted } = outboxWith([Promise.resolve({ message_id: "m1" }), new Promise((resolve) => (answer = resolve))]);
  await outbox.send("One?");
  assert.equal(outbox.messages[0].id, "m1");
  outbox.arrived(added("m1", "One?"));
  assert.deepEqual(outbox.messages, []);

  const sent = outbox.send("Two?", ["f1"]);
  outbox.arrived(added("m2", "Two?"));
  assert.deepEqual(outbox.messages, []);
  answer({ message_id: "m2" });
  await sent;
  assert.deepEqual(outbox.messages, []);
  assert.deepEqual(posted, [["s1", { text: "One?" }], ["s1", { text: "Two?", files: ["f1"] }]]);
});

test("a message whose answer was lost gives way when the log has it, and one that was refused stays", async () => {
  const { outbox } = outboxWith([Promise.reject(Object.assign(new Error(), { status: 0 })), Promise.reject(Object.assign(new Error("No."), { status: 400 }))]);
  await outbox.send("Lost?");
  await outbox.send("Refused?");
  outbox.arrived(added("m1", undefined)); // a signal: it does not say whose text it is
  outbox.arrived(added("m2", "Refused?")); // said once more, in another tab
  assert.deepEqual(outbox.messages.map((one) => one.text), ["Lost?", "Refused?"]);
  outbox.arrived(added("m3", "Lost?"));
  assert.deepEqual(outbox.messages.map((one) => one.text), ["Refused?"]);
});

test("what others say, and what was said before, takes nothing away", async () => {
  const { outbox } = outboxWith([new Promise(() => {})]);
  outbox.send("Mine?");
  outbox.arrived(added("m1", "Mine?", "grace"));
  outbox.arrived(added("m2", "Another?"));
  outbox.arrived({ data: { message_id: "m3", role: "system", by: "ada", content: "Mine?" } });
  assert.equal(outbox.messages.length, 1);
  // A signal does not say what was said: then the oldest that waits is meant.
  outbox.arrived(added("m4", undefined));
  assert.equal(outbox.messages.length, 0);
});

test("a refused message keeps its text and its reason until it is sent or given up", async () => {
  const refusal = Object.assign(new Error("It is too long."), { status: 400, fields: {} });
  const { outbox } = outboxWith([Promise.reject(refusal), Promise.reject(refusal), Promise.resolve({ message_id: "m1" })]);
  await outbox.send("Mine?");
  assert.deepEqual([outbox.messages[0].state, outbox.messages[0].error], ["failed", "It is too long."]);
  const { key } = outbox.messages[0];
  await outbox.retry(key);
  assert.equal(outbox.messages[0].state, "failed");
  await outbox.retry(key);
  assert.deepEqual([outbox.messages[0].state, outbox.messages[0].id], ["sending", "m1"]);
  assert.equal(outbox.discard(key).text, "Mine?");
  assert.deepEqual(outbox.messages, []);
});
