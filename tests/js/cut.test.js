import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { StreamConnection } from "../../static/js/stream/index.js";
import { control, event, final, frame, opened } from "./support/events.js";

const LOG = [event(1, "a", { message: "grüße 🚀" }), event(2, "b"), event(3, "c", { message: "日本" }), final(4)];

/** What the server sends to a reader at this cursor. */
function recording(cursor) {
  const hello = opened(cursor).replaceAll("\n", cursor % 2 ? "\n" : "\r\n");
  return Buffer.from(hello + ": hb\n\n" + LOG.filter((one) => one.position > cursor).map((one) => frame(one)).join(""));
}

/** Waits of a second happen now; the watchdog, which must not bark, stays as it is. */
const hurried = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => (ms <= 1000 ? setTimeout(fn, 0) : setTimeout(fn, ms).unref()),
  clearTimeout: (id) => clearTimeout(id),
};

let server;
let base;
const requests = new Map();

before(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url, "http://x");
    const name = url.searchParams.get("cut");
    const cut = requests.has(name) ? Infinity : Number(name);
    const cursor = Number(url.searchParams.get("after"));
    requests.set(name, [...(requests.get(name) ?? []), cursor]);
    const bytes = recording(cursor);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    if (cut === 0) response.flushHeaders();
    if (cut >= bytes.length) response.end(bytes);
    // By turns a connection that breaks and one that ends as if all were well.
    else if (cut % 2) response.write(bytes.subarray(0, cut), () => response.socket?.destroy());
    else response.end(bytes.subarray(0, cut));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${server.address().port}/events/`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

function follow(cut) {
  return new Promise((resolve) => {
    const connection = new StreamConnection({ url: `${base}?cut=${cut}`, clock: hurried, jitter: 0, hiddenGraceMs: Infinity });
    const seen = [];
    connection.on("event", (one) => seen.push(one));
    connection.on("state", ({ state, details }) => state === "closed" && resolve({ seen, details }));
    connection.connect();
  });
}

test("a stream cut at every byte offset gives each event once, in order", async () => {
  const offsets = Array.from({ length: recording(0).length + 1 }, (_, index) => index);
  assert.ok(offsets.length > 500);

  const worker = async () => {
    for (let cut = offsets.shift(); cut !== undefined; cut = offsets.shift()) {
      const { seen, details } = await follow(cut);
      assert.deepEqual(seen, LOG, `cut at ${cut}`);
      assert.equal(details.reason, "finished");
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));

  const resumed = new Set([...requests.values()].map((cursors) => cursors[1]));
  assert.deepEqual([...resumed].sort(), [0, 1, 2, 3, undefined]);
});

test("rotation after every event gives each event once", async () => {
  const rotating = createServer((request, response) => {
    const cursor = Number(new URL(request.url, "http://x").searchParams.get("after"));
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.end(opened(cursor) + frame(LOG[cursor]) + control("reconnect", { reason: "rotated", position: cursor + 1 }));
  });
  await new Promise((resolve) => rotating.listen(0, "127.0.0.1", resolve));
  const connection = new StreamConnection({ url: `http://127.0.0.1:${rotating.address().port}/` });
  const seen = [];
  connection.on("event", ({ position }) => seen.push(position));

  await new Promise((resolve) => {
    connection.on("final", resolve);
    connection.connect();
  });
  rotating.closeAllConnections();
  rotating.close();

  assert.deepEqual(seen, [1, 2, 3, 4]);
});
