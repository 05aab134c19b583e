import assert from "node:assert/strict";
import { test } from "node:test";

import { Silence } from "../../static/js/strategy/index.js";

function watching(limitMs = 300_000) {
  const time = { now: 0 };
  const silence = new Silence({ limitMs, now: () => time.now });
  const note = (heard, more = {}) => silence.note({ heard, works: true, connected: true, ...more });
  note(1);
  return { silence, time, note };
}

// Rows 3-14 and 3-51.
test("five minutes without progress are too long, a second less is not", () => {
  const { silence, time } = watching();
  time.now = 299_999;
  assert.equal(silence.isOver(), false);
  time.now = 300_000;
  assert.equal(silence.isOver(), true);
});

// Row 3-6.
test("any progress starts the time anew, so a long run is never asked about", () => {
  const { silence, time, note } = watching();
  for (let heard = 2; heard < 60; heard += 1) {
    time.now += 200_000;
    assert.equal(silence.isOver(), false);
    note(heard);
  }
});

// Row 3-14.
test("who keeps waiting is asked again after the limit, not before", () => {
  const { silence, time } = watching();
  time.now = 300_000;
  silence.keepWaiting();
  assert.equal(silence.isOver(), false);
  time.now = 599_999;
  assert.equal(silence.isOver(), false);
  time.now = 600_000;
  assert.equal(silence.isOver(), true);
});

// Row 3-51.
test("a run that does not work has no duty to progress", () => {
  const { silence, time, note } = watching();
  note(1, { works: false });
  time.now = 900_000;
  assert.equal(silence.isOver(), false);
  note(1);
  assert.equal(silence.isOver(), false, "time counts from where it works again");
});

// Row 3-7.
test("what we cannot hear is no silence, and what came meanwhile is read first", () => {
  const { silence, time, note } = watching();
  note(1, { connected: false });
  time.now = 400_000;
  assert.equal(silence.isOver(), false);
  note(1);
  assert.equal(silence.isOver(), false);
  time.now = 402_000;
  assert.equal(silence.isOver(), true);
});

// Row 3-14.
test("the log's own word counts at once, and once", () => {
  const { silence, time } = watching();
  time.now = 5_000;
  assert.equal(silence.isOver(42), true);
  silence.keepWaiting(42);
  assert.equal(silence.isOver(42), false);
  assert.equal(silence.isOver(43), true);
});

// Row 3-6.
test("the server's limit replaces the page's, if it is one", () => {
  const { silence, time } = watching();
  silence.limitMs = NaN;
  assert.equal(silence.limitMs, 300_000);
  silence.limitMs = 10_000;
  time.now = 10_000;
  assert.equal(silence.isOver(), true);
});
