/** What to do after an attempt to stream or poll has ended: one table, no timers. */

import { CLOSED } from "./messages.js";

const CLOSING_STATUS = new Map([
  [400, CLOSED.badRequest],
  [401, CLOSED.signedOut],
  [403, CLOSED.forbidden],
  [404, CLOSED.notFound],
]);

/**
 * @param {CairnStream.Outcome} outcome
 * @returns {{ action: "close" | "now" | "retry", reason?: string, retryAfter?: number | null }}
 */
export function judge(outcome) {
  if (outcome.kind === "final" || outcome.kind === "finished") return { action: "close", reason: CLOSED.finished };
  if (outcome.kind === "closed") return { action: "close", reason: outcome.reason || CLOSED.forbidden };
  if (outcome.kind === "reconnect" || outcome.kind === "hole") return { action: "now" };
  if (outcome.kind === "status" && CLOSING_STATUS.has(outcome.status)) {
    return { action: "close", reason: CLOSING_STATUS.get(outcome.status) };
  }
  return { action: "retry", retryAfter: outcome.retryAfter ?? null };
}

/** Choose the way to stream: what was asked for, else the best this browser has. */
export function streamKind(transport, environment) {
  if (transport === "poll") return "poll";
  if (transport === "fetch" || transport === "eventsource") return transport;
  if (environment.canStream) return "fetch";
  return environment.EventSource ? "eventsource" : "poll";
}
