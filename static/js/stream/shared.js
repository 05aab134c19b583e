/**
 * One stream for all tabs of a browser that watch the same URL.
 *
 * The tab that holds a Web Lock leads and has the only connection; a BroadcastChannel carries what
 * it receives. Each tab keeps its own cursor, so a change of leader loses nothing and repeats
 * nothing. Web Locks free the lock of a tab that crashes, and a leader that stays silent is
 * replaced.
 */

import { Timers } from "./clock.js";
import { postCommand } from "./command.js";
import { CursorStore } from "./cursor-store.js";
import { environmentOf } from "./environment.js";
import { CLOSED } from "./messages.js";
import { debugLog, withDefaults } from "./options.js";
import { Order } from "./order.js";
import { Leader } from "./shared-leader.js";
import { joinTabs, tabsOf } from "./tabs.js";
import { StatefulEmitter } from "./stream-state.js";

const LEADER_SILENCE_MS = 60_000;

const ASK_AGAIN_MS = 1000;

let serial = 0;

/** The same surface as StreamConnection. */
export class SharedStream extends StatefulEmitter {
  #options;
  #settings;
  #environment;
  #timers;
  #order;
  #cursors;
  #debug;
  #id;
  #tabs = null;
  #leader = null;
  #unlisten = [];
  #heardAt = 0;
  #askedAt = -Infinity;

  /** Whether this browser can share; otherwise use a StreamConnection. */
  static supported(options = {}) {
    return tabsOf(options) !== null;
  }

  /** @param {CairnStream.SharedStreamOptions} options */
  constructor(options) {
    super();
    this.#options = options;
    this.#settings = withDefaults(options);
    this.#environment = environmentOf(options);
    this.#timers = new Timers(this.#environment.clock);
    this.#cursors = new CursorStore(this.#settings.storage, this.#settings.url, this.#timers);
    this.#order = new Order(this.#settings.after ?? this.#cursors.read());
    this.#debug = debugLog(this.#settings.debug);
    serial += 1;
    this.#id = options.tabId ?? `${this.#environment.random().toString(36).slice(2)}-${serial}`;
  }

  /** The last position this tab has seen. */
  get cursor() {
    return this.#order.cursor;
  }

  /** Whether this tab holds the connection. */
  get isLeader() {
    return this.#leader !== null;
  }

  connect() {
    if (this.isConnected || this.isFinished) return Promise.resolve();
    const promise = this.firstByte.wait();
    if (!this.#tabs) this.#join();
    return promise;
  }

  reconnect() {
    if (!this.#tabs) return this.connect();
    const promise = this.firstByte.wait();
    this.#say({ type: "reconnect" });
    return promise;
  }

  retryNow() {
    if (this.#tabs) this.#say({ type: "retry" });
    else this.connect();
  }

  /** Leave; when this tab led, the next one takes over. */
  disconnect() {
    if (this.#tabs) this.#closed({ reason: CLOSED.disconnected });
  }

  send(message) {
    const { commandUrl } = this.#settings;
    if (!commandUrl) return Promise.reject(new TypeError("send() needs options.commandUrl."));
    return postCommand({ fetch: this.#environment.fetch, url: commandUrl, message });
  }

  #join() {
    const { onVisibility, onPage } = this.#environment;
    this.#unlisten = [onVisibility(() => this.#hello()), onPage((shown) => this.#pageChanged(shown))];
    this.setState("connecting", { attempt: 0 });
    this.#enter();
  }

  #enter() {
    const { url, mode } = this.#settings;
    this.#tabs = joinTabs(tabsOf(this.#options), `cairn:${this.#options.scope ?? ""}:${mode}:${url}`, {
      message: (message) => this.#receive(message),
      lead: () => this.#lead(),
      follow: () => this.#follow(),
    });
    this.#heardAt = this.#environment.clock.now();
    this.#watchLeader(LEADER_SILENCE_MS);
    this.#hello();
  }

  #leave() {
    this.#say({ type: "bye", from: this.#id });
    this.#timers.clearAll();
    this.#stopLeading();
    this.#tabs?.leave();
    this.#tabs = null;
  }

  #lead() {
    this.#debug("leading", this.cursor);
    this.#timers.clear("leader");
    this.#leader = new Leader(this.#options, this.#environment, (message) => this.#publish(message));
    this.#leader.start();
  }

