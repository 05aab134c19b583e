/** The public surface of the stream client. Anything not exported here may change. */

export { Backoff, BACKOFF_STEPS_MS, DEFAULT_JITTER } from "./backoff.js";
export { systemClock } from "./clock.js";
export { StreamConnection } from "./connection.js";
export { ContentPuller } from "./content.js";
export { StreamClosedError } from "./first-byte.js";
export { CLOSED, CONTROL, ENVELOPES, TERMINAL_STATES } from "./messages.js";
export { openStream, subscribe } from "./open.js";
export { SseParser } from "./parser.js";
export { ApiError } from "./rest.js";
export { RunsApi } from "./runs-api.js";
export { SharedStream } from "./shared.js";
export { createStreamStore } from "./store.js";
