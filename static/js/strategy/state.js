/** The whole of what a strategy's page shows, as one plain object that nobody changes in place. */

import { upsert } from "../log/lists.js";

/**
 * @param {{ name: string, title: string }[]} guides the steps in their order
 * @returns {CairnStrategy.StrategyState}
 */
export function initialState(guides = []) {
  return {
    position: 0,
    runId: null,
    goal: "",
    runState: "queued",
    finished: false,
    progress: 0,
    estimatedSeconds: null,
    steps: guides.map(({ name, title }, index) => freshStep(index + 1, name, title)),
    operation: null,
    /** The position of the last event that is progress: a sign of life is none. */
    heard: 0,
    sign: null,
    silence: null,
    document: null,
    entity: null,
    missing: [],
    error: null,
    retry: null,
    gap: null,
    timeline: [],
  };
}

export function freshStep(number, name, title) {
  return {
    number,
    name,
    title,
    state: "pending",
    startedAt: null,
    finishedAt: null,
    durationMs: null,
    estimatedSeconds: null,
    achievement: "",
    error: null,
    counts: null,
    cards: [],
    lines: [],
  };
}

/** Change the step of this number, making it if the log did not start with its beginning. */
export function withStep(state, number, change, { name = "", title = "" } = {}) {
  if (!Number.isInteger(number)) return state;
  const steps = upsert(state.steps, (one) => one.number === number, change, freshStep(number, name, title));
  return { ...state, steps };
}

export function stepOf(state, number) {
  return state.steps.find((one) => one.number === number) ?? null;
}