  #follow() {
    this.#stopLeading();
    this.#watchLeader(LEADER_SILENCE_MS);
  }

  #stopLeading() {
    this.#leader?.close();
    this.#leader = null;
  }

  #publish(message) {
    // The others first: what this tab does with the message may close the channel.
    this.#tabs?.post(message);
    this.#receive(message);
  }

  /** Tell the leader, wherever it is. */
  #say(message) {
    if (this.#leader) this.#leader.hear(message);
    else this.#tabs?.post(message);
  }

  #hello() {
    this.#say({ type: "hello", from: this.#id, cursor: this.cursor, visible: !this.#environment.hidden() });
  }

  #receive(message) {
    if (!this.#tabs) return;
    this.#heardAt = this.#environment.clock.now();
    if (message.to !== undefined && message.to !== this.#id) return;
    if (message.type === "who") this.#hello();
    else if (message.type === "replay") message.messages.forEach((each) => this.#receive(each));
    else if (message.type === "event") this.#event(message.event);
    else if (message.type === "bad") this.#bad(message);
    else if (message.type === "opened") this.#opened(message.data);
    else if (message.type === "state") this.#mirror(message);
    else if (message.type === "control") this.emit("control", message.message);
    else if (message.type === "alive") this.emit("alive", null);
    else this.#leader?.hear(message);
  }

  #event(event) {
    const judgement = this.#order.take(event.position);
    if (judgement === "hole") this.#askAgain();
    if (judgement !== "new") return;
    this.#debug(event.type, event);
    this.#cursors.noteSoon(() => this.cursor);
    this.emit("event", event);
    this.emit(`type:${event.type}`, event);
    if (event.final) this.emit("final", event);
  }

  #bad({ position, raw, message }) {
    if (position === this.cursor + 1) this.#order.take(position);
    this.emit("bad_frame", { position, raw, error: new Error(message) });
  }

  #opened(data) {
    if (data.sparse) this.#order.allowHoles();
    const missed = data.resume === "gap" && this.cursor < data.to;
    if (missed) this.#order.skipTo(Math.max(data.position ?? 0, data.to));
    if (data.resume === "snapshot") this.#order.resetTo(data.position);
    this.emit("opened", data);
    if (missed) this.emit("gap", { from: data.from, to: data.to });
    if (data.resume === "snapshot") this.emit("snapshot", { snapshot: data.snapshot, position: data.position });
  }

  #askAgain() {
    const now = this.#environment.clock.now();
    if (now - this.#askedAt < ASK_AGAIN_MS) return;
    this.#askedAt = now;
    this.#hello();
  }

  /** Take the leader's state. An end this tab has not reached yet is not its end: it stays to lead. */
  #mirror({ state, details, position }) {
    if (state === "closed") {
      const reached = details.reason !== CLOSED.finished || this.cursor >= position;
      if (reached && details.reason !== CLOSED.disconnected) this.#closed(details);
      return;
    }
    const same = state === this.state && JSON.stringify(details) === JSON.stringify(this.details);
    if (!same) this.setState(state, details);
  }

  #closed(details) {
    this.#cursors.note(this.cursor);
    this.#leave();
    for (const off of this.#unlisten.splice(0)) off();
    this.#debug("state", "closed", details);
    this.setState("closed", details);
  }

  #pageChanged(shown) {
    this.#leave();
    if (shown) this.#enter();
  }

  #watchLeader(ms) {
    this.#timers.set("leader", ms, () => {
      const left = this.#heardAt + LEADER_SILENCE_MS - this.#environment.clock.now();
      const expected = this.state !== "reconnecting" && this.state !== "offline";
      if (left > 0) this.#watchLeader(left);
      else if (this.#environment.hidden() || !expected) this.#watchLeader(LEADER_SILENCE_MS);
      else this.#tabs.steal();
    });
  }
}
