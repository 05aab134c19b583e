/** Messages that were written here and are not in the log yet: on their way, or refused. */

import { errorMessage } from "./errors.js";

let serial = 0;

export class Outbox {
  #api;
  #session;
  #user;
  #changed;
  #arrived = new Set();

  /** The messages, oldest first: `{ key, text, files, state: "sending" | "failed", isLost, error }`. */
  messages = [];

  constructor({ api, session, user, changed }) {
    this.#api = api;
    this.#session = session;
    this.#user = user;
    this.#changed = changed;
  }

  /** Show a message and send it. */
  send(text, files = []) {
    serial += 1;
    const message = { key: `local-${serial}`, text, files, state: "sending", isLost: false, error: "", id: null };
    this.messages = [...this.messages, message];
    this.#changed();
    return this.#post(message);
  }

  /** Send what was refused once more; the server takes it once, whatever became of the first try. */
  retry(key) {
    const message = this.messages.find((one) => one.key === key);
    if (!message || message.state !== "failed") return Promise.resolve();
    this.#set(message, { state: "sending", isLost: false, error: "" });
    return this.#post(this.messages.find((one) => one.key === key));
  }

  /** Forget what was refused; returns it. */
  discard(key) {
    const message = this.messages.find((one) => one.key === key);
    this.#remove(message);
    return message;
  }

  /** The log has a message: what waits for it here gives way. */
  arrived({ data: { message_id: id, role, by, content } }) {
    if (role !== "user" || by !== this.#user) return;
    this.#arrived.add(id);
    // Of what failed, the server may have taken the one whose answer was lost.
    const waiting = this.messages.filter((one) => one.state === "sending" || one.isLost);
    const mine = waiting.find((one) => one.id === id) ?? waiting.find((one) => !one.id && (content === undefined ? !one.isLost : content === one.text));
    if (mine) this.#remove(mine);
  }

  async #post(message) {
    const { text, files } = message;
    try {
      const { message_id: id } = await this.#api.postMessage(this.#session, { text, ...(files.length && { files }) });
      const still = this.messages.find((one) => one.key === message.key);
      if (still && this.#arrived.has(id)) this.#remove(still);
      else if (still) this.#set(still, { id });
    } catch (error) {
      const still = this.messages.find((one) => one.key === message.key);
      if (still) this.#set(still, { state: "failed", isLost: !(error.status > 0), error: errorMessage(error, "It was not sent.") });
    }
  }

  #set(message, change) {
    this.messages = this.messages.map((one) => (one.key === message.key ? { ...one, ...change } : one));
    this.#changed();
  }

  #remove(message) {
    this.messages = this.messages.filter((one) => one !== message && one.key !== message?.key);
    this.#changed();
  }
}
