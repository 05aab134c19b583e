/** Events of planning itself: the proposal, the iterations, what they find, the plan. */

import { startOperation, withOperation } from "../log/operation.js";
import { countOf, iterationOf, textOf, withIteration } from "./state.js";
import { WORDS, withLine } from "./timeline.js";

const PROPOSING = "Preparing the proposal";

const PLANNING = "Planning";

export const planHandlers = {
  proposal_progress(state, event) {
    const { agent, message } = event.data;
    return startOperation(state, event, { name: PROPOSING, agent: agent ?? null, message: message ?? "" });
  },

  proposal_ready(state, event) {
    const { title, max_iterations: maxIterations, checkpoint_interval: checkpointInterval, attempt } = event.data;
    const proposal = {
      title,
      maxIterations,
      checkpointInterval,
      attempt: attempt ?? 1,
      content: textOf(state, event.data),
      messageId: event.data.message_id ?? null,
      sequence: event.data.sequence ?? null,
      decision: null,
      decidedBy: null,
      comment: "",
      decidedAt: null,
    };
    return { ...state, proposal, maxIterations, checkpointInterval };
  },

  planning_started(state, event) {
    const { goal, max_iterations: maxIterations, checkpoint_interval: checkpointInterval } = event.data;
    // The event's goal is shortened; one that is known in full stays.
    const started = { ...state, goal: state.goal || goal, maxIterations, checkpointInterval };
    const text = WORDS.started(maxIterations);
    const operation = { name: PLANNING, step: 0, total: maxIterations, message: text };
    return withLine(startOperation(started, event, operation), event, "rocket", text);
  },

  iteration_started(state, event) {
    const { iteration, max } = event.data;
    const total = max ?? state.maxIterations;
    const text = WORDS.iteration(iteration, total);
    const started = withIteration(state, iteration, { state: "running", startedAt: event.timestamp });
    const operation = { name: PLANNING, step: iteration, total, message: text, card: null };
    return withLine(startOperation(started, event, operation), event, "cycle", text);
  },

  iteration_progress(state, event) {
    const { iteration, agent, message, progress, frameworks, data_points: dataPoints } = event.data;
    const line = { key: `progress:${event.position}`, position: event.position, agent, message, progress, time: event.timestamp };
    const counts = {
      frameworks: countOf(frameworks) ?? state.counts.frameworks,
      dataPoints: countOf(dataPoints) ?? state.counts.dataPoints,
    };
    const known = iterationOf(state, iteration)?.progress ?? [];
    const noted = withIteration({ ...state, counts }, iteration, { progress: [...known, line] });
    return startOperation(noted, event, planning(noted, iteration, { agent: agent ?? null, message: message ?? "" }));
  },

  educational_card(state, event) {
    const { iteration, title, description, details, insight, next_step, estimated_seconds } = event.data;
    const card = {
      key: `card:${event.position}`,
      title,
      description,
      details: details ?? [],
      insight,
      nextStep: next_step,
      estimatedSeconds: estimated_seconds ?? null,
    };
    const known = iterationOf(state, iteration)?.cards ?? [];
    const noted = iteration ? withIteration(state, iteration, { cards: [...known, card] }) : state;
    return withOperation(noted, { card });
  },

  plan_metrics(state, event) {
    const { iteration, name, value, unit, detail } = event.data;
    const metric = { key: `metric:${event.position}`, iteration, name, value, unit: unit ?? "", detail: detail ?? "", time: event.timestamp };
    const known = iterationOf(state, iteration)?.metrics ?? [];
    const noted = iteration ? withIteration(state, iteration, { metrics: [...known, metric] }) : state;
    return { ...noted, metrics: [...state.metrics, metric] };
  },

  iteration_completed(state, event) {
    const { iteration, duration_ms: durationMs, frameworks, data_points: dataPoints, insights, gaps } = event.data;
    const names = frameworks ?? [];
    const done = withIteration(state, iteration, {
      state: "completed",
      finishedAt: event.timestamp,
      durationMs: durationMs ?? null,
      frameworks: names,
      dataPoints: dataPoints ?? 0,
      insights: insights ?? [],
      gaps: gaps ?? [],
    });
    return { ...done, frameworks: [...new Set([...state.frameworks, ...names])] };
  },

  final_plan(state, event) {
    const { frameworks, data_points: dataPoints, iterations, checkpoints, message_id, sequence } = event.data;
    const finalPlan = {
      content: textOf(state, event.data),
      frameworks,
      dataPoints,
      iterations,
      checkpoints,
      messageId: message_id ?? null,
      sequence: sequence ?? null,
      at: event.timestamp,
    };
    const counts = {
      frameworks: countOf(frameworks) ?? state.counts.frameworks,
      dataPoints: countOf(dataPoints) ?? state.counts.dataPoints,
    };
    return { ...state, finalPlan, counts };
  },

  plan_saved(state, event) {
    const { entity, title, url } = event.data;
    const saved = { ...state, entity: { slug: entity, title, url } };
    return withLine(saved, event, "disk", WORDS.saved(entity), "success");
  },
};

function planning(state, iteration, change) {
  return { name: PLANNING, step: iteration ?? null, total: state.maxIterations, ...change };
}
