/** Events of a strategy itself: its steps, what they teach, and the document. */

import { startOperation, withOperation } from "../log/operation.js";
import { WORDS, withLine } from "./lines.js";
import { stepOf, withStep } from "./state.js";

export const stepHandlers = {
  strategy_started(state, event) {
    const { goal, steps, estimated_seconds: estimatedSeconds } = event.data;
    // The event's goal is shortened; one that is known in full stays.
    const started = { ...state, goal: state.goal || goal, estimatedSeconds };
    return withLine(started, event, "rocket", WORDS.started(steps));
  },

  strategy_step_started(state, event) {
    const { number, step: name, title, message, estimated_seconds: estimatedSeconds } = event.data;
    const change = { name, title, state: "running", startedAt: event.timestamp, estimatedSeconds };
    const started = withStep(state, number, change, { name, title });
    const operation = { name: title, step: number, total: state.steps.length, message };
    const text = WORDS.step(number, Math.max(number, state.steps.length), title);
    return withLine(startOperation(started, event, operation), event, "cycle", text, { step: name });
  },

  strategy_progress(state, event) {
    const { number, agent, message, progress } = event.data;
    const line = { key: `progress:${event.position}`, agent: agent ?? "", message, progress, time: event.timestamp };
    const known = stepOf(state, number)?.lines ?? [];
    return withOperation(withStep(state, number, { lines: [...known, line] }), { message, agent: agent || null });
  },

  strategy_card(state, event) {
    const { number } = event.data;
    const card = cardOf(event);
    const known = stepOf(state, number)?.cards ?? [];
    return withOperation(withStep(state, number, { cards: [...known, card] }), { card });
  },

  strategy_step_completed(state, event) {
    const { number, duration_ms: durationMs, achievement, frameworks, findings, data_points: dataPoints, gaps } = event.data;
    const counts = { frameworks: frameworks ?? [], findings, dataPoints, gaps };
    return withStep(state, number, { state: "completed", finishedAt: event.timestamp, durationMs, achievement, counts });
  },

  strategy_step_failed(state, event) {
    const { number, step: name, duration_ms: durationMs, error } = event.data;
    const title = stepOf(state, number)?.title ?? name;
    const failed = withStep(state, number, { state: "failed", finishedAt: event.timestamp, durationMs, error }, { name, title });
    const missing = [...state.missing, { step: number, title, reason: error?.message ?? "" }];
    return withLine({ ...failed, missing }, event, "warning", WORDS.left(title), { level: "warning", step: name });
  },

  strategy_ready(state, event) {
    const { title, findings, frameworks, data_points: dataPoints, gaps, message_id: messageId, sequence } = event.data;
    const content = event.data.content ?? null;
    return { ...state, document: { title, content, messageId: messageId ?? null, sequence: sequence ?? null, frameworks, findings, dataPoints, gaps } };
  },

  strategy_saved(state, event) {
    const { entity, title, url } = event.data;
    return withLine({ ...state, entity: { slug: entity, title, url } }, event, "disk", WORDS.saved(entity), { level: "success" });
  },
};

function cardOf({ position, data }) {
  return {
    key: `card:${position}`,
    phase: data.phase,
    title: data.title,
    description: data.description,
    details: data.details ?? [],
    insight: data.insight ?? "",
    promptPreview: data.prompt_preview ?? "",
    achievement: data.achievement ?? "",
    nextStep: data.next_step ?? "",
    fallback: data.fallback ?? "",
    estimatedSeconds: data.estimated_seconds ?? null,
  };
}
