/** A session as REST tells it at one position of its log, as the state that led there. */

import { gateOfRest, freshGate } from "./gate-events.js";
import { referenceOf } from "./message-events.js";
import { derived, withRun } from "./runs.js";
import { freshMessage, freshParts, initialState } from "./state.js";

/**
 * The state that a snapshot describes. It has no lines: those only the log has.
 * @param {CairnChat.Snapshot} snapshot the body of GET sessions/{id}/snapshot/
 * @param {number} [position] of the log that it is as new as
 * @returns {CairnChat.ChatState}
 */
export function fromSnapshot(snapshot, position = snapshot.position ?? 0) {
  const state = {
    ...initialState(),
    position,
    sessionId: snapshot.id ?? null,
    title: snapshot.title ?? "",
    mode: snapshot.mode ?? "plan",
    state: snapshot.state ?? "idle",
    branchId: snapshot.branch ?? null,
    branches: (snapshot.branches ?? []).map(branchOf),
    messages: Object.fromEntries((snapshot.messages ?? []).map((one) => [one.id, messageOf(one)])),
    gates: (snapshot.gates ?? snapshot.pending_gates ?? []).map((gate) => ({ ...freshGate(gate.id), ...gateOfRest(gate) })),
    dataSet: snapshot.data_set?.name ?? "",
    dataModel: modelOf(snapshot.data_set),
    error: errorOf(snapshot.error),
  };
  const runs = (snapshot.runs ?? []).reduce((done, run) => withRun(done, run.id, runOf(run)), state);
  return derived(runs, initialState());
}

function branchOf({ id, name, parent, fork_turn: forkTurn }) {
  return { id, name, parent: parent ?? null, forkTurn };
}

function messageOf(message) {
  const { id, turn, role, branch, status, text, sequence, run_id: runId, by, created_at: at, error } = message;
  const common = { turn, role, branchId: branch, status, text, sequence, runId: runId ?? null, by: by ?? null, at, error: error ?? null };
  return { ...freshMessage(id), ...common, workflow: message.parts?.workflow ?? null, parts: partsOf(message) };
}

function partsOf({ role, parts = {} }) {
  const known = Object.fromEntries(Object.entries(freshParts()).map(([name, empty]) => [name, parts[name] ?? empty]));
  if (role === "user") known.references = known.references.map(referenceOf);
  known.tools = known.tools.map((tool) => ({ result: null, error: "", ...tool }));
  return known;
}

function runOf(run) {
  return {
    kind: run.kind,
    state: run.state,
    progress: run.progress ?? 0,
    step: run.step ?? "",
    message: run.message ?? "",
    startedAt: run.started_at ?? null,
    cancelling: run.cancel_requested ?? false,
  };
}

function errorOf(error) {
  return error ? { code: error.code, message: error.message, runId: error.run_id, kind: error.kind } : null;
}

function modelOf(dataSet) {
  if (!dataSet?.is_ready) return null;
  const { name, summary, quality, suggestions, counts } = dataSet;
  const none = { tables: null, columns: null, rows: null, relationships: null, issues: null };
  return { name, summary, ...none, ...counts, quality, suggestions: suggestions ?? [] };
}
