/** What the overlay shows of a plan. */

import { deadlineText } from "./gate-content.js";
import { overlayView } from "./overlay-view.js";

const NOTHING_YET = { name: "Preparing the proposal", step: null, total: null, message: "Waiting for a worker.", startedAt: null, status: "queued", card: null };

export function planOverlay({ actions, gates, user }) {
  return overlayView((store) => describe(store, { gates, user }), {
    review: () => gates.open(),
    pause: () => actions.pause(),
    resume: () => actions.resume(),
    cancel: () => actions.cancel(),
  });
}

function describe({ state, intent }, { gates, user }) {
  if (state.finished) return null;
  const operation = state.operation ?? NOTHING_YET;
  const asking = state.runState === "waiting" && Boolean(state.pendingGate) && gates.isAsking;
  const still = asking || state.runState === "paused";
  return {
    status: asking ? "asking" : operation.status,
    name: nameOf(state, operation, asking),
    step: operation.step ? `Iteration ${operation.step} of ${operation.total}` : "",
    message: messageOf(state, operation, { intent, asking, gates }),
    startedAt: still ? null : operation.startedAt,
    percent: state.progress,
    card: still ? null : operation.card,
    buttons: buttonsOf({ state, intent }, { asking, user, gates }),
  };
}

function nameOf(state, operation, asking) {
  if (asking) return "Waiting for a decision";
  if (state.runState === "paused") return "Paused";
  return operation.name;
}

function messageOf(state, operation, { intent, asking, gates }) {
  if (intent === "cancelling") return "Cancelling…";
  if (asking) return deadlineText(state.pendingGate);
  if (state.runState === "waiting") return "Sending your decision…";
  if (intent === "pausing") return `Pausing when iteration ${operation.step ?? 1} is done…`;
  if (state.runState === "paused") return "Nothing is lost. Resume whenever you like.";
  if (state.retry) return `Trying again: ${state.retry.error?.message ?? "something went wrong"}`;
  if (gates.isSending) return "Sending your decision…";
  return [operation.agent, operation.message].filter(Boolean).join(": ");
}

function buttonsOf({ state, intent }, { asking, user, gates }) {
  const paused = state.runState === "paused";
  const working = state.runState === "running" || state.runState === "queued";
  return {
    review: asking && reviewText(state.pendingGate, gates.mayAnswer()),
    pause: user.may_change && working && !intent && state.iterations.length > 0,
    resume: user.may_change && (paused || intent === "pausing"),
    cancel: user.may_change && intent !== "cancelling",
  };
}

function reviewText({ kind, checkpoint }, mayAnswer) {
  const verb = mayAnswer ? "Review" : "Look at";
  return kind === "checkpoint" ? `${verb} checkpoint ${checkpoint}` : `${verb} proposal`;
}
