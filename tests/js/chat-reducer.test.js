import assert from "node:assert/strict";
import { test } from "node:test";

import { ICONS, fromEvents, fromSnapshot, initialState, reduce, visibleMessages, withContent } from "../../static/js/chat/index.js";
import { QUERY, after, asked, begun, contents, done, initialised, log, part, parts, said, signals, texts, turn } from "./support/session-events.js";

const LOG = log([...initialised, ...turn(1)]);

function freeze(value) {
  Object.values(value).forEach((one) => one && typeof one === "object" && !Object.isFrozen(one) && freeze(one));
  return Object.freeze(value);
}

test("a session that was profiled has its title, mode, branch and data model", () => {
  const state = fromEvents(log(initialised));

  assert.deepEqual([state.title, state.mode, state.state, state.branchId, state.sessionId], ["penguins", "plan", "idle", "main", "session-1"]);
  assert.deepEqual(state.branches, [{ id: "main", name: "main", parent: null, forkTurn: 0 }]);
  assert.deepEqual([state.dataModel.rows, state.dataModel.suggestions, state.runs, state.operation], [344, ["How many?"], {}, null]);
});

test("an answered message has its text, parts and suggestions", () => {
  const { messages } = fromEvents(LOG);

  const { role, by, text, status } = messages.u1;
  assert.deepEqual([role, by, text, status], ["user", "ann", "Question 1?", "complete"]);
  const reply = messages.a1;
  assert.deepEqual([reply.text, reply.sequence, reply.status, reply.turn, reply.runId], ["Answer 1.", 3, "complete", 1, "r1"]);
  assert.deepEqual(reply.parts.intent, { intent_type: "PARTICULAR", confidence: 0.9, reasoning: "why", plot: { kind: "bar", x: "m", y: "n" } });
  assert.deepEqual([reply.parts.query, reply.parts.insight.text, reply.parts.summary.chart], [QUERY, "One.", null]);
  assert.deepEqual([reply.parts.suggestions, reply.parts.status], [["And now?"], "answered"]);
});

// Row 0-9.
test("replaying gives what watching gave, and no state is ever changed", () => {
  let live = freeze(initialState());
  for (const [index, one] of LOG.entries()) {
    live = freeze(reduce(live, one));
    assert.deepEqual(live, fromEvents(LOG.slice(0, index + 1)));
  }
});

test("duplicates and nonsense change nothing, an unknown type only the position", () => {
  const state = fromEvents(LOG);

  assert.equal(reduce(state, LOG[12]), state);
  assert.equal(reduce(state, {}), state);
  assert.equal(reduce(state, { type: "stream_opened", data: { resume: "exact" } }), state);
  const [unknown] = log([["toString"]], state.position + 1);
  assert.deepEqual({ ...reduce(state, unknown), position: state.position }, state);
});

// Row 1-34.
test("the timeline tells the steps of a reply in their order, with icon, level and agent", () => {
  const { timeline } = fromEvents(LOG);

  assert.deepEqual(texts(timeline), [
    "Session about penguins started.",
    "Reading penguins.",
    "Data model ready: 1 table, 7 columns, 344 rows, quality 99 %.",
    "Ready for questions.",
    "Processing your request...",
    "Intent parsing...",
    "Intent parsed: PARTICULAR, 90 % sure in 12 ms.",
    "Generating Insight...",
    "Query executed: 1 row in 12 ms.",
    "Insight generated in 12 ms.",
    "Data summarised in 12 ms.",
    "Answered.",
  ]);
  assert.equal(new Set(timeline.map(({ key }) => key)).size, timeline.length);
  for (const line of timeline) {
    assert.ok(line.icon in ICONS && line.agent);
    assert.equal(line.time, LOG[line.position - 1].timestamp);
  }
  assert.deepEqual(timeline.find(({ text }) => text.startsWith("Intent parsing")).agent, "intent");
});

// Row 1-40.
test("the system log has every line, also those that the timeline leaves out", () => {
  const { systemLog, timeline } = fromEvents(LOG);

  assert.ok(texts(systemLog).includes("The session is thinking."));
  assert.ok(systemLog.length > timeline.length);
  assert.ok(texts(timeline).every((text) => texts(systemLog).includes(text)));
});

