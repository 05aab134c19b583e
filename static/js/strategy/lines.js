/** The lines of a strategy's story and their exact words. The icon is a name, apart from the text. */

import { RUN_WORDS, lineOf } from "../log/lines.js";

export const WORDS = Object.freeze({
  ...RUN_WORDS,
  started: (steps) => `Starting a strategy in ${steps} steps...`,
  step: (number, steps, title) => `Step ${number} of ${steps}: ${title}`,
  left: (title) => `${title} could not be done. The others go on.`,
  saved: (name) => `Strategy saved to memory as entity: ${name}`,
  completed: () => "Strategy ready!",
  incomplete: (missing, steps) => `Strategy ready, without ${missing} of ${steps} steps.`,
  failed: (message) => `Strategy error: ${message}`,
  cancelled: () => "Strategy stopped.",
  paused: () => "Strategy paused.",
  resumed: () => "Strategy resumed.",
  connectionLost: () => "Connection error while the strategy is worked on",
  silent: (seconds) => `No progress for ${seconds} s.`,
});

/** Add a line for an event; `step` is the name of the step that shows it, if one does. */
export function withLine(state, event, icon, text, { level = "info", step = "" } = {}) {
  return { ...state, timeline: [...state.timeline, { ...lineOf(event, icon, text, level), step }] };
}
