/**
 * The replies of a chat that are not over, oldest first: text may still be on its way when the
 * next one begins, and the two must not mix.
 */

/** @typedef {{ id: string, text: string, sequence: number, final: number | null, waits: boolean, error: Error | null, toolCallRequest: object | null }} Reply */

export class OpenReplies {
  /** @type {Map<string, Reply>} */
  #open = new Map();
  #ended = new Set();

  /** @returns {Reply | null} */
  get first() {
    return this.#open.values().next().value ?? null;
  }

  /** A reply begins. Returns whether it takes the place of the one that is shown: its step has started again. */
  start(id) {
    const last = [...this.#open.values()].at(-1);
    const replaces = last !== undefined && last.id !== id && last.final === null;
    const isShown = replaces && last === this.first;
    if (replaces) this.#end(last.id);
    this.open(id);
    return isShown;
  }

  /** Note a reply; false if it is over. */
  open(id) {
    if (this.#ended.has(id)) return false;
    if (!this.#open.has(id)) {
      this.#open.set(id, { id, text: "", sequence: 0, final: null, waits: false, error: null, toolCallRequest: null });
    }
    return true;
  }

  change(id, change) {
    const reply = this.#open.get(id);
    if (reply) Object.assign(reply, change);
  }

  /** All of its text is written. It waits for more: a question to a person, or why it failed. */
  complete(id, final, status = "complete") {
    if (!this.open(id)) return null;
    this.change(id, { final, waits: status === "waiting" || status === "failed" });
    return this.#open.get(id);
  }

  /** It is known now what replies wait for. */
  release() {
    for (const reply of this.#open.values()) reply.waits = false;
  }

  /** Say why a reply failed; false if none did. */
  fail(error) {
    const reply = [...this.#open.values()].find(({ waits }) => waits);
    if (reply) Object.assign(reply, { error, waits: false });
    return Boolean(reply);
  }

  isOver({ final, sequence, waits }) {
    return final !== null && sequence >= final && !waits;
  }

  /** The first is over; what comes late for it is dropped. */
  end() {
    if (this.first) this.#end(this.first.id);
  }

  #end(id) {
    this.#open.delete(id);
    this.#ended.add(id);
  }
}