test("a step that says something again keeps its one line in the timeline", () => {
  const before = fromEvents(log([...initialised, ...asked(1, "?"), ...begun(1)]));
  const again = ["progress", { operation: "reply", step: "intent", progress: 5, message: "First", agent: "intent" }, "r1"];

  const state = after(before, [again, [again[0], { ...again[1], message: "Second", progress: 8 }, "r1"]]);

  assert.equal(state.timeline.length, before.timeline.length + 1);
  const { text, position } = state.timeline.at(-1);
  assert.deepEqual([text, position, state.systemLog.length - before.systemLog.length], ["Second", before.position + 1, 2]);
});

// Rows 0-38, 0-44.
test("the overlay shows what goes on: operation, progress that never falls, message, start", () => {
  const state = fromEvents(log([...initialised, ...asked(1, "?"), ...begun(1), ...parts(1).slice(0, 3)]));

  const { name, kind, status, progress, message, step, startedAt, queued } = state.operation;
  assert.deepEqual([name, kind, status, progress, message, step, queued], ["Answering", "reply", "running", 40, "Generating Insight...", "insight", 0]);
  assert.equal(startedAt, state.runs.r1.startedAt);
  const lower = after(state, [["progress", { operation: "reply", step: "x", progress: 3, message: "m", agent: "" }, "r1"]]);
  assert.equal(lower.operation.progress, 40);
});

test("a run behind another waits, and goes on as the operation when that has ended", () => {
  const state = fromEvents(log([...initialised, ...asked(1, "One?"), ...asked(2, "Two?"), ...begun(1)]));
  assert.deepEqual([state.operation.runId, state.operation.queued, state.runs.r2.state], ["r1", 1, "queued"]);

  const next = after(state, [...said(1, ["x"]), ...done(1, 1)]);

  assert.deepEqual([next.operation.runId, next.operation.status, next.operation.queued], ["r2", "queued", 0]);
  assert.deepEqual(visibleMessages(next).map(({ id }) => id), ["u1", "a1", "u2"]);
});

test("signs of life are shown until something is told again", () => {
  const state = fromEvents(log([...initialised, ...asked(1, "?"), ...begun(1)]));

  const silent = after(state, [["still_working", { number: 2, seconds: 20 }, "r1"]]);
  const told = after(silent, parts(1).slice(0, 1));

  assert.deepEqual([silent.operation.sign, told.operation.sign], [{ number: 2, seconds: 20 }, null]);
});

test("cancelling shows at once, before the worker has obeyed", () => {
  const before = fromEvents(log([...initialised, ...asked(1, "?"), ...begun(1)]));

  const state = after(before, [["run_state", { state: "running", reason: "cancelling" }, "r1"]]);

  assert.deepEqual([state.operation.status, state.timeline.at(-1).text], ["cancelling", "Cancelling..."]);
});

test("a failure says why with the messages of its turn, until a run has ended well", () => {
  const failed = fromEvents(log([
    ...initialised,
    ...asked(1, "?"),
    ...begun(1),
    ["message_ended", { message_id: "a1", final_sequence: 0, status: "failed", suggestions: [] }, "r1"],
    ["run_failed", { error: { code: "x", message: "no model" }, step: "reply-1" }, "r1"],
  ]));
  assert.deepEqual(failed.error, { code: "x", message: "no model", runId: "r1", kind: "reply" });
  assert.deepEqual([failed.messages.a1.error, failed.messages.u1.error.code, failed.timeline.at(-1).text], [{ code: "x", message: "no model" }, "x", "Error: no model"]);

  assert.equal(after(failed, turn(2)).error, null);
});

