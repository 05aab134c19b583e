import assert from "node:assert/strict";
import { test } from "node:test";

import { fromEvents, fromSnapshot, initialState, reduce, withContent, withGate } from "../../static/js/chat/index.js";
import { events, gates, snapshots } from "./support/recorded.js";
import { contents, signals } from "./support/session-events.js";

const LATER = (position) => events.filter((one) => one.position > position);

/**
 * What a snapshot can know: all but lines, signs of life, and moments, which rows have of their
 * own. Of gates REST tells the options, and only the log which calls were edited.
 */
function known(state) {
  const { timeline: _, systemLog: __, operation, pendingGate, runs, messages, ...rest } = state;
  const asked = (gate) => gate && { ...gate, openedAt: null, decidedAt: null, options: [], edited: [] };
  return {
    ...rest,
    operation: operation && { ...operation, startedAt: Boolean(operation.startedAt), sign: null },
    pendingGate: asked(pendingGate),
    gates: state.gates.map(asked),
    runs: mapped(runs, (run) => ({ ...run, startedAt: Boolean(run.startedAt), sign: null })),
    messages: mapped(messages, (message) => ({ ...message, at: null })),
  };
}

function mapped(record, change) {
  return Object.fromEntries(Object.entries(record).map(([id, one]) => [id, change(one)]));
}

test("every snapshot is what the log up to its position gives", () => {
  let state = initialState();
  let compared = 0;
  for (const snapshot of snapshots()) {
    state = events.filter(({ position }) => position > state.position && position <= snapshot.position).reduce(reduce, state);
    assert.deepEqual(known(fromSnapshot(snapshot)), known(state), `at ${snapshot.position}`);
    compared += 1;
  }
  assert.ok(compared > 100);
});

// Rows 0-9, 4-1.
test("a snapshot and the events after it give what the whole log gives, from every position", () => {
  const whole = known(fromEvents(events));
  for (const snapshot of snapshots()) {
    const state = LATER(snapshot.position).reduce(reduce, fromSnapshot(snapshot));
    assert.deepEqual(known(state), whole, `from ${snapshot.position}`);
  }
});

test("a snapshot that is newer than its position takes the events it knows already", () => {
  const whole = known(fromEvents(events));
  for (const [index, snapshot] of [...snapshots()].entries()) {
    // A few events, as when rows changed while they were read; and all, as when lines are wanted.
    const position = index % 8 === 0 ? 0 : Math.max(0, snapshot.position - 6);
    const state = LATER(position).reduce(reduce, fromSnapshot(snapshot, position));
    assert.deepEqual(known(state), whole, `from ${position} with the rows of ${snapshot.position}`);
  }
});

test("the recorded log in signals, with its texts pulled at any time, gives what it gives inline", () => {
  const stored = contents(events);
  const pull = (state, id) => withContent(state, id, { content: stored.get(id).join(""), sequence: stored.get(id).length });
  for (const every of [1, 7, Infinity]) {
    const state = signals(events).reduce((before, one, index) => {
      const next = reduce(before, one);
      return index % every === 0 ? Object.keys(next.wanted).reduce(pull, next) : next;
    }, initialState());
    assert.deepEqual(Object.keys(state.wanted).reduce(pull, state), fromEvents(events));
  }
});

test("signals of what a snapshot has brought already ask for nothing", () => {
  const last = [...snapshots()].at(-1);

  const state = signals(events).reduce(reduce, fromSnapshot(last, 0));

  const without = Object.entries(state.wanted).filter(([, { part }]) => part !== "whole");
  assert.deepEqual(without, []);
  assert.deepEqual(known({ ...state, wanted: {} }), known(fromEvents(events)));
});

test("a question that was open tells its options, and REST adds nothing else to it", () => {
  const question = gates.find(({ kind }) => kind === "question");
  const opened = events.findIndex(({ type, data }) => type === "gate_opened" && data.gate_id === question.id);
  const state = fromEvents(events.slice(0, opened + 1));

  const asked = withGate(state, question);

  assert.deepEqual(asked.pendingGate.options, ["January", "February", "March"]);
  assert.deepEqual(known(asked), known(state));
});
