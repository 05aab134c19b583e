/** The lines of the timeline and their exact words. The icon is a name, apart from the text. */

/** What a page may draw for an icon; it belongs in an element with aria-hidden. */
export const ICONS = Object.freeze({
  rocket: "\u{1F680}",
  cycle: "\u{1F504}",
  stop: "\u{23F9}\u{FE0F}",
  check: "\u{2705}",
  disk: "\u{1F4BE}",
  cross: "\u{274C}",
  hand: "\u{270B}",
  pause: "\u{23F8}\u{FE0F}",
  play: "\u{25B6}\u{FE0F}",
  clock: "\u{23F0}",
  retry: "\u{1F501}",
  warning: "\u{26A0}\u{FE0F}",
});

export const WORDS = Object.freeze({
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
  workerLost: () => "The worker was lost; another one goes on.",
  retrying: ({ attempt, max_attempts: max, retry_in_seconds: seconds, error }) =>
    `Retrying (attempt ${attempt} of ${max}) in ${seconds} s: ${error?.message ?? "an error"}`,
  gap: (from, to) => `Events ${from} to ${to} are no longer available.`,
});

/** Add a line for an event; its key is the same in every replay. */
export function withLine(state, event, icon, text, level = "info") {
  const line = { key: `${event.type}:${event.position}`, position: event.position, icon, text, time: event.timestamp, level };
  return { ...state, timeline: [...state.timeline, line] };
}

/** The line for a lost connection; the page shows it, the log never has it. */
export function connectionLine(time) {
  return { key: "connection", position: null, icon: "cross", text: WORDS.connectionLost(), time, level: "error" };
}
