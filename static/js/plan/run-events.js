/** Events that any run writes: its state, trouble on the way, and its one end. */

import { withOperation } from "../log/operation.js";
import { WORDS, withLine } from "./timeline.js";

const STATUS_OF_STATE = { queued: "queued", running: "running", waiting: "waiting", paused: "paused" };

export const runHandlers = {
  run_state(state, event) {
    const { state: now, reason } = event.data;
    const before = state.runState;
    const moved = withOperation(
      { ...state, runState: now, retry: now === "running" ? null : state.retry },
      { status: STATUS_OF_STATE[now] ?? now },
    );
    if (now === "paused" && before !== "paused") return withLine(moved, event, "pause", WORDS.paused());
    const resumed = before === "paused" && (now === "queued" || now === "running");
    return resumed && reason !== "cancelled" ? withLine(moved, event, "play", WORDS.resumed()) : moved;
  },

  run_retrying(state, event) {
    const { attempt, max_attempts: maxAttempts, retry_in_seconds: retryInSeconds, error } = event.data;
    const retry = { attempt, maxAttempts, retryInSeconds, error: error ?? null, at: event.timestamp };
    const waiting = withOperation({ ...state, retry }, { status: "retrying" });
    return withLine(waiting, event, "retry", WORDS.retrying(event.data), "warning");
  },

  run_reassigned(state, event) {
    return withLine(state, event, "warning", WORDS.workerLost(), "warning");
  },

  run_completed(state, event) {
    return withLine(ended(state, event, "completed"), event, "check", WORDS.completed(), "success");
  },

  run_failed(state, event) {
    const error = event.data.error ?? { code: "unknown", message: "unknown error" };
    const failed = { ...ended(state, event, "failed"), error: { ...error, step: event.data.step ?? null } };
    return withLine(failed, event, "cross", WORDS.failed(error.message), "error");
  },

  run_cancelled(state, event) {
    return withLine(ended(state, event, "cancelled"), event, "stop", WORDS.cancelled(), "warning");
  },

  run_rejected(state, event) {
    const rejected = ended(state, event, "rejected");
    if (hasLine(state, "checkpoint_rejected")) return rejected;
    return withLine(rejected, event, "cross", WORDS.proposalRejected(), "warning");
  },

  run_expired(state, event) {
    const expired = ended(state, event, "expired");
    if (hasLine(state, "checkpoint_expired")) return expired;
    return withLine(expired, event, "clock", WORDS.proposalExpired(), "warning");
  },
};

/** A checkpoint that ends a run has told so in its own line; a proposal has not. */
function hasLine(state, type) {
  return state.timeline.some((line) => line.key.startsWith(`${type}:`));
}

function ended(state, event, runState) {
  const iterations = state.iterations.map((one) =>
    one.state === "running" ? { ...one, state: runState, finishedAt: event.timestamp } : one,
  );
  const progress = runState === "completed" ? 100 : state.progress;
  return {
    ...state,
    iterations,
    progress,
    runState,
    finished: true,
    operation: null,
    pendingGate: null,
    retry: null,
  };
}
