/** What the overlay shows of a strategy: its step, how far it is, and what there is to learn. */

import { overlayView } from "./overlay-view.js";

const NOTHING_YET = { name: "Starting", step: null, total: null, message: "Waiting for a worker.", startedAt: null, status: "queued", card: null };

export function strategyOverlay({ actions, user }) {
  return overlayView((store) => describe(store, user), {
    pause: () => actions.pause(),
    resume: () => actions.resume(),
    cancel: () => actions.cancel(),
  });
}

function describe({ state, intent }, user) {
  if (state.finished) return null;
  const operation = state.operation ?? NOTHING_YET;
  const paused = state.runState === "paused";
  const working = state.runState === "running" || state.runState === "queued";
  return {
    status: operation.status,
    name: paused ? "Paused" : operation.name,
    step: operation.step ? `Step ${operation.step} of ${operation.total}` : "",
    message: messageOf(state, operation, intent),
    startedAt: paused ? null : operation.startedAt,
    percent: state.progress,
    card: paused ? null : operation.card,
    buttons: {
      pause: user.may_change && working && !intent,
      resume: user.may_change && (paused || intent === "pausing"),
      cancel: user.may_change && intent !== "cancelling",
    },
  };
}

function messageOf(state, operation, intent) {
  if (intent === "cancelling") return "Stopping…";
  if (intent === "pausing") return "Pausing when this step is done…";
  if (state.runState === "paused") return "Nothing is lost. Resume whenever you like.";
  if (state.retry) return `Trying again: ${state.retry.error?.message ?? "something went wrong"}`;
  const said = [operation.agent, operation.message].filter(Boolean).join(": ");
  return state.sign ? `${said} Still working after ${state.sign.seconds} s.` : said;
}
