/**
 * The one tab that holds the connection for all tabs of a browser.
 *
 * It starts from the lowest cursor any tab needs. A tab that is behind later is served from the
 * last events kept here, or by starting again from its cursor: the others drop what they have seen.
 */

import { Timers } from "./clock.js";
import { StreamConnection } from "./connection.js";

/** How long a new leader listens for the cursors of the others before it connects. */
const CENSUS_MS = 50;

const KEPT = 1000;

const ALIVE_EVERY_MS = 5000;

export class Leader {
  #options;
  #environment;
  #publish;
  #timers;
  #tabs = new Map();
  #kept = [];
  #connection = null;
  #onVisibility = () => {};
  #aliveAt = 0;

  /**
   * @param {object} options of the StreamConnection
   * @param {CairnStream.Environment} environment
   * @param {(message: object) => void} publish to every tab, this one included
   */
  constructor(options, environment, publish) {
    this.#options = options;
    this.#environment = environment;
    this.#publish = publish;
    this.#timers = new Timers(environment.clock);
  }

  /** Ask who is there, then connect for all of them. */
  start() {
    this.#publish({ type: "who" });
    this.#timers.set("census", CENSUS_MS, () => {
      this.#connect(Math.min(...[...this.#tabs.values()].map((tab) => tab.cursor)));
    });
  }

  close() {
    this.#timers.clearAll();
    this.#discard();
  }

  /** Take what a tab says. */
  hear(message) {
    if (message.type === "hello") this.#hello(message);
    else if (message.type === "bye") this.#tabs.delete(message.from);
    else if (message.type === "retry") this.#connection?.retryNow();
    else if (message.type === "reconnect") this.#connection?.reconnect();
    if (message.type === "hello" || message.type === "bye") this.#onVisibility();
  }

  #hello({ from, cursor, visible }) {
    this.#tabs.set(from, { cursor, visible });
    if (this.#connection) this.#serve(from, cursor);
  }

  #serve(to, cursor) {
    const { state, details, cursor: position } = this.#connection;
    if (cursor < position) {
      const missing = this.#kept.filter((message) => message.position > cursor);
      if (missing[0]?.position !== cursor + 1) {
        this.#connect(cursor);
        return;
      }
      this.#publish({ type: "replay", to, messages: missing });
    }
    this.#publish({ type: "state", to, state, details, position });
  }

  #connect(after) {
    this.#discard();
    this.#connection = new StreamConnection({
      ...this.#options,
      ...this.#environment,
      after,
      storage: undefined,
      hidden: () => this.#allHidden(),
      onVisibility: (fn) => this.#watchVisibility(fn),
      // The tab itself gives its leadership up when its page goes.
      onPage: () => () => {},
    });
    this.#forward(this.#connection);
    this.#connection.connect();
  }

  #discard() {
    this.#kept = [];
    this.#connection?.removeAll();
    this.#connection?.disconnect();
    this.#connection = null;
  }

  #forward(connection) {
    connection.on("state", ({ state, details }) => {
      this.#publish({ type: "state", state, details, position: connection.cursor });
    });
    connection.on("opened", (data) => {
      if (data.resume === "gap" || data.resume === "snapshot") this.#kept = [];
      this.#publish({ type: "opened", data });
    });
    connection.on("event", (event) => this.#keep({ type: "event", position: event.position, event }));
    connection.on("bad_frame", ({ error, raw, position }) => {
      const message = { type: "bad", position, raw, message: String(error?.message) };
      if (position === connection.cursor) this.#keep(message);
      else this.#publish(message);
    });
    connection.on("control", (message) => this.#publish({ type: "control", message }));
    connection.on("alive", () => this.#alive());
  }

  #keep(message) {
    this.#kept.push(message);
    if (this.#kept.length > KEPT) this.#kept = this.#kept.slice(-KEPT / 2);
    this.#publish(message);
  }

  /** A heartbeat for the followers, so that they notice a leader that is frozen. */
  #alive() {
    const now = this.#environment.clock.now();
    if (now - this.#aliveAt < ALIVE_EVERY_MS) return;
    this.#aliveAt = now;
    this.#publish({ type: "alive" });
  }

  #allHidden() {
    return ![...this.#tabs.values()].some((tab) => tab.visible);
  }

  /** Only a change of the whole browser counts, not that of a single tab. */
  #watchVisibility(fn) {
    let before = this.#allHidden();
    this.#onVisibility = () => {
      const hidden = this.#allHidden();
      if (hidden === before) return;
      before = hidden;
      fn();
    };
    return () => {
      this.#onVisibility = () => {};
    };
  }
}
