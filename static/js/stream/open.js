/** The doors most callers want: a stream that is shared where it can be, and a plain subscription. */

import { StreamConnection } from "./connection.js";
import { StreamClosedError } from "./first-byte.js";
import { CLOSED } from "./messages.js";
import { SharedStream } from "./shared.js";

/**
 * Make a stream, not yet connected: one for all tabs where the browser can, an own one elsewhere
 * or with `shared: false`.
 * @param {CairnStream.SharedStreamOptions & { shared?: boolean }} options
 * @returns {StreamConnection | SharedStream}
 */
export function openStream(options) {
  const share = options.shared !== false && SharedStream.supported(options);
  return share ? new SharedStream(options) : new StreamConnection(options);
}

/**
 * Follow a stream with two callbacks; returns the function that ends it. After that no callback
 * is called and nothing is left open.
 * @param {string} url
 * @param {(event: object) => void} onEvent
 * @param {(error: Error) => void} [onError] a frame that could not be read, or why the stream closed
 */
export function subscribe(url, onEvent, onError = () => {}, options = {}) {
  const stream = openStream({ ...options, url });
  stream.on("event", onEvent);
  stream.on("bad_frame", ({ error }) => onError(error));
  stream.on("state", ({ state, details }) => {
    if (state === "closed" && details.reason !== CLOSED.finished) onError(new StreamClosedError(details));
  });
  stream.connect();
  return () => {
    stream.removeAll();
    stream.disconnect();
  };
}
