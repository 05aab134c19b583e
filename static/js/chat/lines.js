/** The lines of a session's timeline and system log, and their exact words. */

import { RUN_WORDS, lineOf, lostConnection } from "../log/lines.js";

export { ICONS } from "../log/lines.js";

const took = (milliseconds) => (Number.isFinite(milliseconds) ? ` in ${milliseconds} ms` : "");

const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

const by = (who) => (who ? ` by ${who}` : "");

export const WORDS = Object.freeze({
  ...RUN_WORDS,
  started: (name) => `Session about ${name} started.`,
  queued: () => "Waiting for a worker.",
  running: () => "A worker has begun.",
  paused: () => "Paused.",
  cancelling: () => "Cancelling...",
  cancelled: () => "Cancelled.",
  completed: (message) => message || "Done.",
  failed: (message) => `Error: ${message}`,
  rejected: (who) => `Rejected${by(who)}.`,
  expired: () => "Nobody answered in time, so this has ended.",
  restarted: (step) => `The step ${step} starts again.`,
  stillWorking: (seconds) => `Still working after ${seconds} s.`,
  state: (state) => `The session is ${state.replaceAll("_", " ")}.`,
  intent: ({ intent_type: type, confidence, duration_ms: ms }) => `Intent parsed: ${type}, ${Math.round(100 * confidence)} % sure${took(ms)}.`,
  query: ({ row_count: rows, duration_ms: ms }) => `Query executed: ${counted(rows, "row")}${took(ms)}.`,
  insight: ({ duration_ms: ms }) => `Insight generated${took(ms)}.`,
  summary: ({ duration_ms: ms }) => `Data summarised${took(ms)}.`,
  reference: ({ duration_ms: ms }) => `Reference read${took(ms)}.`,
  asked: (calls) => `Approval asked for: ${calls.map(({ tool }) => tool).join(", ")}.`,
  question: (question) => question || "A question was asked.",
  allowed: (who, tools) => `Allowed${by(who)}: ${tools}.`,
  always: (who, tools) => `Always allowed${by(who)}: ${tools}.`,
  denied: (who, tools, reason) => `Denied${by(who)}: ${tools}.${reason ? ` ${reason}` : ""}`,
  answered: (who, comment) => `Answered${by(who)}${comment ? `: ${comment}` : "."}`,
  unanswered: () => "Nobody answered in time.",
  toolStarted: (tool) => `Running ${tool}.`,
  toolFinished: (tool) => `${tool} is done.`,
  toolFailed: (tool, error) => `${tool} failed: ${error}`,
  message: (status, sequence) => `Message ${status} after ${counted(sequence, "piece")} of text.`,
  added: (role) => `Message of the ${role} added.`,
  model: ({ tables, columns, rows, quality }) =>
    `Data model ready: ${counted(tables, "table")}, ${counted(columns, "column")}, ${counted(rows, "row")}, quality ${Math.round(quality)} %.`,
  mode: (mode, who) => `The mode is ${mode} now${by(who)}.`,
  title: (title) => `The title is ${title} now.`,
  branchCreated: (name, who) => `Branch ${name} created${by(who)}.`,
  branchSwitched: (name, who) => `Branch ${name} is shown now${by(who)}.`,
  branchMerged: (source, target, turns) => `${counted(turns, "turn")} of branch ${source} merged into ${target}.`,
  connectionLost: () => "The connection is lost; it is tried again.",
});

/**
 * Add a line to the timeline and to the system log. `key` makes it take the place of the
 * timeline's last line when that has the same; `quiet` keeps it out of the timeline.
 * @param {CairnChat.ChatState} state
 * @param {{ icon: string, text: string, level?: string, agent?: string, key?: string, quiet?: boolean, byStep?: boolean }} said
 */
export function withLine(state, event, { icon, text, level = "info", agent = "", key, quiet = false, byStep = false }) {
  const line = { ...lineOf(event, icon, text, level), agent, runId: event.run_id ?? null, byStep };
  const logged = { ...state, systemLog: [...state.systemLog, line] };
  return quiet ? logged : { ...logged, timeline: withEntry(state.timeline, key ? { ...line, key } : line) };
}

/** What a step says again and again is one line, from when it first said something. */
function withEntry(timeline, line) {
  const last = timeline.at(-1);
  if (last?.key !== line.key) return [...timeline, line];
  return [...timeline.slice(0, -1), { ...line, position: last.position, time: last.time }];
}

/** The line for a lost connection; a page shows it, the log never has it. */
export function connectionLine(time) {
  return { ...lostConnection(time, WORDS.connectionLost()), agent: "connection", runId: null, byStep: false };
}
