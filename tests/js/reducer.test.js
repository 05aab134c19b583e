import assert from "node:assert/strict";
import { test } from "node:test";

import { ICONS, fromEvents, fromPlan, initialState, reduce, withContent } from "../../static/js/plan/index.js";
import { event, planLog } from "./support/events.js";

const LOG = planLog();

const upTo = (type, nth = 1) => {
  const at = LOG.findIndex((one) => one.type === type && (nth -= 1) === 0);
  return fromEvents(LOG.slice(0, at + 1));
};

const lines = (state) => state.timeline.map(({ icon, text }) => [icon, text]);

const plain = (state) => JSON.parse(JSON.stringify(state));

function freeze(value) {
  Object.values(value).forEach((part) => part && typeof part === "object" && freeze(part));
  return Object.freeze(value);
}

test("the timeline of a whole plan has the exact words, once each and in order", () => {
  const part = (number, at) => [
    ["stop", `CHECKPOINT REACHED (Iteration ${at})`],
    ["hand", `Checkpoint ${number} - Approve to Continue?`],
    ["check", "Checkpoint approved! Continuing iterations..."],
  ];

  assert.deepEqual(lines(fromEvents(LOG)), [
    ["hand", "Planning proposal - Approve to Start?"],
    ["rocket", "Starting planning with 4 iterations..."],
    ["cycle", "Starting iteration 1 of 4..."],
    ["cycle", "Starting iteration 2 of 4..."],
    ...part(1, 2),
    ["cycle", "Starting iteration 3 of 4..."],
    ["cycle", "Starting iteration 4 of 4..."],
    ...part(2, 4),
    ["disk", "Plan saved to memory as entity: enter-the-market"],
    ["check", "Planning completed!"],
  ]);
});

test("each line has a key of its own, a position, a time, a level and a known icon", () => {
  const { timeline } = fromEvents(LOG);

  assert.equal(new Set(timeline.map(({ key }) => key)).size, timeline.length);
  for (const line of timeline) {
    assert.ok(line.icon in ICONS);
    assert.ok(["info", "success", "warning", "error"].includes(line.level));
    assert.equal(line.time, LOG[line.position - 1].timestamp);
  }
});

test("replaying gives what watching gave, and no state is ever changed", () => {
  let live = freeze(initialState());
  for (const [index, one] of LOG.entries()) {
    live = freeze(reduce(live, one));
    assert.deepEqual(plain(live), plain(fromEvents(LOG.slice(0, index + 1))));
  }
});

test("duplicates, unknown types and nonsense change nothing", () => {
  const state = fromEvents(LOG);

  assert.equal(reduce(state, LOG[7]), state);
  assert.equal(reduce(state, { type: "stream_opened", data: { resume: "exact" } }), state);
  assert.equal(reduce(state, {}), state);
  const unknown = reduce(state, event(state.position + 1, "toString"));
  assert.deepEqual(plain({ ...unknown, position: state.position }), plain(state));
});

test("a finished plan has its numbers, its text and its entity", () => {
  const state = fromEvents(LOG);

  assert.deepEqual([state.runState, state.finished, state.progress, state.operation], ["completed", true, 100, null]);
  const { content, frameworks, dataPoints, iterations, checkpoints } = state.finalPlan;
  assert.deepEqual([content, frameworks, dataPoints, iterations, checkpoints], ["# The plan", 4, 12, 4, 2]);
  assert.deepEqual(state.entity, { slug: "enter-the-market", title: "Enter the market", url: "/memory/enter-the-market/" });
  assert.deepEqual(state.frameworks, ["F1", "F2", "F3", "F4"]);
  const { state: done, durationMs, startedAt, cards, metrics } = state.iterations[1];
  assert.deepEqual([done, durationMs, cards.length, metrics.length], ["completed", 1200, 1, 1]);
  assert.ok(startedAt);
});

test("the overlay shows step x of N, percent, message and card while an iteration goes on", () => {
  const state = upTo("iteration_progress", 3);

  const { name, step, total, percent, message, card, status, agent, startedAt } = state.operation;
  assert.deepEqual([name, step, total, percent, message, status, agent], ["Planning", 3, 4, 65, "Überlegt 🚀", "running", "planner"]);
  assert.equal(card.nextStep, "n");
  assert.equal(startedAt, upTo("planning_started").operation.startedAt);
  assert.deepEqual(state.counts, { frameworks: 3, dataPoints: 9 });
});

