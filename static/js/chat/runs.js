/** The runs of a session that have not ended, and what the overlay shows of the first of them. */

/** What each kind of work is called. */
export const OPERATIONS = Object.freeze({
  initialise: "Understanding the data",
  reply: "Answering",
  workflow: "Running the workflow",
});

/** @returns {CairnChat.Run} */
function freshRun(id) {
  return {
    id,
    kind: null,
    state: "queued",
    progress: 0,
    step: "",
    message: "",
    startedAt: null,
    cancelling: false,
    retry: null,
    sign: null,
  };
}

/** Change a run, or note a new one. */
export function withRun(state, id, change) {
  if (!id) return state;
  const known = state.runs[id] ?? freshRun(id);
  return { ...state, runs: { ...state.runs, [id]: { ...known, ...change } } };
}

export function withoutRun(state, id) {
  const { [id]: _, ...runs } = state.runs;
  return { ...state, runs };
}

/** The run that is at work or waits at a gate, else the first that is queued. */
function head(state) {
  const runs = Object.values(state.runs);
  return runs.find((run) => run.startedAt) ?? runs[0] ?? null;
}

/** Work out again what follows from other fields. */
export function derived(state, before) {
  const gate = state.gates === before.gates ? state.pendingGate : (state.gates.findLast((one) => one.state === "pending") ?? null);
  if (gate === state.pendingGate && state.runs === before.runs) return state;
  return { ...state, pendingGate: gate, operation: operationOf(state) };
}

function operationOf(state) {
  const run = head(state);
  if (!run) return null;
  return {
    runId: run.id,
    kind: run.kind,
    name: OPERATIONS[run.kind] ?? "Working",
    status: statusOf(run),
    progress: run.progress,
    message: run.message,
    step: run.step,
    startedAt: run.startedAt,
    sign: run.sign,
    retry: run.retry,
    queued: Object.keys(state.runs).length - 1,
  };
}

function statusOf(run) {
  if (run.cancelling) return "cancelling";
  return run.retry ? "retrying" : run.state;
}
