/** The whole of what a planning page shows, as one plain object that nobody changes in place. */

import { upsert } from "../log/lists.js";

/** Where the state keeps its events: a symbol, so that JSON and structured clones leave it out. */
export const HISTORY = Symbol("history");

/** @returns {CairnPlan.PlanState & Record<symbol, any>} */
export function initialState() {
  return {
    position: 0,
    runId: null,
    planId: null,
    goal: "",
    runState: "queued",
    finished: false,
    progress: 0,
    proposal: null,
    maxIterations: null,
    checkpointInterval: null,
    iterations: [],
    frameworks: [],
    counts: { frameworks: 0, dataPoints: 0 },
    operation: null,
    metrics: [],
    checkpoints: [],
    pendingGate: null,
    finalPlan: null,
    entity: null,
    error: null,
    retry: null,
    gap: null,
    timeline: [],
    contents: {},
    [HISTORY]: null,
  };
}

/** Change the iteration of this number, making it if the log did not start with its beginning. */
export function withIteration(state, number, change) {
  if (!Number.isInteger(number)) return state;
  const iterations = upsert(state.iterations, (one) => one.number === number, change, freshIteration(number));
  return { ...state, iterations };
}

function freshIteration(number) {
  return {
    number,
    state: "running",
    startedAt: null,
    finishedAt: null,
    durationMs: null,
    frameworks: [],
    dataPoints: 0,
    insights: [],
    gaps: [],
    progress: [],
    cards: [],
    metrics: [],
  };
}

export function iterationOf(state, number) {
  return state.iterations.find((one) => one.number === number) ?? null;
}

/** Change the checkpoint of this number, making it if need be. */
export function withCheckpoint(state, number, change) {
  if (!Number.isInteger(number)) return state;
  const fresh = {
    number,
    iteration: null,
    summary: null,
    messageId: null,
    sequence: null,
    frameworks: [],
    dataPoints: 0,
    gate: null,
    decision: null,
    decidedBy: null,
    comment: "",
    reachedAt: null,
    decidedAt: null,
  };
  return { ...state, checkpoints: upsert(state.checkpoints, (one) => one.number === number, change, fresh) };
}

/** The text of a message: what the event carried, else what was pulled for it. */
export function textOf(state, data) {
  return data.content ?? state.contents[data.message_id]?.content ?? null;
}

/** Counts may come as a number or as the list that is counted. */
export function countOf(value) {
  if (Array.isArray(value)) return value.length;
  return Number.isFinite(value) ? value : null;
}