test("a checkpoint waits with gate, digest, deadline and decisions, and its answer is noted", () => {
  const waiting = upTo("gate_opened", 2);
  const { kind, id, digest, decisions, checkpoint, title, icon } = waiting.pendingGate;
  assert.deepEqual([kind, id, digest, decisions.length, checkpoint, icon], ["checkpoint", "gate-c1", "d", 4, 1, "hand"]);
  assert.equal(title, "Checkpoint 1 - Approve to Continue?");
  assert.equal(waiting.operation.status, "waiting");

  const answered = upTo("checkpoint_approved");

  assert.equal(answered.pendingGate, null);
  const { decision, decidedBy, comment, summary, frameworks, dataPoints } = answered.checkpoints[0];
  assert.deepEqual([decision, decidedBy, comment, summary, frameworks, dataPoints], ["approve", "ann", "good", "# Summary 1", ["F1", "F2"], 6]);
});

test("the modal can open on checkpoint_reached, before gate_opened says more", () => {
  const { pendingGate } = upTo("checkpoint_reached");

  assert.deepEqual([pendingGate.id, pendingGate.checkpoint, pendingGate.title], ["gate-c1", 1, "Checkpoint 1 - Approve to Continue?"]);
});

const endings = [
  ["a revision", [["checkpoint_approved", { checkpoint: 1, decision: "revise", decided_by: "bo" }]], "Checkpoint 1: revision asked. Continuing iterations..."],
  ["a rejection", [["checkpoint_rejected", { checkpoint: 1, decided_by: "bo", comment: "no" }], ["run_rejected", {}]], "Checkpoint 1 rejected. Planning stopped."],
  ["an expiry", [["checkpoint_expired", { checkpoint: 1, policy: "expire" }], ["run_expired", {}]], "Checkpoint 1 expired. Planning stopped."],
  ["a failure", [["run_failed", { error: { code: "x", message: "no model" }, step: "iteration-2" }]], "Planning error: no model"],
  ["a cancellation", [["run_cancelled", {}]], "Planning cancelled."],
  ["a lost worker", [["run_reassigned", { reason: "lease" }]], "The worker was lost; another one goes on."],
  ["a pause", [["run_state", { state: "paused" }]], "Planning paused."],
  ["a resumption", [["run_state", { state: "paused" }], ["run_state", { state: "queued" }], ["run_state", { state: "running" }]], "Planning resumed."],
  ["a retry", [["run_retrying", { attempt: 2, max_attempts: 3, retry_in_seconds: 5, error: { message: "busy" } }]], "Retrying (attempt 2 of 3) in 5 s: busy"],
];

for (const [name, events, words] of endings) {
  test(`${name} has one line: ${words}`, () => {
    const before = upTo("checkpoint_reached");

    const state = events.map(([type, data], index) => event(before.position + 1 + index, type, data)).reduce(reduce, before);

    const fresh = lines(state).slice(before.timeline.length).map(([, text]) => text);
    assert.equal(fresh.at(-1), words);
    assert.equal(fresh.filter((text) => text === words).length, 1);
  });
}

test("a failure ends the running iteration and keeps the error", () => {
  const before = upTo("iteration_progress", 2);

  const state = reduce(before, event(before.position + 1, "run_failed", { error: { code: "c", message: "m" }, step: "iteration-2" }));

  assert.equal(state.iterations[1].state, "failed");
  assert.deepEqual(state.error, { code: "c", message: "m", step: "iteration-2" });
  assert.equal(state.finished, true);
});

test("a rejected proposal says so, since no checkpoint did", () => {
  const before = upTo("gate_opened");

  const state = reduce(before, event(before.position + 1, "run_rejected", { gate_id: "gate-p", decided_by: "bo" }));

  assert.equal(state.timeline.at(-1).text, "Proposal rejected. Planning stopped.");
  assert.equal(state.pendingGate, null);
});

test("a restarted step takes back what it showed, and only that", () => {
  const from = LOG.findIndex((one) => one.type === "iteration_started" && one.data.iteration === 2) + 1;
  const before = upTo("plan_metrics", 2);
  const restarted = reduce(before, event(before.position + 1, "step_restarted", { step: "iteration-2", from_position: from }));
  assert.deepEqual(restarted.iterations.map(({ state, progress, cards }) => [state, progress.length, cards.length]), [["completed", 1, 1], ["running", 0, 0]]);
  assert.equal(restarted.metrics.length, 1);
  assert.deepEqual(restarted.counts, { frameworks: 1, dataPoints: 3 });
  assert.equal(restarted.progress, before.progress);

  const again = LOG.slice(from).map((one, index) => ({ ...one, position: restarted.position + 1 + index }));
  const finished = again.reduce(reduce, restarted);

  const words = (state) => state.timeline.map(({ text }) => text);
  assert.deepEqual(words(finished), words(fromEvents(LOG)));
  assert.deepEqual(finished.iterations.map(({ progress }) => progress.length), [1, 1, 1, 1]);
});

