/** How to stream, where the address of the page says so: for trying out the transports. */

const TRANSPORTS = ["fetch", "eventsource", "poll"];

const MODES = ["inline", "signal"];

/**
 * `?stream=eventsource|fetch|poll` and `?mode=signal|inline`; otherwise the user's own mode.
 * @param {string} search @param {string} preferred
 */
export function streamOptions(search, preferred) {
  const given = new URLSearchParams(search);
  const transport = TRANSPORTS.includes(given.get("stream")) ? given.get("stream") : "auto";
  const mode = MODES.includes(given.get("mode")) ? given.get("mode") : preferred;
  // A transport that was asked for is used by this tab itself.
  return { transport, mode, ...(transport !== "auto" && { shared: false }) };
}
