import assert from "node:assert/strict";
import { test } from "node:test";

import { fromEvents, siblings, visibleMessages } from "../../static/js/chat/index.js";
import { events } from "./support/recorded.js";
import { initialised, log, turn } from "./support/session-events.js";

const created = (branch, parent, fork_turn) => ["branch_created", { branch, name: branch, parent, fork_turn, by: "ann" }];

/** Main has turns 1 to 3; b2 asks 2 differently as turn 4, b3 that once more as turn 5. */
const EDITED = fromEvents(log([
  ...initialised,
  ...[1, 2, 3].flatMap((number) => turn(number)),
  created("b2", "main", 1),
  ...turn(4, "Otherwise?", "b2"),
  created("b3", "b2", 3),
  ...turn(5, "Once more?", "b3"),
]));

const ids = (messages) => messages.map(({ id }) => id);

test("a branch has its parents' turns up to where it parted, then its own", () => {
  assert.deepEqual(ids(visibleMessages(EDITED)), ["u1", "a1", "u2", "a2", "u3", "a3"]);
  assert.deepEqual(ids(visibleMessages(EDITED, "b2")), ["u1", "a1", "u4", "a4"]);
  assert.deepEqual(ids(visibleMessages(EDITED, "b3")), ["u1", "a1", "u5", "a5"]);
});

test("what was asked instead is found from each of them, and from their replies", () => {
  const { messages } = EDITED;

  for (const [id, index] of [["u2", 0], ["u4", 1], ["u5", 2], ["a4", 1]]) {
    const found = siblings(EDITED, messages[id]);
    assert.deepEqual([found.index, found.count, ids(found.messages)], [index, 3, ["u2", "u4", "u5"]], id);
  }
  assert.deepEqual(siblings(EDITED, messages.u5).messages.map(({ branchId }) => branchId), ["main", "b2", "b3"]);
});

test("a message that nobody asked differently is alone", () => {
  const { index, count } = siblings(EDITED, EDITED.messages.u3);

  assert.deepEqual([index, count], [0, 1]);
  assert.deepEqual(siblings(EDITED, EDITED.messages.u1).count, 1);
});

test("the first message of all can be asked differently too", () => {
  const state = fromEvents(log([...initialised, ...turn(1), created("b2", "main", 0), ...turn(2, "Else?", "b2")]));

  assert.deepEqual(ids(visibleMessages(state, "b2")), ["u2", "a2"]);
  assert.deepEqual(ids(siblings(state, state.messages.u1).messages), ["u1", "u2"]);
});

test("branches that name each other in a circle do not hang the page", () => {
  const state = fromEvents(log([...initialised, ...turn(1), created("b2", "b3", 1), created("b3", "b2", 1)]));

  assert.deepEqual(visibleMessages(state, "b2"), []);
});

test("in the recorded session a question has three versions, and the merged copy is none of them", () => {
  const state = fromEvents(events);
  const asked = Object.values(state.messages).find(({ text }) => text === "Two?");

  const { count, messages } = siblings(state, asked);

  assert.deepEqual([count, messages.map(({ text }) => text)], [3, ["Two?", "Two, differently?", "Two?"]]);
});