test("a restart keeps what the run itself said meanwhile", () => {
  const before = upTo("iteration_progress", 1);
  const start = before.position;

  const state = [
    event(start + 1, "run_reassigned", { reason: "lease" }),
    event(start + 2, "step_restarted", { step: "iteration-1", from_position: start - 2 }),
  ].reduce(reduce, before);

  assert.equal(state.timeline.at(-1).text, "The worker was lost; another one goes on.");
  assert.equal(state.iterations[0].progress.length, 0);
});

const PLAN = {
  id: "plan-1",
  goal: "Enter the market",
  state: "waiting",
  proposal: { title: "Plan", max_iterations: 4, checkpoint_interval: 2 },
  iterations: [
    { number: 1, state: "completed", started_at: "t1", finished_at: "t2", duration_ms: 1200, frameworks: ["F1"], data_points: 3, insights: ["in"] },
    { number: 2, state: "completed", started_at: "t3", finished_at: "t4", duration_ms: 1300, frameworks: ["F2"], data_points: 3, insights: [] },
  ],
  checkpoints: [{ number: 1, iteration: 2, summary: "# S", frameworks: ["F1", "F2"], data_points: 6, decision: null, decided_by: null, comment: "" }],
  metrics: { frameworks: 2, data_points: 6 },
  pending_gate: { id: "gate-c1", kind: "checkpoint", name: "checkpoint-1", digest: "d", deadline: "t9", decisions: ["approve"] },
};

test("a snapshot replaces the state by the plan as REST tells it, and the log goes on from there", () => {
  const message = { event: "status", type: "stream_opened", data: { resume: "snapshot", position: 40, snapshot: PLAN } };

  const state = reduce(upTo("planning_started"), message);
  const next = reduce(state, event(41, "checkpoint_approved", { checkpoint: 1, decision: "approve", decided_by: "ann" }));

  assert.deepEqual([state.planId, state.position, state.runState, state.maxIterations], ["plan-1", 40, "waiting", 4]);
  assert.deepEqual([state.pendingGate.id, state.pendingGate.title], ["gate-c1", "Checkpoint 1 - Approve to Continue?"]);
  assert.deepEqual(state.iterations.map(({ durationMs }) => durationMs), [1200, 1300]);
  assert.equal(next.pendingGate, null);
  assert.equal(next.timeline.at(-1).text, "Checkpoint approved! Continuing iterations...");
  assert.deepEqual(lines(state).map(([, text]) => text).slice(0, 2), ["Starting planning with 4 iterations...", "Starting iteration 1 of 4..."]);
});

test("a step that restarts after a snapshot takes back only what came after it", () => {
  const state = [
    event(41, "iteration_started", { iteration: 3, max: 4 }),
    event(42, "iteration_progress", { iteration: 3, agent: "planner", progress: 70, message: "m" }),
    event(43, "step_restarted", { step: "iteration-3", from_position: 41 }),
  ].reduce(reduce, fromPlan(PLAN, 40));

  assert.deepEqual(state.iterations.map(({ number, progress }) => [number, progress.length]), [[1, 0], [2, 0], [3, 0]]);
});

test("a finished plan from REST equals the replayed one in what it shows", () => {
  const done = { ...PLAN, state: "completed", pending_gate: null, final_plan: "# P", entity: { slug: "e", title: "E", url: "/e" } };

  const state = fromPlan(done, 50);

  assert.equal(state.timeline.at(-1).text, "Planning completed!");
  assert.deepEqual([state.finalPlan.content, state.finalPlan.frameworks, state.entity.slug], ["# P", 2, "e"]);
});

test("a gap is told once and moves the position", () => {
  const gap = { type: "stream_opened", timestamp: "t", data: { resume: "gap", from: 1, to: 30, position: 30 } };

  const state = [gap, gap].reduce(reduce, initialState());

  assert.deepEqual([state.position, state.gap], [30, { from: 1, to: 30 }]);
  assert.deepEqual(lines(state), [["warning", "Events 1 to 30 are no longer available."]]);
});

test("text pulled in signal mode lands where its message is, in either order", () => {
  const signal = LOG.map((one) => ({ ...one, data: { ...one.data, content: undefined } }));
  const later = withContent(fromEvents(signal), "m-f", "# The plan");
  const earlier = signal.reduce(reduce, withContent(initialState(), "m-c1", "# Summary 1"));

  assert.equal(later.finalPlan.content, "# The plan");
  assert.equal(earlier.checkpoints[0].summary, "# Summary 1");
});

test("ten thousand events reduce quickly enough to replay on load", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => event(index + 1, "run_state", { state: "running" }));

  assert.equal(fromEvents(many).position, 10_000);
  assert.doesNotThrow(() => structuredClone(fromEvents(many)));
});
