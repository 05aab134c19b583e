/** The older client interface over one durable stream: connect, disconnect, send, on, off, reconnect. */

import { openStream } from "../stream/index.js";
import { postCommand } from "../stream/command.js";
import { SSEEventManager } from "./SSEEventManager.js";
import { formatMessage } from "./SSEUtils.js";

const TROUBLE = new Set(["reconnecting", "offline"]);

export class SSEConnection {
  #stream;
  #events = new SSEEventManager();
  #commandUrl;
  #fetch;

  /**
   * @param {string} url of a stream, in the strategy dialect or the native one
   * @param {Partial<CairnStream.SharedStreamOptions> & { shared?: boolean }} [options] those of the
   *   stream; `commandUrl` is where `send` posts to
   */
  constructor(url, options = {}) {
    this.#commandUrl = options.commandUrl;
    this.#fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
    this.#stream = openStream({ shared: false, ...options, url });
    this.#stream.on("event", (event) => this.#events.take(event));
    this.#stream.on("bad_frame", ({ error, raw }) => this.#events.bad(error, raw));
    this.#stream.on("state", ({ state, details }) => {
      const broken = state === "closed" && !["finished", "disconnected"].includes(details.reason);
      if (TROUBLE.has(state) || broken) this.#events.connectionError(details);
    });
  }

  /** Resolves on the first byte, or at once if there is nothing to come any more. */
  connect() {
    return this.#stream.connect();
  }

  /** End for good: nothing reconnects afterwards. */
  disconnect() {
    this.#stream.disconnect();
  }

  /**
   * Say something to the server. A stream goes one way, so this is a POST to `commandUrl`.
   * @returns {Promise<any>} the answer; rejects with its `status` when it is not 2xx
   */
  async send(message) {
    if (!this.#commandUrl) throw new TypeError("send() needs options.commandUrl.");
    const checked = JSON.parse(formatMessage(message));
    return postCommand({ fetch: this.#fetch, url: this.#commandUrl, message: checked });
  }

  /** @returns {() => void} the function that takes the handler off again */
  on(event, handler) {
    return this.#events.on(event, handler);
  }

  off(event, handler) {
    this.#events.off(event, handler);
  }

  isConnected() {
    return this.#stream.isConnected;
  }

  /** Drop what is open and start again from the last message; resolves on the first byte. */
  reconnect() {
    return this.#stream.reconnect();
  }

  /** The position of the last message, to go on from elsewhere. */
  get position() {
    return this.#stream.cursor;
  }

  /** connecting, open, reconnecting, offline, polling or closed. */
  get state() {
    return this.#stream.state;
  }
}
