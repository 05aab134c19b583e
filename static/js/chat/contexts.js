/** The context API: native EventSource for signals, REST for texts, messages and cancellation. */

import { postCommand } from "../stream/command.js";

export { TRANSITIONS, initialSnapshot, transition } from "./machine.js";
export { ChatManager } from "./manager.js";

/** EventSource.CLOSED: the browser has given up and will not come back by itself. */
const CLOSED_STATE = 2;

export class BackendContextService {
  #base;
  #fetch;
  #EventSource;

  /** @param {{ base?: string, fetch?: typeof fetch, EventSource?: any }} [options] */
  constructor(options = {}) {
    this.#base = options.base ?? "";
    this.#fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
    this.#EventSource = options.EventSource ?? globalThis.EventSource;
  }

  /**
   * Follow a context's signals; returns the function that ends it. After that neither callback is
   * called and the socket is closed. A message that cannot be read goes to `onError`, and the
   * stream goes on; `fatal` on an error says that it does not.
   * @param {string} contextId
   * @param {(event: CairnContexts.SignalEvent, at: { position: number | null }) => void} onEvent
   * @param {(error: Error & { fatal?: boolean }) => void} [onError]
   * @param {{ after?: number }} [options] the position after which to begin
   */
  subscribeToContextEvents(contextId, onEvent, onError = () => {}, { after } = {}) {
    const cursor = after === undefined ? "" : `?after=${after}`;
    const source = new this.#EventSource(`${this.#address(contextId)}/stream${cursor}`, { withCredentials: true });
    let open = true;
    source.onmessage = (message) => {
      if (!open) return;
      const { event, error } = read(message.data);
      if (error) onError(error);
      else onEvent(event, { position: positionOf(message.lastEventId) });
    };
    source.onerror = () => {
      if (!open) return;
      const fatal = source.readyState === CLOSED_STATE;
      const text = fatal ? "The stream was closed." : "The connection to the stream was lost; it is opened again.";
      onError(Object.assign(new Error(text), { fatal }));
    };
    return () => {
      open = false;
      source.close();
    };
  }

  /**
   * The text of a message after a sequence, exclusive; all of it without one.
   * @returns {Promise<CairnContexts.MessageContent>}
   * @throws {Error & { status: number }}
   */
  async getMessageContent(contextId, messageId, fromSequence) {
    // 0 is a sequence like any other, not the absence of one.
    const query = Number.isInteger(fromSequence) ? `?from_sequence=${fromSequence}` : "";
    const url = `${this.#address(contextId)}/messages/${encodeURIComponent(messageId)}/content${query}`;
    const response = await this.#fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (response.ok) return response.json();
    throw Object.assign(new Error(`Failed to fetch message content: ${response.status}`), { status: response.status });
  }

  /**
   * Send a message; what becomes of it comes as signals.
   * @param {object} [metadata] kept with the message
   * @param {string} [key] the same for each try of one message, so that it is taken once
   */
  sendMessage(contextId, content, metadata = {}, key) {
    const message = { payload: { type: "text", content, display: null }, client_metadata: metadata };
    return this.#post(`${this.#address(contextId)}/messages`, message, key);
  }

  /** Stop what the context is doing. */
  cancel(contextId) {
    return this.#post(`${this.#address(contextId)}/cancel`, {});
  }

  #post(url, message, key) {
    const headers = key ? { "Idempotency-Key": key } : {};
    return postCommand({ fetch: this.#fetch, url, message, headers });
  }

  #address(contextId) {
    return `${this.#base}/contexts/${encodeURIComponent(contextId)}`;
  }
}

function read(data) {
  try {
    const event = JSON.parse(data);
    if (typeof event?.type !== "string") throw new TypeError("The message has no type.");
    return { event };
  } catch (error) {
    return { error };
  }
}

function positionOf(id) {
  return /^[0-9]+$/.test(id ?? "") ? Number(id) : null;
}
