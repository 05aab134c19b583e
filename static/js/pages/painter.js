/**
 * Calls what draws a store, soon after it changed.
 *
 * Drawing rests four times as long as it took, so a long answer leaves the page its time, and at
 * least so long that a person sees no difference.
 */

const LEAST_REST_MS = 30;
const REST = 4;

export class Painter {
  #store;
  #listeners = [];
  #next = 0;
  #timer = null;

  constructor(store) {
    this.#store = store;
  }

  /** Call `listener(store)` now, and whenever something changed. */
  subscribe(listener) {
    this.#listeners.push(listener);
    listener(this.#store);
  }

  /** Something changed. */
  soon() {
    if (this.#timer) return;
    const wait = Math.max(0, this.#next - performance.now());
    this.#timer = setTimeout(() => this.now(), wait);
  }

  /** Something changed that cannot wait. */
  now() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const begun = performance.now();
    for (const listener of this.#listeners) listener(this.#store);
    const ended = performance.now();
    this.#next = ended + Math.max(LEAST_REST_MS, REST * (ended - begun));
  }
}
