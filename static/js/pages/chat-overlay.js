/** What the overlay shows of a session's work: the same as of a plan's. */

import { deadlineText } from "./gate-content.js";
import { overlayView } from "./overlay-view.js";

export function chatOverlay({ actions, gates, user }) {
  return overlayView((store) => describe(store, { gates, user }), {
    review: () => gates.open(),
    cancel: () => actions.stop(),
  });
}

function describe({ state, intent }, { gates, user }) {
  const { operation, pendingGate } = state;
  if (!operation) return null;
  const asking = Boolean(pendingGate) && gates.isAsking;
  const stopping = operation.status === "cancelling" || intent?.runId === operation.runId;
  return {
    status: asking ? "asking" : operation.status,
    name: asking ? "Waiting for a decision" : operation.name,
    step: stepOf(operation, asking),
    message: messageOf(operation, { asking, stopping, gates, pendingGate }),
    startedAt: asking ? null : operation.startedAt,
    percent: operation.startedAt ? operation.progress : null,
    buttons: {
      review: asking && reviewText(pendingGate, gates.mayAnswer()),
      cancel: user.may_change && !stopping,
    },
  };
}

function stepOf({ step, name, queued }, asking) {
  const waiting = queued > 0 ? `${queued} more waiting` : "";
  const part = asking || !step || name.toLowerCase().includes(step) ? "" : step.replaceAll("_", " ");
  return [part, waiting].filter(Boolean).join(", ");
}

function messageOf(operation, { asking, stopping, gates, pendingGate }) {
  if (stopping) return "Stopping…";
  if (asking) return deadlineText(pendingGate);
  if (pendingGate || gates.isSending) return "Sending your decision…";
  if (operation.retry) return `Trying again: ${operation.retry.error?.message ?? "something went wrong"}`;
  if (operation.sign) return `${operation.message} Still working after ${operation.sign.seconds} s.`.trim();
  return operation.message || "Waiting for a worker.";
}

function reviewText({ kind }, mayAnswer) {
  if (!mayAnswer) return "Look at it";
  return kind === "tool" ? "Review the tool call" : "Answer the question";
}
