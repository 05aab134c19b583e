/** Lines of a timeline, and the words for what happens to any run. The icon is a name, apart from the text. */

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
  chat: "\u{1F4AC}",
  compass: "\u{1F9ED}",
  code: "\u{1F50D}",
  spark: "\u{2728}",
  chart: "\u{1F4CA}",
  file: "\u{1F4C4}",
  tool: "\u{1F527}",
  table: "\u{1F5C2}\u{FE0F}",
  gear: "\u{2699}\u{FE0F}",
  branch: "\u{1F33F}",
  merge: "\u{1F500}",
  pencil: "\u{270F}\u{FE0F}",
  lines: "\u{1F4DD}",
});

export const RUN_WORDS = Object.freeze({
  workerLost: () => "The worker was lost; another one goes on.",
  retrying: ({ attempt, max_attempts: max, retry_in_seconds: seconds, error }) =>
    `Retrying (attempt ${attempt} of ${max}) in ${seconds} s: ${error?.message ?? "an error"}`,
  gap: (from, to) => `Events ${from} to ${to} are no longer available.`,
});

/** A line for an event; its key is the same in every replay. */
export function lineOf(event, icon, text, level = "info") {
  return { key: `${event.type}:${event.position}`, position: event.position, icon, text, time: event.timestamp, level };
}

/** The line for a lost connection; a page shows it, the log never has it. */
export function lostConnection(time, text) {
  return { key: "connection", position: null, icon: "cross", text, time, level: "error" };
}
