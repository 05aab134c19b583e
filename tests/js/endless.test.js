import assert from "node:assert/strict";
import { test } from "node:test";

import { settle } from "./support/clock.js";
import { setUp } from "./support/connections.js";
import { event, final, frame, opened } from "./support/events.js";
import { page, sse } from "./support/network.js";

test("the end of a run does not close the stream of a session", async () => {
  const { connection, said } = setUp((call) => sse(call.signal, [opened(), frame(final(1)), frame(event(2))]).response, { endless: true });

  await connection.connect();
  await settle();

  assert.deepEqual([said.positions, said.finals, connection.state], [[1, 2], 1, "open"]);
  connection.disconnect();
});

test("polling goes on after a run has ended, whatever state a page names", async () => {
  const answers = [page([final(1)], { state: "completed" }), page([event(2)], { state: "completed" })];
  const { connection, clock, said } = setUp(() => answers.shift() ?? page([]), { endless: true, transport: "poll" });

  await connection.connect();
  await clock.advance(500);

  assert.deepEqual([said.positions, connection.state], [[1, 2], "polling"]);
  connection.disconnect();
});
