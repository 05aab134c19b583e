/** The lines of the timeline and their exact words. The icon is a name, apart from the text. */

import { RUN_WORDS, lineOf, lostConnection } from "../log/lines.js";

export { ICONS } from "../log/lines.js";

export const WORDS = Object.freeze({
  ...RUN_WORDS,
  started: (count) => `Starting planning with ${count} iterations...`,
  iteration: (number, max) => `Starting iteration ${number} of ${max}...`,
  checkpoint: (iteration) => `CHECKPOINT REACHED (Iteration ${iteration})`,
  checkpointTitle: (number) => `Checkpoint ${number} - Approve to Continue?`,
  proposalTitle: () => "Planning proposal - Approve to Start?",
  questionTitle: (name) => `${name || "Question"} - Answer to Continue?`,
  approved: () => "Checkpoint approved! Continuing iterations...",
  revised: (number) => `Checkpoint ${number}: revision asked. Continuing iterations...`,
  rejected: (number) => `Checkpoint ${number} rejected. Planning stopped.`,
  proposalRejected: () => "Proposal rejected. Planning stopped.",
  expired: (number) => `Checkpoint ${number} expired. Planning stopped.`,
  expiredApproved: (number) => `Checkpoint ${number} expired and was approved by policy. Continuing iterations...`,
  proposalExpired: () => "Proposal expired. Planning stopped.",
  saved: (name) => `Plan saved to memory as entity: ${name}`,
  completed: () => "Planning completed!",
  failed: (message) => `Planning error: ${message}`,
  connectionLost: () => "Connection error during planning",
  paused: () => "Planning paused.",
  resumed: () => "Planning resumed.",
  cancelled: () => "Planning cancelled.",
});

/** Add a line for an event; its key is the same in every replay. */
export function withLine(state, event, icon, text, level = "info") {
  return { ...state, timeline: [...state.timeline, lineOf(event, icon, text, level)] };
}

/** The line for a lost connection; the page shows it, the log never has it. */
export function connectionLine(time) {
  return lostConnection(time, WORDS.connectionLost());
}
