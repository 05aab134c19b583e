/**
 * The state of a strategy's page as a pure function of the log: replaying gives what watching gave.
 */

import { withProgress } from "../log/operation.js";
import { gapOf, isNew } from "../log/opened.js";
import { WORDS, withLine } from "./lines.js";
import { runHandlers } from "./run-events.js";
import { eventsOfStrategy } from "./snapshot.js";
import { freshStep, initialState } from "./state.js";
import { stepHandlers } from "./step-events.js";

export { initialState } from "./state.js";
export { WORDS } from "./lines.js";

const HANDLERS = { ...runHandlers, ...stepHandlers, step_restarted: restarted, stream_gap: missed };

/** They say that somebody is there, not that anything came of it. */
const NO_PROGRESS = new Set(["still_working", "no_progress"]);

/**
 * Apply one event of the log, or one control message of the stream. Never changes `state`; a
 * duplicate, an unknown type or a malformed message returns it as it is.
 */
export function reduce(state, event) {
  if (event?.type === "stream_opened") return reduceOpened(state, event);
  if (!isNew(state, event)) return state;
  return apply({ ...state, position: event.position, runId: event.run_id ?? state.runId }, event);
}

/** Reduce a whole log from the beginning. */
export function fromEvents(events, guides = []) {
  return events.reduce(reduce, initialState(guides));
}

/** The state that a strategy of the REST API describes; `position` is of the log it is as new as. */
export function fromStrategy(strategy, position = 0, guides = []) {
  const start = { ...initialState(guides), goal: strategy.goal ?? "", runId: strategy.run_id ?? null };
  const state = eventsOfStrategy(strategy).reduce(apply, start);
  const progress = Math.max(state.progress, Number.isFinite(strategy.progress) ? strategy.progress : 0);
  return { ...state, progress, runState: strategy.state ?? state.runState, position };
}

function apply(state, event) {
  const heard = NO_PROGRESS.has(event.type) ? state : { ...state, heard: event.position, sign: null, silence: null };
  const handler = Object.hasOwn(HANDLERS, event.type) ? HANDLERS[event.type] : null;
  if (!handler) return heard;
  const data = event.data ?? {};
  return handler(withProgress(heard, data.progress), { ...event, data });
}

function reduceOpened(state, event) {
  const { resume, snapshot, position } = event.data ?? {};
  const guides = state.steps.map(({ name, title }) => ({ name, title }));
  if (resume === "snapshot" && snapshot) return fromStrategy(snapshot, position, guides);
  const gap = gapOf(state, event);
  return gap ? reduce(state, gap) : state;
}

/** The server no longer has some events: say so, once, and let the page fetch what it needs. */
function missed(state, event) {
  const { from, to } = event.data;
  return withLine({ ...state, gap: { from, to } }, event, "warning", WORDS.gap(from, to), { level: "warning" });
}

/** The step starts again: all it has shown came after `from_position`, and none of it counts. */
function restarted(state, event) {
  const { step: name, from_position: from } = event.data;
  const steps = state.steps.map((one) => (one.name === name ? freshStep(one.number, one.name, one.title) : one));
  const timeline = state.timeline.filter((line) => !(line.step === name && line.position > from));
  return { ...state, steps, timeline };
}
