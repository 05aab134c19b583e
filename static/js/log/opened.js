/** What the first frame of a stream means to any state that is reduced from the log. */

/**
 * The gap that a stream opened with, as an event to reduce, or null: there is none, or it was
 * told already.
 */
export function gapOf(state, opened) {
  const { resume, position, from, to } = opened.data ?? {};
  if (resume !== "gap" || state.position >= to) return null;
  return { type: "stream_gap", position: Math.max(to, position ?? 0), timestamp: opened.timestamp, data: { from, to } };
}

/** Whether a message is an event of the log that `state` has not seen. */
export function isNew(state, event) {
  return Number.isInteger(event?.position) && event.position > state.position;
}