test("a retry and a lost worker are told, and the run waits", () => {
  const before = fromEvents(log([...initialised, ...asked(1, "?"), ...begun(1)]));

  const retrying = after(before, [["run_retrying", { attempt: 2, max_attempts: 3, retry_in_seconds: 5, error: { message: "busy" } }, "r1"]]);
  const running = after(retrying, [["run_state", { state: "running" }, "r1"], ["run_reassigned", { reason: "worker_lost" }, "r1"]]);

  assert.deepEqual([retrying.operation.status, retrying.operation.retry.attempt], ["retrying", 2]);
  assert.equal(retrying.timeline.at(-1).text, "Retrying (attempt 2 of 3) in 5 s: busy");
  assert.deepEqual([running.operation.status, running.operation.retry, running.timeline.at(-1).text], ["queued", null, "The worker was lost; another one goes on."]);
});

test("a restarted step takes back its message and its lines, and only those", () => {
  const first = [...initialised, ...turn(1), ...asked(2, "?"), ...begun(2).slice(0, 2)];
  const from = first.length;
  const before = fromEvents(log([...first, ...begun(2).slice(2), ...parts(2), ...said(2, ["Half"]), ["run_reassigned", { reason: "x" }, "r2"]]));
  const whole = fromEvents(log(first));

  const restarted = after(before, [["step_restarted", { step: "reply-1", from_position: from }, "r2"]]);

  assert.deepEqual(Object.keys(restarted.messages), Object.keys(whole.messages));
  assert.deepEqual(texts(restarted.timeline).slice(whole.timeline.length), ["The worker was lost; another one goes on.", "The step reply-1 starts again."]);
  assert.equal(restarted.operation.progress, before.operation.progress);
  const finished = after(restarted, [["message_started", { message_id: "c2", turn: 2, branch: "main" }, "r2"], ["content_delta", { message_id: "c2", sequence: 1, content: "New" }, "r2"]]);
  assert.deepEqual([finished.messages.c2.text, finished.messages.a2], ["New", undefined]);
});

test("late text of a message that was taken back changes nothing", () => {
  const before = fromEvents(log([...initialised, ...asked(1, "?"), ...begun(1)]));
  const restarted = after(before, [["step_restarted", { step: "reply-1", from_position: 11 }, "r1"]]);

  assert.equal(withContent(restarted, "a1", { content: "old", sequence: 4 }), restarted);
});

test("a workflow's message names it, and its result is a card", () => {
  const state = fromEvents(log([
    ...initialised,
    ["message_added", { message_id: "u1", sequence: 1, role: "user", turn: 1, branch: "main", by: "ann", workflow: "report", references: [], content: "/report" }, "r1"],
    ["run_state", { state: "queued" }, "r1"],
    ["message_started", { message_id: "a1", turn: 1, branch: "main" }, "r1"],
    ["message_completed", { message_id: "a1", final_sequence: 0, status: "complete", suggestions: [] }, "r1"],
    ["result", { operation: "workflow", status: "answered", reply_id: "a1", message_id: "a1-r", sequence: 1, content: '{"title":"Report","text":"Done"}' }, "r1"],
  ]));

  assert.deepEqual([state.messages.u1.workflow, state.operation.name], ["report", "Running the workflow"]);
  assert.deepEqual([state.messages.a1.parts.card.title, state.messages.a1.parts.status], ["Report", null]);
});

test("references are known without their text, which has an address of its own", () => {
  const quoted = { reference: "a.md", path: "a.md", kind: "text", first_line: 0, last_line: 0, text: "long", is_cut: true };
  const added = ["message_added", { message_id: "u1", sequence: 1, role: "user", turn: 1, branch: "main", by: "ann", references: [{ reference: "a.md", path: "a.md", kind: "text" }], content: "@a.md" }, "r1"];

  const state = fromEvents(log([...initialised, added, ...begun(1), part(1, "reference_read", "reference1", quoted)]));

  assert.deepEqual(state.messages.u1.parts.references, [{ reference: "a.md", path: "a.md", kind: "text", first_line: 0, last_line: 0 }]);
  const { text: _, ...known } = quoted;
  assert.deepEqual(state.messages.a1.parts.references, [{ ...known, message_id: "a1-reference1" }]);
  const snapshot = { id: "s", branch: "main", messages: [{ id: "a1", role: "assistant", turn: 1, branch: "main", status: "complete", text: "", sequence: 0, parts: { references: [{ ...known, message_id: "a1-reference1" }] } }] };
  const again = reduce(fromSnapshot(snapshot, state.position - 1), log([part(1, "reference_read", "reference1", quoted)], state.position)[0]);
  assert.deepEqual(again.messages.a1.parts.references, state.messages.a1.parts.references);
});

