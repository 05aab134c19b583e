/** Events that any run writes, as a strategy shows them. */

import { withOperation } from "../log/operation.js";
import { WORDS, withLine } from "./lines.js";

export const runHandlers = {
  run_state(state, event) {
    const { state: now } = event.data;
    const before = state.runState;
    const moved = withOperation({ ...state, runState: now, retry: now === "running" ? null : state.retry }, { status: now });
    if (now === "paused" && before !== "paused") return withLine(moved, event, "pause", WORDS.paused());
    const resumed = before === "paused" && (now === "queued" || now === "running");
    return resumed ? withLine(moved, event, "play", WORDS.resumed()) : moved;
  },

  run_retrying(state, event) {
    const { attempt, max_attempts: maxAttempts, error } = event.data;
    const retry = { attempt, maxAttempts, error: error ?? null, at: event.timestamp };
    const waiting = withOperation({ ...state, retry }, { status: "retrying" });
    return withLine(waiting, event, "retry", WORDS.retrying(event.data), { level: "warning" });
  },

  run_reassigned(state, event) {
    return withLine(state, event, "warning", WORDS.workerLost(), { level: "warning" });
  },

  still_working(state, event) {
    return { ...state, sign: { seconds: event.data.seconds, at: event.timestamp } };
  },

  no_progress(state, event) {
    const { seconds, limit_seconds: limitSeconds } = event.data;
    const silent = { ...state, silence: { seconds, limitSeconds, position: event.position } };
    return withLine(silent, event, "clock", WORDS.silent(seconds), { level: "warning" });
  },

  run_completed(state, event) {
    const words = state.missing.length ? WORDS.incomplete(state.missing.length, state.steps.length) : WORDS.completed();
    const level = state.missing.length ? "warning" : "success";
    return withLine(ended(state, "completed"), event, "check", words, { level });
  },

  run_failed(state, event) {
    const error = event.data.error ?? { code: "unknown", message: "unknown error" };
    return withLine({ ...ended(state, "failed"), error }, event, "cross", WORDS.failed(error.message), { level: "error" });
  },

  run_cancelled(state, event) {
    return withLine(ended(state, "cancelled"), event, "stop", WORDS.cancelled(), { level: "warning" });
  },
};

function ended(state, runState) {
  const steps = state.steps.map((one) => (one.state === "running" ? { ...one, state: "stopped" } : one));
  const progress = runState === "completed" ? 100 : state.progress;
  return { ...state, steps, progress, runState, finished: true, operation: null, retry: null, sign: null, silence: null };
}
