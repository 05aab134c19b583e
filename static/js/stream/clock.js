/** Time as a seam: tests replace the clock, so nothing here sleeps. */

/** @type {CairnStream.Clock} */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => globalThis.setTimeout(fn, ms),
  clearTimeout: (id) => globalThis.clearTimeout(id),
};

/** Named timers with one owner: clearing the set proves that none is left behind. */
export class Timers {
  #clock;
  #ids = new Map();

  /** @param {CairnStream.Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** Start the timer of this name, replacing the one that runs. */
  set(name, ms, fn) {
    this.clear(name);
    const id = this.#clock.setTimeout(() => {
      this.#ids.delete(name);
      fn();
    }, ms);
    this.#ids.set(name, id);
  }

  has(name) {
    return this.#ids.has(name);
  }

  clear(name) {
    if (!this.#ids.has(name)) return;
    this.#clock.clearTimeout(this.#ids.get(name));
    this.#ids.delete(name);
  }

  clearAll() {
    for (const name of [...this.#ids.keys()]) this.clear(name);
  }
}
