/** When to try again: 1, 2, 4, 8, 16, 30, 30 ... seconds, and from the start after a success. */

import { BACKOFF_STEPS_MS, Backoff } from "../stream/index.js";

export class SSEReconnection {
  #backoff;

  /** @param {{ jitter?: number, random?: () => number }} [options] jitter only shortens; 0 for the exact sequence */
  constructor({ jitter = 0, random } = {}) {
    this.#backoff = new Backoff({ jitter, random });
  }

  static get delays() {
    return BACKOFF_STEPS_MS;
  }

  /** How many delays were handed out since the last success. */
  get attempt() {
    return this.#backoff.attempt;
  }

  /** The milliseconds to wait before the next try. */
  nextDelay() {
    return this.#backoff.next();
  }

  succeeded() {
    this.#backoff.reset();
  }
}
