/** What the overlay shows of the work that goes on: name, step x of N, percent, message, card. */

/** Start an operation, or go on with the one of the same name: its start time stays. */
export function startOperation(state, event, change) {
  const current = state.operation?.name === change.name ? state.operation : null;
  const fresh = { step: null, total: null, message: "", agent: null, card: null, startedAt: event.timestamp };
  const operation = { ...fresh, ...current, status: "running", percent: state.progress, ...change };
  return { ...state, operation };
}

/** Change the operation if there is one. */
export function withOperation(state, change) {
  if (!state.operation) return state;
  return { ...state, operation: { ...state.operation, ...change } };
}

/** Progress never goes back within a run, so an old number cannot make the bar jump. */
export function withProgress(state, value) {
  if (!Number.isFinite(value)) return state;
  const progress = Math.max(state.progress, Math.min(100, value));
  if (progress === state.progress) return state;
  return withOperation({ ...state, progress }, { percent: progress });
}
