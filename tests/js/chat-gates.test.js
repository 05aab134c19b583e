import assert from "node:assert/strict";
import { test } from "node:test";

import { fromEvents, gateOf, withGate } from "../../static/js/chat/index.js";
import { after, asked, begun, initialised, log, said, texts } from "./support/session-events.js";

const CALL = { call_id: "call-1", tool: "save_file", description: "Saves.", arguments: { path: "a.md" } };

const waiting = () => [
  ...initialised,
  ...asked(1, "?"),
  ...begun(1),
  ...said(1, ["Wait."]),
  ["message_completed", { message_id: "a1", final_sequence: 1, status: "waiting", suggestions: [] }, "r1"],
  ["tool_call_requested", { reply_id: "a1", gate_id: "g1", calls: [CALL] }, "r1"],
  ["state_changed", { new_state: "waiting_approval" }, "r1"],
  ["gate_opened", { gate_id: "g1", kind: "tool", name: "tool-1", digest: "d", deadline: "t9", decisions: ["approve", "reject"], question: "May it run?" }, "r1"],
];

const decided = (decision, comment = "", edited = []) => [
  ["gate_answered", { gate_id: "g1", kind: "tool", name: "tool-1", decision, decided_by: "bo", via: "web", comment }, "r1"],
  ["tool_call_decided", { gate_id: "g1", decision, decided_by: "bo", reason: comment, edited }, "r1"],
  ["state_changed", { new_state: "thinking" }, "r1"],
  ["run_state", { state: "queued", reason: "answered" }, "r1"],
];

test("a tool call waits at a gate with its calls, digest and decisions", () => {
  const state = fromEvents(log(waiting()));

  const { id, kind, calls, digest, decisions, question } = state.pendingGate;
  assert.deepEqual([id, kind, calls, digest, decisions, question], ["g1", "tool", [CALL], "d", ["approve", "reject"], "May it run?"]);
  assert.deepEqual([state.state, state.operation.status, state.messages.a1.status], ["waiting_approval", "waiting", "waiting"]);
  assert.equal(gateOf(state, state.messages.a1).id, "g1");
  assert.equal(state.timeline.at(-1).text, "Approval asked for: save_file.");
});

test("an allowed call runs, and its result stays with the next message of the turn", () => {
  const state = fromEvents(log([
    ...waiting(),
    ...decided("approve", "", ["call-1"]),
    ["run_state", { state: "running" }, "r1"],
    ["message_started", { message_id: "b1", turn: 1, branch: "main" }, "r1"],
    ["tool_call_started", { reply_id: "b1", call_id: "call-1", tool: "save_file", arguments: { path: "b.md" }, approval: "given" }, "r1"],
    ["tool_call_result", { reply_id: "b1", call_id: "call-1", result: { bytes: 3 }, error: "" }, "r1"],
    ["message_completed", { message_id: "b1", final_sequence: 0, status: "complete", suggestions: [] }, "r1"],
    ["result", { operation: "reply", status: "answered", reply_id: "b1", message_id: "b1-r", sequence: 1, completed: true, content: '{"files":["b.md"]}' }, "r1"],
  ]));

  assert.equal(state.pendingGate, null);
  const { decision, decidedBy, edited } = gateOf(state, state.messages.a1);
  assert.deepEqual([decision, decidedBy, edited, state.messages.a1.status], ["approve", "bo", ["call-1"], "complete"]);
  assert.deepEqual(state.messages.b1.parts.tools, [
    { call_id: "call-1", tool: "save_file", arguments: { path: "b.md" }, approval: "given", state: "finished", result: { bytes: 3 }, error: "" },
  ]);
  assert.deepEqual(state.messages.b1.parts.files, ["b.md"]);
  assert.equal(gateOf(state, state.messages.b1), null);
  assert.ok(texts(state.timeline).includes("Allowed by bo: save_file."));
});

test("a denial tells its reason, and a call that fails its error", () => {
  const state = fromEvents(log([
    ...waiting(),
    ...decided("reject", "Not today."),
    ["message_started", { message_id: "b1", turn: 1, branch: "main" }, "r1"],
    ["tool_call_started", { reply_id: "b1", call_id: "c", tool: "list_files", arguments: {}, approval: "not_needed" }, "r1"],
    ["tool_call_result", { reply_id: "b1", call_id: "c", error: "no such folder" }, "r1"],
  ]));

  assert.ok(texts(state.timeline).includes("Denied by bo: save_file. Not today."));
  assert.equal(state.timeline.at(-1).text, "list_files failed: no such folder");
  const [{ state: how, result, error }] = state.messages.b1.parts.tools;
  assert.deepEqual([how, result, error], ["failed", null, "no such folder"]);
});

test("a gate that nobody answered is decided by its policy", () => {
  const expired = ["gate_expired", { gate_id: "g1", kind: "tool", name: "tool-1", policy: "reject" }, "r1"];

  const state = fromEvents(log([...waiting(), expired]));

  assert.deepEqual([state.pendingGate, state.gates[0].decision, state.gates[0].state], [null, "reject", "decided"]);
  assert.equal(state.messages.a1.status, "complete");
});

test("the options of a question come from REST and stay when it is answered", () => {
  const question = ["gate_opened", { gate_id: "g2", kind: "question", name: "question-1", digest: "d", deadline: "t", decisions: ["answer"], question: "Which?" }, "r1"];
  const open = fromEvents(log([...initialised, ...asked(1, "?"), ...begun(1), question]));
  const rest = { id: "g2", run_id: "r1", kind: "question", name: "question-1", state: "pending", question: "Which?", payload: { options: ["a", "b"] }, digest: "d", deadline: "t", decisions: ["answer"], decision: null, decided_by: null, comment: "", created_at: "t0", decided_at: null };

  const known = withGate(open, rest);
  const answered = after(known, [["gate_answered", { gate_id: "g2", kind: "question", name: "question-1", decision: "answer", decided_by: "bo", via: "web", comment: "a" }, "r1"]]);

  assert.deepEqual([known.pendingGate.options, answered.pendingGate, answered.gates[0].options], [["a", "b"], null, ["a", "b"]]);
  assert.equal(answered.timeline.at(-1).text, "Answered by bo: a");
  // An answer to the question that comes late must not open it again.
  assert.equal(withGate(answered, rest).pendingGate, null);
});

test("a stopped reply keeps its text and is marked, and its gate is withdrawn", () => {
  const state = fromEvents(log([
    ...waiting(),
    ["message_ended", { message_id: "a1", final_sequence: 1, status: "cancelled", suggestions: [] }, "r1"],
    ["state_changed", { new_state: "idle" }, "r1"],
    ["run_cancelled", { reason: "" }, "r1"],
  ]));

  assert.deepEqual([state.messages.a1.status, state.messages.a1.text, state.operation, state.pendingGate], ["cancelled", "Wait.", null, null]);
  assert.deepEqual([state.gates[0].state, state.timeline.at(-1).text], ["withdrawn", "Cancelled."]);
});
