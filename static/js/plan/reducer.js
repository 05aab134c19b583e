/**
 * The state of a planning page as a pure function of the log: replaying gives what watching gave.
 */

import { gapOf, isNew } from "../log/opened.js";
import { gateHandlers } from "./gate-events.js";
import { withProgress } from "../log/operation.js";
import { planHandlers } from "./plan-events.js";
import { runHandlers } from "./run-events.js";
import { eventsOfPlan } from "./snapshot.js";
import { HISTORY, countOf, initialState } from "./state.js";
import { WORDS, withLine } from "./timeline.js";

export { initialState } from "./state.js";
export { ICONS, WORDS, connectionLine } from "./timeline.js";

const HANDLERS = { ...runHandlers, ...gateHandlers, ...planHandlers, stream_gap: missed };

/** Events a step shows; when the step starts again, what it showed is discarded. */
const SHOWN_BY_STEPS = new Set(Object.keys(planHandlers).concat("checkpoint_reached"));

/**
 * Apply one event of the log, or one control message of the stream. Never changes `state`; a
 * duplicate, an unknown type or a malformed message returns it as it is.
 * @param {CairnPlan.PlanState} state
 * @param {object} event
 * @returns {CairnPlan.PlanState}
 */
export function reduce(state, event) {
  if (event?.type === "stream_opened") return reduceOpened(state, event);
  if (!isNew(state, event)) return state;
  // A linked list: adding costs nothing, and only a restarted step ever walks it.
  const history = { event, previous: state[HISTORY] };
  const seen = { ...state, position: event.position, runId: event.run_id ?? state.runId, [HISTORY]: history };
  return event.type === "step_restarted" ? restart(seen, event) : apply(seen, event);
}

/** Reduce a whole log from the beginning. */
export function fromEvents(events) {
  return events.reduce(reduce, initialState());
}

/**
 * The state that a REST plan describes.
 * @param {object} plan the body of GET plans/{id}/
 * @param {number} [position] of the log that the plan is as new as
 */
export function fromPlan(plan, position = 0) {
  const start = { ...initialState(), planId: plan.id ?? null, goal: plan.goal ?? "", runId: plan.run_id ?? null };
  const state = eventsOfPlan(plan).reduce(apply, start);
  const settings = {
    maxIterations: state.maxIterations ?? plan.max_iterations ?? null,
    checkpointInterval: state.checkpointInterval ?? plan.checkpoint_interval ?? null,
  };
  const measured = { ...state, ...settings, ...knownOf(plan, state), runState: plan.state ?? state.runState, position };
  return { ...measured, [HISTORY]: { base: measured } };
}

/** Put in the text that was pulled for a message, wherever it belongs. */
export function withContent(state, messageId, content, completed = true) {
  const contents = { ...state.contents, [messageId]: { content, completed } };
  const filled = (part, field) => (part?.messageId === messageId ? { ...part, [field]: content } : part);
  return {
    ...state,
    contents,
    proposal: filled(state.proposal, "content"),
    finalPlan: filled(state.finalPlan, "content"),
    checkpoints: state.checkpoints.map((one) => filled(one, "summary")),
  };
}

function apply(state, event) {
  const handler = Object.hasOwn(HANDLERS, event.type) ? HANDLERS[event.type] : null;
  if (!handler) return state;
  const data = event.data ?? {};
  return handler(withProgress(state, data.progress), { ...event, data });
}

function reduceOpened(state, event) {
  const { resume, snapshot, position } = event.data ?? {};
  if (resume === "snapshot" && snapshot) return { ...fromPlan(snapshot, position), contents: state.contents };
  const gap = gapOf(state, event);
  return gap ? reduce(state, gap) : state;
}

/** The server no longer has some events: say so, once, and let the page fetch what it needs. */
function missed(state, event) {
  const { from, to } = event.data;
  return withLine({ ...state, gap: { from, to } }, event, "warning", WORDS.gap(from, to), "warning");
}

/** Forget what the step showed and build the state again from all that is left. */
function restart(state, event) {
  const { step, from_position: from } = event.data ?? {};
  if (!Number.isInteger(from)) return state;
  const { base, events } = unwind(state[HISTORY]);
  if (!base) return state;
  const kept = events.filter((one) => !isDiscarded(one, step, from));
  const rebuilt = kept.reduce(apply, { ...base, contents: state.contents });
  const remembered = {
    ...rebuilt,
    position: state.position,
    runId: state.runId,
    [HISTORY]: kept.reduce(link, base === BASE ? null : { base }),
  };
  return withProgress(remembered, state.progress);
}

function link(previous, event) {
  return { event, previous };
}

const BASE = initialState();

function unwind(history) {
  const events = [];
  let node = history;
  for (; node?.event; node = node.previous) events.push(node.event);
  // A state that came back from JSON has no history: nothing of it can be taken back.
  return { base: node === null ? BASE : node?.base, events: events.reverse() };
}

/**
 * One step of a run goes on at a time, so what was shown since is its own unless it says otherwise.
 * That it began is not told again, and stays.
 */
function isDiscarded(event, step, from) {
  if (event.position <= from || !SHOWN_BY_STEPS.has(event.type)) return false;
  const iteration = event.data?.iteration;
  const named = /^iteration-([0-9]+)$/.exec(step ?? "");
  return !named || !Number.isInteger(iteration) || iteration === Number(named[1]);
}

function knownOf(plan, state) {
  const metrics = plan.metrics ?? {};
  const counts = {
    frameworks: countOf(metrics.frameworks) ?? state.counts.frameworks,
    dataPoints: countOf(metrics.data_points) ?? state.counts.dataPoints,
  };
  const progress = Math.max(state.progress, Number.isFinite(plan.progress) ? plan.progress : 0);
  return { counts, progress };
}
