/** Listeners by name. One that throws neither stops the others nor the stream. */

export class Emitter {
  #listeners = new Map();

  /**
   * Call `listener` for each `name`; returns the function that takes it off again.
   * @param {string} name
   * @param {(payload: any) => void} listener
   * @returns {() => void}
   */
  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(listener);
    return () => this.off(name, listener);
  }

  /** Like `on`, for the first occurrence only. */
  once(name, listener) {
    const off = this.on(name, (payload) => {
      off();
      listener(payload);
    });
    return off;
  }

  off(name, listener) {
    this.#listeners.get(name)?.delete(listener);
  }

  /** Take all listeners off. */
  removeAll() {
    this.#listeners.clear();
  }

  listenerCount(name) {
    return this.#listeners.get(name)?.size ?? 0;
  }

  /** @protected */
  emit(name, payload) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(payload);
      } catch (error) {
        // Out of this call stack, so that it shows as the bug it is without losing an event.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
