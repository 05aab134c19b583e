/**
 * How long to wait before the next attempt: 1, 2, 4, 8, 16, 30, 30 ... seconds.
 *
 * Jitter only shortens: a delay is `step * (1 - jitter * random())`, so with the default of 0.2 the
 * first wait is between 0.8 s and 1 s and no wait is ever longer than 30 s. It keeps a thousand
 * clients of a restarted server from coming back in the same instant.
 */

export const BACKOFF_STEPS_MS = Object.freeze([1000, 2000, 4000, 8000, 16000, 30000]);

export const DEFAULT_JITTER = 0.2;

export class Backoff {
  #steps;
  #jitter;
  #random;
  #attempt = 0;

  /** @param {{ steps?: readonly number[], jitter?: number, random?: () => number }} [options] */
  constructor({ steps = BACKOFF_STEPS_MS, jitter = DEFAULT_JITTER, random = Math.random } = {}) {
    this.#steps = steps;
    this.#jitter = jitter;
    this.#random = random;
  }

  /** How many waits were handed out since the last reset. */
  get attempt() {
    return this.#attempt;
  }

  /** Return the next delay in milliseconds and move on. The last step repeats for ever. */
  next() {
    const step = this.#steps[Math.min(this.#attempt, this.#steps.length - 1)];
    this.#attempt += 1;
    return Math.round(step * (1 - this.#jitter * this.#random()));
  }

  /** Start again at the first step; called after success. */
  reset() {
    this.#attempt = 0;
  }
}
