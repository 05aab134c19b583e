import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../../static/js/stream/index.js";

test("waits 1, 2, 4, 8, 16, 30, 30 seconds and starts again after success", () => {
  const backoff = new Backoff({ random: () => 0 });

  const waits = Array.from({ length: 7 }, () => backoff.next());
  backoff.reset();

  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.equal(backoff.next(), 1000);
});

test("jitter shortens a wait by at most a fifth and never lengthens it", () => {
  const backoff = new Backoff({ random: () => 0.999999 });

  const waits = Array.from({ length: 7 }, () => backoff.next());

  assert.deepEqual(waits, [800, 1600, 3200, 6400, 12800, 24000, 24000]);
});
