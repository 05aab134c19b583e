/** Events that any run writes: its state, its progress, trouble on the way, and its one end. */

import { WORDS, withLine } from "./lines.js";
import { withRun, withoutRun } from "./runs.js";
import { withEach, without } from "./state.js";

export const runHandlers = {
  run_state(state, event) {
    const { state: now, reason } = event.data;
    const known = state.runs[event.run_id];
    const running = now === "running";
    const change = {
      state: now,
      startedAt: known?.startedAt ?? (running ? event.timestamp : null),
      cancelling: reason === "cancelling" || (known?.cancelling ?? false),
      retry: running ? null : (known?.retry ?? null),
    };
    const moved = withRun(begunBy(state, known, running), event.run_id, change);
    if (reason === "cancelling") return withLine(moved, event, { icon: "stop", text: WORDS.cancelling(), agent: "run" });
    const words = WORDS[now] ?? WORDS.state;
    return withLine(moved, event, { icon: running ? "play" : "pause", text: words(now), agent: "run", quiet: true });
  },

  progress(state, event) {
    const { operation, step, agent, progress, message } = event.data;
    const known = state.runs[event.run_id];
    // Progress never goes back within a run, so an old number cannot make the bar jump.
    const percent = Math.max(known?.progress ?? 0, Math.min(100, progress ?? 0));
    const moved = withRun(state, event.run_id, { kind: operation, step, message: message ?? "", progress: percent, sign: null });
    const key = `step:${event.run_id}:${step}`;
    return withLine(moved, event, { icon: "cycle", text: message ?? "", agent: agent || operation, key, byStep: true });
  },

  still_working(state, event) {
    const { number, seconds } = event.data;
    const alive = withRun(state, event.run_id, { sign: { number, seconds } });
    return withLine(alive, event, { icon: "clock", text: WORDS.stillWorking(seconds), agent: "run", quiet: true });
  },

  run_retrying(state, event) {
    const { attempt, max_attempts: maxAttempts, retry_in_seconds: retryInSeconds, error } = event.data;
    const retry = { attempt, maxAttempts, retryInSeconds, error: error ?? null, at: event.timestamp };
    const waiting = withRun(state, event.run_id, { retry, state: "queued" });
    return withLine(waiting, event, { icon: "retry", text: WORDS.retrying(event.data), level: "warning", agent: "run" });
  },

  run_reassigned(state, event) {
    const waiting = withRun(state, event.run_id, { state: "queued" });
    return withLine(waiting, event, { icon: "warning", text: WORDS.workerLost(), level: "warning", agent: "run" });
  },

  /** What a step told is taken back; what the run engine itself told of the run stays. */
  step_restarted(state, event) {
    const { step, from_position: from } = event.data;
    const isTold = (line) => line.byStep && line.runId === event.run_id && line.position > from;
    const kept = {
      ...without(state, (message) => message.runId === event.run_id && message.status === "streaming"),
      timeline: state.timeline.filter((line) => !isTold(line)),
      systemLog: state.systemLog.filter((line) => !isTold(line)),
    };
    return withLine(kept, event, { icon: "cycle", text: WORDS.restarted(step), level: "warning", agent: "run" });
  },

  run_completed(state, event) {
    const text = WORDS.completed(event.data.message);
    return withLine(ended(state, event), event, { icon: "check", text, level: "success", agent: "run" });
  },

  run_failed(state, event) {
    const error = event.data.error ?? { code: "unknown", message: "unknown error" };
    const kind = state.runs[event.run_id]?.kind ?? null;
    const noted = withEach(ended(state, event), (message) => message.runId === event.run_id, { error });
    const failed = { ...noted, error: { ...error, runId: event.run_id, kind } };
    return withLine(failed, event, { icon: "cross", text: WORDS.failed(error.message), level: "error", agent: "run" });
  },

  run_cancelled(state, event) {
    return withLine(ended(state, event), event, { icon: "stop", text: WORDS.cancelled(), level: "warning", agent: "run" });
  },

  run_rejected(state, event) {
    const text = WORDS.rejected(event.data.decided_by);
    return withLine(ended(state, event), event, { icon: "cross", text, level: "warning", agent: "run" });
  },

  run_expired(state, event) {
    return withLine(ended(state, event), event, { icon: "clock", text: WORDS.expired(), level: "warning", agent: "run" });
  },
};

/** The session is at work as soon as a run is, a moment before the log says so. */
function begunBy(state, run, running) {
  if (!running || run?.startedAt) return state;
  return { ...state, state: run?.kind === "initialise" ? "initialising" : "thinking" };
}

/** A run that ended has no open question. The error is that of the run that ended last. */
function ended(state, event) {
  const gates = state.gates.map((gate) => (gate.runId === event.run_id && gate.state === "pending" ? { ...gate, state: "withdrawn" } : gate));
  return { ...withoutRun(state, event.run_id), gates, error: null };
}
