/** The log of a session in short: what a server tells, event by event. */

import { reduce } from "../../../static/js/chat/index.js";
import { event } from "./events.js";

export const SESSION = "session-1";

/** Number events given as [type, data, runId]. */
export function log(parts, from = 1) {
  return parts.map(([type, data = {}, run], index) => {
    const one = event(from + index, type, data, { run_id: run, session_id: SESSION });
    return run ? one : { ...one, run_id: undefined };
  });
}

/** Go on with a state by events numbered after it. */
export function after(state, parts) {
  return log(parts, state.position + 1).reduce(reduce, state);
}

export const texts = (lines) => lines.map(({ text }) => text);

export const initialised = [
  ["session_started", { title: "penguins", mode: "plan", branch: "main", data_set: "penguins" }, "r0"],
  ["run_state", { state: "queued" }, "r0"],
  ["run_state", { state: "running" }, "r0"],
  ["state_changed", { new_state: "initialising" }, "r0"],
  ["progress", { operation: "initialise", step: "loading", progress: 1, message: "Reading penguins.", agent: "" }, "r0"],
  ["data_model_ready", { name: "penguins", summary: "One table.", tables: 1, columns: 7, rows: 344, relationships: 0, quality: 98.5, issues: 2, suggestions: ["How many?"] }, "r0"],
  ["result", { operation: "initialise", status: "answered", message_id: "r0-result", sequence: 1, completed: true, content: "{}" }, "r0"],
  ["state_changed", { new_state: "idle" }, "r0"],
  ["run_completed", { progress: 100, message: "Ready for questions." }, "r0"],
];

export function asked(turn, text, run = `r${turn}`, branch = "main") {
  return [
    ["message_added", { message_id: `u${turn}`, sequence: 1, completed: true, role: "user", turn, branch, by: "ann", workflow: "", references: [], content: text }, run],
    ["run_state", { state: "queued" }, run],
  ];
}

export function begun(turn, run = `r${turn}`, branch = "main") {
  return [
    ["run_state", { state: "running" }, run],
    ["state_changed", { new_state: "thinking" }, run],
    ["progress", { operation: "reply", step: "reply", progress: 1, message: "Processing your request...", agent: "" }, run],
    ["message_started", { message_id: `a${turn}`, turn, branch }, run],
  ];
}

export const part = (turn, type, name, value, more = {}) => [
  type,
  { message_id: `a${turn}-${name}`, reply_id: `a${turn}`, sequence: 1, completed: true, duration_ms: 12, ...more, content: JSON.stringify(value) },
  `r${turn}`,
];

export const QUERY = { interpretation: "count", sql: "SELECT 1", result: { columns: ["n"], types: ["BIGINT"], rows: [[1]], row_count: 1 } };

export function parts(turn, run = `r${turn}`) {
  return [
    ["progress", { operation: "reply", step: "intent", progress: 10, message: "Intent parsing...", agent: "intent" }, run],
    ["intent_parsed", { reply_id: `a${turn}`, intent_type: "PARTICULAR", confidence: 0.9, reasoning: "why", plot: { kind: "bar", x: "m", y: "n" }, duration_ms: 12 }, run],
    ["progress", { operation: "reply", step: "insight", progress: 40, message: "Generating Insight...", agent: "insight" }, run],
    part(turn, "query_executed", "query", QUERY, { row_count: 1 }),
    part(turn, "insight_generated", "insight", { text: "One.", facts: ["1"] }),
    part(turn, "data_summary", "summary", { statistics: [], chart: null }),
  ];
}

export function said(turn, pieces, run = `r${turn}`, from = 1) {
  return pieces.map((content, index) => [
    "content_delta",
    { message_id: `a${turn}`, sequence: from + index, completed: false, content },
    run,
  ]);
}

export function done(turn, sequence, run = `r${turn}`) {
  return [
    ["message_completed", { message_id: `a${turn}`, final_sequence: sequence, status: "complete", suggestions: ["And now?"] }, run],
    ["result", { operation: "reply", status: "answered", reply_id: `a${turn}`, message_id: `a${turn}-result`, sequence: 1, completed: true, content: '{"files":["x.md"]}' }, run],
    ["state_changed", { new_state: "idle" }, run],
    ["run_completed", { progress: 100, message: "Answered." }, run],
  ];
}

/** A question and its whole answer. */
export function turn(number, text = `Question ${number}?`, branch = "main") {
  const run = `r${number}`;
  return [
    ...asked(number, text, run, branch),
    ...begun(number, run, branch),
    ...parts(number),
    ...said(number, ["Answer ", String(number), "."]),
    ...done(number, 3),
  ];
}

/** What readers of the signal profile get: no text, only where it is. */
export function signals(events) {
  return events.map((one) => {
    const { content: _, ...data } = one.data;
    return { ...one, data };
  });
}

/** The texts that a server would give for these events, by message. */
export function contents(events) {
  const found = new Map();
  for (const { data } of events) {
    if (data.content === undefined) continue;
    found.set(data.message_id, [...(found.get(data.message_id) ?? []), data.content]);
  }
  return found;
}
