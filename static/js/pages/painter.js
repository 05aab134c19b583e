/** Calls what draws a store, soon after it changed and at most ten times a second. */

const EVERY_MS = 100;

export class Painter {
  #store;
  #listeners = [];
  #painted = 0;
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
    const wait = Math.max(0, this.#painted + EVERY_MS - performance.now());
    this.#timer = setTimeout(() => this.now(), wait);
  }

  /** Something changed that cannot wait. */
  now() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#painted = performance.now();
    for (const listener of this.#listeners) listener(this.#store);
  }
}
