/** The settings of a stream and their defaults, each with its reason. */

export const DEFAULTS = Object.freeze({
  after: undefined,
  mode: "inline",
  /** Whether the log goes on after a run has ended: a session's does, a run's ends with it. */
  endless: false,
  /** "auto" is what the installation says (`data-stream-transport` of the page), else the best there is. */
  transport: "auto",
  /** Silence before the first byte: a proxy that buffers the answer looks like this. */
  connectTimeout: 15_000,
  /** Fixed silence allowed afterwards; when undefined, twice the announced heartbeat. */
  heartbeatTimeout: undefined,
  /** Failures in a row before `auto` polls. */
  failuresBeforePolling: 3,
  /** When a polling stream tries to stream again; doubles up to the maximum. */
  streamRetryMs: 30_000,
  streamRetryMaxMs: 300_000,
  pollMs: 500,
  hiddenPollMs: 10_000,
  /** How long a hidden tab keeps its connection; `Infinity` keeps it for ever. */
  hiddenGraceMs: 15_000,
  jitter: undefined,
  storage: undefined,
  commandUrl: undefined,
  debug: false,
});

/**
 * Take the caller's options over the defaults; `undefined` means the default.
 * @param {CairnStream.StreamOptions} options
 * @returns {any}
 */
export function withDefaults(options) {
  if (!options?.url) throw new TypeError("A stream needs options.url.");
  const settings = { ...DEFAULTS };
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) settings[name] = value;
  }
  if (settings.transport === "auto") settings.transport = installed() ?? "auto";
  return settings;
}

/** The transport of the whole installation: "poll" where no stream gets through its network. */
function installed() {
  return globalThis.document?.documentElement?.dataset?.streamTransport === "poll" ? "poll" : null;
}

/** What `debug` asks for: a function of the caller's, the console, or nothing. */
export function debugLog(debug) {
  if (typeof debug === "function") return debug;
  return debug ? (...words) => globalThis.console.debug("[stream]", ...words) : () => {};
}
