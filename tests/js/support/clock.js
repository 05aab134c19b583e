/** A clock that only moves when a test moves it. */

export class FakeClock {
  #now = 1_000_000;
  #serial = 0;
  #timers = new Map();

  now() {
    return this.#now;
  }

  setTimeout(fn, ms) {
    this.#serial += 1;
    this.#timers.set(this.#serial, { at: this.#now + ms, fn });
    return this.#serial;
  }

  clearTimeout(id) {
    this.#timers.delete(id);
  }

  get pending() {
    return this.#timers.size;
  }

  /** Move on, running what falls due in order, and let promises settle in between. */
  async advance(ms) {
    const end = this.#now + ms;
    await settle();
    for (let due = this.#due(end); due; due = this.#due(end)) {
      this.#timers.delete(due.id);
      this.#now = Math.max(this.#now, due.at);
      due.fn();
      await settle();
    }
    this.#now = end;
  }

  #due(end) {
    const due = [...this.#timers].map(([id, timer]) => ({ id, ...timer })).filter(({ at }) => at <= end);
    return due.sort((a, b) => a.at - b.at || a.id - b.id)[0];
  }
}

/** Let everything that is ready happen: promises, and streams that need a turn of the loop. */
export async function settle() {
  for (let turn = 0; turn < 6; turn += 1) await new Promise(setImmediate);
}
