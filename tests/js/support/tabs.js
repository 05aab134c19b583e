/** The tabs of one browser in memory: Web Locks and a BroadcastChannel. */

export class FakeLocks {
  #queues = new Map();
  #held = new Map();

  request(name, { signal, steal }, callback) {
    return new Promise((resolve, reject) => {
      const entry = { callback, resolve, reject };
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      if (steal) {
        this.#held.get(name)?.reject(new DOMException("stolen", "AbortError"));
        this.#held.delete(name);
        queue.unshift(entry);
      } else {
        queue.push(entry);
      }
      signal?.addEventListener("abort", () => {
        const at = queue.indexOf(entry);
        if (at === -1) return;
        queue.splice(at, 1);
        reject(signal.reason);
      });
      queueMicrotask(() => this.#grant(name));
    });
  }

  #grant(name) {
    if (this.#held.has(name)) return;
    const entry = this.#queues.get(name).shift();
    if (!entry) return;
    this.#held.set(name, entry);
    Promise.resolve(entry.callback({ name })).then((value) => {
      entry.resolve(value);
      if (this.#held.get(name) !== entry) return;
      this.#held.delete(name);
      this.#grant(name);
    });
  }
}

/** A channel class whose messages are clones and arrive later, as in a browser. */
export function fakeChannels() {
  const open = new Set();
  return class FakeChannel {
    constructor(name) {
      this.name = name;
      open.add(this);
    }

    postMessage(message) {
      const data = structuredClone(message);
      for (const other of open) {
        if (other === this || other.name !== this.name) continue;
        queueMicrotask(() => open.has(other) && !other.frozen && other.onmessage?.({ data }));
      }
    }

    close() {
      open.delete(this);
    }
  };
}
