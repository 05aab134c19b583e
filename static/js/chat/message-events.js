/** Events of messages: they begin, get their text piece by piece, and end. */

import { WORDS, withLine } from "./lines.js";
import { withRun } from "./runs.js";
import { freshMessage, freshParts, withArrived, withMessage, withParts, withSameWanted, withWanted, without } from "./state.js";

export const messageHandlers = {
  message_added(state, event) {
    const { message_id: id, role, turn, branch, by, workflow, references, copied_from: original } = event.data;
    const source = state.messages[original];
    const parts = source?.parts ?? { ...freshParts(), references: (references ?? []).map(referenceOf) };
    const message = {
      ...freshMessage(id),
      turn,
      role,
      branchId: branch,
      status: source?.status ?? "complete",
      runId: event.run_id ?? null,
      by: by || null,
      at: event.timestamp,
      workflow: source?.workflow ?? (workflow || null),
      parts,
    };
    const noted = { ...state, messages: { ...state.messages, [id]: state.messages[id] ?? message } };
    const added = withTextOf(source ? withSameWanted(noted, original, id) : noted, event.data, true);
    const started = role === "user" && event.run_id ? withRun(added, event.run_id, { kind: workflow ? "workflow" : "reply" }) : added;
    return withLine(started, event, { icon: "chat", text: WORDS.added(role), agent: "session", quiet: true });
  },

  message_started(state, event) {
    const { message_id: id, turn, branch } = event.data;
    if (state.messages[id]) return state;
    const runId = event.run_id ?? null;
    // A message of the run that is still open was begun by a try of the step that is over.
    const cleared = without(state, (message) => message.runId === runId && message.status === "streaming");
    const message = { ...freshMessage(id), turn, branchId: branch, runId, at: event.timestamp };
    return { ...cleared, messages: { ...cleared.messages, [id]: message } };
  },

  content_delta(state, event) {
    return withTextOf(state, event.data, false);
  },

  message_completed: completed,
  message_ended: completed,
};

function completed(state, event) {
  const { message_id: id, final_sequence: final, status, suggestions } = event.data;
  const message = state.messages[id];
  if (!message) return state;
  const noted = suggestions?.length ? withParts(state, id, { suggestions }) : state;
  const settled = withMessage(noted, id, { status });
  const complete = final > message.sequence ? withWanted(settled, id, { sequence: final, final: true }) : withArrived(settled, id, message.sequence);
  return withLine(complete, event, { icon: "lines", text: WORDS.message(status, final), agent: "message", quiet: true });
}

/** Add a piece of text if it is here and the next one; otherwise it has to be pulled. */
function withTextOf(state, { message_id: id, sequence, content }, final) {
  const message = state.messages[id];
  if (!message || sequence <= message.sequence) return state;
  const isNext = sequence === message.sequence + 1 && content !== undefined;
  if (!isNext) return withWanted(state, id, { sequence, final });
  return withArrived(withMessage(state, id, { text: message.text + content, sequence }), id, sequence);
}

/** A file that a user's message refers to. */
export function referenceOf({ reference, path, kind, first_line = 0, last_line = 0 }) {
  return { reference, path, kind, first_line, last_line };
}
