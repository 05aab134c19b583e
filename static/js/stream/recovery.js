/** How a stream comes back: what counts as success, how long to wait, when to poll instead. */

import { Backoff } from "./backoff.js";

export class Recovery {
  #settings;
  #backoff;
  #upgradeAfter;
  /** Failures in a row. */
  failures = 0;

  /** @param {{ transport: string, failuresBeforePolling: number, streamRetryMs: number, streamRetryMaxMs: number, jitter?: number }} settings */
  constructor(settings, random) {
    this.#settings = settings;
    this.#backoff = new Backoff({ jitter: settings.jitter, random });
    this.#upgradeAfter = settings.streamRetryMs;
  }

  /** Forget all failures. */
  succeeded() {
    this.failures = 0;
    this.#backoff.reset();
    this.#upgradeAfter = this.#settings.streamRetryMs;
  }

  /** A poll worked: the server is there, even if it cannot stream to us. */
  polled() {
    this.#backoff.reset();
  }

  /**
   * Note how a stream ended; returns whether to go on at once. A clean rotation or a hole is
   * followed at once, but not twice without success between: that would be a tight loop.
   */
  streamEnded(verdict, healthy) {
    if (healthy) this.succeeded();
    const atOnce = verdict.action === "now" && this.failures === 0;
    if (!(atOnce && healthy)) this.failures += 1;
    return atOnce;
  }

  get shouldPoll() {
    return this.#settings.transport === "auto" && this.failures >= this.#settings.failuresBeforePolling;
  }

  nextDelay() {
    return this.#backoff.next();
  }

  /** When a polling stream should try to stream again; each time later. */
  nextUpgrade(atLeast) {
    const delay = Math.max(this.#upgradeAfter, atLeast);
    this.#upgradeAfter = Math.min(this.#upgradeAfter * 2, this.#settings.streamRetryMaxMs);
    return delay;
  }
}
