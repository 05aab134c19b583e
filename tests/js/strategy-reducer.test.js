import assert from "node:assert/strict";
import { test } from "node:test";

import { fromEvents, fromStrategy, initialState, reduce } from "../../static/js/strategy/index.js";
import { event } from "./support/events.js";
import { GUIDES, strategyLog } from "./support/strategy.js";

const LOG = strategyLog();
const FAILED = strategyLog({ failing: 2 });
const upTo = (type, log = LOG) => fromEvents(log.slice(0, log.findIndex((one) => one.type === type) + 1), GUIDES);
const states = ({ steps }) => steps.map(({ state }) => state);
const lines = ({ timeline }) => timeline.map(({ text }) => text);

test("the story of a strategy has each step once, and its end", () => {
  assert.deepEqual(lines(fromEvents(LOG, GUIDES)), [
    "Starting a strategy in 3 steps...",
    "Step 1 of 3: Reading the context",
    "Step 2 of 3: Analyzing the competition",
    "Step 3 of 3: Writing the strategy",
    "Strategy saved to memory as entity: enter",
    "Strategy ready!",
  ]);
});

test("all steps are there before the first has started", () => {
  assert.deepEqual(states(initialState(GUIDES)), ["pending", "pending", "pending"]);
  assert.deepEqual(states(upTo("strategy_step_started")), ["running", "pending", "pending"]);
});

// Row 3-4.
test("a step that fails leaves the others as they are, and is named as missing", () => {
  const state = fromEvents(FAILED, GUIDES);

  assert.deepEqual(states(state), ["completed", "failed", "completed"]);
  assert.deepEqual(state.missing, [{ step: 2, title: "Analyzing the competition", reason: "The model is gone." }]);
  assert.equal(state.runState, "completed");
  assert.equal(state.timeline.at(-1).text, "Strategy ready, without 1 of 3 steps.");
  assert.equal(state.steps[1].cards.at(-1).fallback, "This part is missing.");
});

// Row 3-13.
test("cards change with the step: at its start, while it works, at its end", () => {
  const phases = LOG.filter(({ type }) => type === "strategy_card").slice(0, 3);
  const seen = phases.map((one) => fromEvents(LOG.slice(0, one.position), GUIDES).operation.card);

  assert.deepEqual(seen.map(({ phase }) => phase), ["start", "working", "end"]);
  assert.equal(seen[1].promptPreview, "Work on it.");
  assert.equal(seen[2].achievement, "Part 1.");
});

// Row 3-8.
test("progress never falls and is a hundred at the end alone", () => {
  let state = initialState(GUIDES);
  let before = 0;
  for (const one of LOG) {
    state = reduce(state, one);
    assert.ok(state.progress >= before && (state.progress < 100 || one.final));
    before = state.progress;
  }
  assert.equal(state.progress, 100);
});

// Row 3-51.
test("a sign of life is no progress, and progress ends a silence", () => {
  const working = upTo("strategy_progress");
  const next = working.position;

  const alive = reduce(working, event(next + 1, "still_working", { number: 1, seconds: 20 }));
  const silent = reduce(alive, event(next + 2, "no_progress", { seconds: 300, limit_seconds: 300 }));
  const again = reduce(silent, event(next + 3, "strategy_progress", { step: "context", number: 1, progress: 16, message: "On." }));

  assert.equal(silent.heard, working.heard);
  assert.equal(alive.sign.seconds, 20);
  assert.deepEqual(silent.silence, { seconds: 300, limitSeconds: 300, position: next + 2 });
  assert.equal(again.silence, null);
  assert.equal(again.sign, null);
  assert.equal(again.heard, next + 3);
});

test("what a step showed before it was restarted does not count", () => {
  const until = upTo("strategy_progress", FAILED);
  const restart = event(until.position + 1, "step_restarted", { step: "context", from_position: 3 });

  const state = reduce(until, restart);

  assert.deepEqual(states(state), ["pending", "pending", "pending"]);
  assert.deepEqual(lines(state), ["Starting a strategy in 3 steps..."]);
  assert.equal(state.progress, until.progress);
});

test("duplicates and malformed messages change nothing, strangers only the position", () => {
  const state = upTo("strategy_card");

  for (const odd of [LOG[0], null, {}, { type: "strategy_card" }]) assert.equal(reduce(state, odd), state);
  assert.deepEqual(reduce(state, event(99, "unheard_of")), { ...state, position: 99, heard: 99 });
});

test("a strategy that REST tells looks like one that was watched", () => {
  const base = { achievement: "", error: null, findings: [], data_points: [], gaps: [], frameworks: [], started_at: "t", finished_at: "t", duration_ms: 40 };
  const rest = {
    goal: "Enter",
    state: "completed",
    progress: 100,
    position: 30,
    metrics: { frameworks: 2, findings: 4, data_points: 2, gaps: 0 },
    estimates: { context: 2 },
    steps: GUIDES.map(({ name, title }, index) => ({
      ...base, name, title, number: index + 1, state: index === 1 ? "failed" : "completed", error: index === 1 ? { code: "c", message: "Gone." } : null,
    })),
    document: "# Enter",
    entity: { slug: "enter", title: "Enter", url: "/memory/enter/" },
  };

  const state = fromStrategy(rest, 30, GUIDES);
  const watched = fromEvents(FAILED, GUIDES);

  assert.deepEqual(states(state), states(watched));
  assert.equal(state.document.content, watched.document.content);
  assert.deepEqual(state.entity, watched.entity);
  assert.equal(state.timeline.at(-1).text, watched.timeline.at(-1).text);
  assert.equal(state.steps[1].error.message, "Gone.");
});

test("a gap is said once, and a snapshot stands for what is gone", () => {
  const gap = { type: "stream_opened", timestamp: "t", data: { resume: "gap", from: 1, to: 30, position: 30 } };
  const state = reduce(upTo("strategy_card"), gap);

  assert.deepEqual(state.gap, { from: 1, to: 30 });
  assert.equal(reduce(state, gap), state);
});

test("a run that fails or is stopped keeps the steps that were done", () => {
  const working = upTo("strategy_step_completed");
  const failed = reduce(working, event(50, "run_failed", { error: { code: "nothing_done", message: "None." }, step: "" }));
  const stopped = reduce(working, event(50, "run_cancelled", { reason: "" }));

  assert.equal(failed.timeline.at(-1).text, "Strategy error: None.");
  assert.deepEqual(states(stopped), ["completed", "pending", "pending"]);
  assert.ok(stopped.finished && failed.finished);
});
