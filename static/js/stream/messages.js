/** The words of the wire contract, and how a frame is told apart: event of the log, or control. */

export const ENVELOPES = Object.freeze(["progress", "result", "complete", "error", "educational", "status"]);

export const TERMINAL_STATES = Object.freeze(["completed", "failed", "rejected", "expired", "cancelled"]);

export const CONTROL = Object.freeze({ opened: "stream_opened", reconnect: "reconnect", closed: "closed" });

/** The reasons a stream is closed for, in `details.reason`. */
export const CLOSED = Object.freeze({
  idle: "idle",
  finished: "finished",
  disconnected: "disconnected",
  signedOut: "signed_out",
  forbidden: "forbidden",
  notFound: "not_found",
  badRequest: "bad_request",
});

/**
 * Read one frame. Anything with a position is an event of the log; the rest is control.
 * @param {{ data: string, id: string }} frame
 * @returns {{ kind: "event" | "control", message: object } | { kind: "bad", error: Error, raw: string, position: number | null }}
 */
export function readFrame(frame) {
  try {
    const message = JSON.parse(frame.data);
    if (message === null || typeof message !== "object" || Array.isArray(message)) {
      throw new TypeError("the frame is not an object");
    }
    return { kind: Number.isInteger(message.position) ? "event" : "control", message };
  } catch (error) {
    return { kind: "bad", error, raw: frame.data, position: positionOf(frame.id) };
  }
}

function positionOf(id) {
  return /^[0-9]+$/.test(id ?? "") ? Number(id) : null;
}

/** The stream's address with the cursor and mode in its query. */
export function streamUrl(url, { after, mode, limit }) {
  const [address, hash] = splitOnce(url, "#");
  const [path, query] = splitOnce(address, "?");
  const params = new URLSearchParams(query);
  params.set("after", String(after));
  if (mode) params.set("mode", mode);
  if (limit) params.set("limit", String(limit));
  return `${path}?${params}${hash ? `#${hash}` : ""}`;
}

function splitOnce(text, mark) {
  const index = text.indexOf(mark);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}