test("mode, title and branches follow the log and say who", () => {
  const state = after(fromEvents(log(initialised)), [
    ["mode_switched", { mode: "act", by: "ann" }],
    ["title_changed", { title: "Birds" }],
    ["branch_created", { branch: "b2", name: "branch 2", parent: "main", fork_turn: 1, by: "ann" }],
    ["branch_switched", { branch: "b2", by: "ann" }],
    ["branch_merged", { branch: "main", source: "b2", how: "append", turns: 2, by: "ann" }],
  ]);

  assert.deepEqual([state.mode, state.title, state.branchId, state.branches.length], ["act", "Birds", "b2", 2]);
  assert.deepEqual(texts(state.timeline).slice(-5), [
    "The mode is act now by ann.",
    "The title is Birds now.",
    "Branch branch 2 created by ann.",
    "Branch branch 2 is shown now by ann.",
    "2 turns of branch branch 2 merged into main.",
  ]);
});

test("in signal mode everything that has text is wanted, and pulling it gives the same state", () => {
  const whole = log([...initialised, ...turn(1)]);
  let state = fromEvents(signals(whole));
  assert.deepEqual(Object.keys(state.wanted).sort(), ["a1", "a1-insight", "a1-query", "a1-summary", "u1"]);
  assert.deepEqual(state.wanted.a1, { sequence: 3, final: true, of: [], part: null });

  const stored = contents(whole);
  for (const id of Object.keys(state.wanted)) {
    const pieces = stored.get(id);
    state = withContent(state, id, { content: pieces.join(""), sequence: pieces.length });
  }

  assert.deepEqual(state, fromEvents(whole));
});

test("switching from signals to inline text in the middle loses and doubles nothing", () => {
  const pieces = said(1, ["a", "b", "c", "d"]);
  const before = log([...initialised, ...asked(1, "?"), ...begun(1)]);
  const deltas = log(pieces, before.length + 1);

  const signalled = [...signals(before), ...signals(deltas.slice(0, 2))].reduce(reduce, initialState());
  const mixed = deltas.slice(2).reduce(reduce, signalled);
  assert.deepEqual([mixed.messages.a1.text, mixed.wanted.a1.sequence], ["", 4]);
  const old = withContent(mixed, "a1", { content: "ab", sequence: 2 });
  assert.deepEqual([old.messages.a1.text, old.wanted.a1.sequence], ["ab", 4]);
  const all = withContent(old, "a1", { content: "abcd", sequence: 4 });

  assert.deepEqual([all.messages.a1.text, all.messages.a1.sequence, all.wanted.a1], ["abcd", 4, undefined]);
  assert.equal(withContent(all, "a1", { content: "abc", sequence: 3 }), all);
});

test("a gap is told once, and a snapshot takes its place", () => {
  const gap = { type: "stream_opened", timestamp: "t", data: { resume: "gap", from: 1, to: 30, position: 30 } };
  const state = [gap, gap].reduce(reduce, initialState());
  assert.deepEqual([state.position, state.gap, texts(state.timeline)], [30, { from: 1, to: 30 }, ["Events 1 to 30 are no longer available."]]);

  const snapshot = { id: "s", title: "T", mode: "act", state: "idle", branch: "main", branches: [], messages: [], runs: [] };
  const next = reduce(state, { type: "stream_opened", data: { resume: "snapshot", position: 40, snapshot } });
  assert.deepEqual([next.position, next.title, next.gap], [40, "T", null]);
});

test("ten thousand pieces of text reduce quickly enough to replay on load", () => {
  const pieces = Array.from({ length: 10_000 }, () => "x");

  const state = fromEvents(log([...initialised, ...asked(1, "?"), ...begun(1), ...said(1, pieces)]));

  assert.equal(state.messages.a1.text.length, 10_000);
  assert.doesNotThrow(() => structuredClone(state));
});
