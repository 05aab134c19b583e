import assert from "node:assert/strict";
import { test } from "node:test";

import { ContentPuller } from "../../static/js/stream/index.js";
import { FakeClock, settle } from "./support/clock.js";

/** A message of chunks on a server whose pulls take 300 ms. */
function setUp({ pageSize = Infinity } = {}) {
  const clock = new FakeClock();
  const server = { chunks: [], completed: false, failures: 0, pulls: [], inFlight: 0, maxInFlight: 0 };
  const texts = [];
  const errors = [];
  const pull = async (id, from) => {
    server.pulls.push(from);
    server.inFlight += 1;
    server.maxInFlight = Math.max(server.maxInFlight, server.inFlight);
    await new Promise((resolve) => clock.setTimeout(resolve, 300));
    server.inFlight -= 1;
    if (server.failures > 0) {
      server.failures -= 1;
      throw new Error("lost");
    }
    const end = Math.min(server.chunks.length, from + pageSize);
    const content = server.chunks.slice(from, end).join("");
    return { message_id: id, sequence: end, content, has_more: end < server.chunks.length, completed: server.completed };
  };
  const onText = (id, text) => texts.push({ id, ...text });
  const onError = (id, error) => errors.push(error.message);
  return { clock, server, texts, errors, puller: new ContentPuller({ pull, onText, onError, clock, random: () => 0 }) };
}

const write = (server, text) => server.chunks.push(text);

// Row 4-24.
test("fifty signals a second with slow pulls give the text once, in order, one pull at a time", async () => {
  const { clock, server, puller, texts } = setUp();

  for (let number = 1; number <= 100; number += 1) {
    write(server, `${number} `);
    puller.signal("m", number);
    await clock.advance(20);
  }
  await clock.advance(1000);

  assert.equal(puller.textOf("m").content, server.chunks.join(""));
  assert.equal(texts.map(({ added }) => added).join(""), server.chunks.join(""));
  assert.equal(server.maxInFlight, 1);
  assert.ok(server.pulls.length <= 9, `${server.pulls.length} pulls`);
});

// Row 4-26.
test("completion pulls what lost signals never told of", async () => {
  const { clock, server, puller, texts } = setUp();
  write(server, "all ");
  write(server, "of it");
  server.completed = true;

  puller.complete("m");
  await clock.advance(300);

  assert.deepEqual(texts, [{ id: "m", added: "all of it", content: "all of it", sequence: 2, completed: true }]);
  await clock.advance(60_000);
  assert.equal(server.pulls.length, 1);
});

test("completion during a pull leads to one more pull", async () => {
  const { clock, server, puller } = setUp();
  write(server, "a");
  puller.signal("m", 1);
  await clock.advance(299);
  puller.complete("m", 2);
  await clock.advance(1);
  write(server, "b");
  server.completed = true;
  await clock.advance(300);

  assert.deepEqual(puller.textOf("m"), { content: "ab", sequence: 2, completed: true });
});

// Row 4-25.
test("a failed pull does not advance; the next signal starts at the same sequence", async () => {
  const { clock, server, puller, errors } = setUp();
  write(server, "a");
  server.failures = 1;
  puller.signal("m", 1);
  await clock.advance(300);
  write(server, "b");

  puller.signal("m", 2);
  await clock.advance(300);

  assert.deepEqual(server.pulls, [0, 0]);
  assert.deepEqual(errors, ["lost"]);
  assert.equal(puller.textOf("m").content, "ab");
});

test("a failed final pull is tried again by itself, since no signal follows", async () => {
  const { clock, server, puller } = setUp();
  write(server, "a");
  server.completed = true;
  server.failures = 2;

  puller.complete("m", 1);
  await clock.advance(300 + 1000 + 300 + 2000 + 300);

  assert.deepEqual(puller.textOf("m"), { content: "a", sequence: 1, completed: true });
});

test("has_more is followed at once", async () => {
  const { clock, server, puller, texts } = setUp({ pageSize: 2 });
  ["a", "b", "c", "d", "e"].forEach((chunk) => write(server, chunk));

  puller.signal("m", 5);
  await clock.advance(900);

  assert.deepEqual(texts.map(({ added }) => added), ["ab", "cd", "e"]);
});

test("messages do not mix, and signals already served pull nothing", async () => {
  const { clock, server, puller } = setUp();
  write(server, "a");
  puller.signal("m1", 1);
  puller.signal("m2", 1);
  assert.equal(server.inFlight, 2);
  await clock.advance(300);

  puller.take({ data: { message_id: "m1", sequence: 1 } });
  puller.take({ data: {} });
  await settle();

  assert.equal(server.pulls.length, 2);
});

test("after dispose() nothing is called and no timer is left", async () => {
  const { clock, server, puller, texts } = setUp();
  write(server, "a");
  puller.signal("m", 1);

  puller.dispose();
  await clock.advance(300);
  puller.signal("m", 2);
  await clock.advance(60_000);

  assert.deepEqual([texts, clock.pending, server.pulls.length], [[], 0, 1]);
});
