/**
 * One durable stream: every event of the log once, in order, whatever happens to the network.
 *
 * It chooses the transport, waits between failures, falls back to polling and comes back, goes
 * quiet in a hidden tab, and ends for good when the log has ended.
 */

import { Attempt } from "./attempt.js";
import { Timers } from "./clock.js";
import { postCommand } from "./command.js";
import { CursorStore } from "./cursor-store.js";
import { environmentOf } from "./environment.js";
import { CLOSED } from "./messages.js";
import { debugLog, withDefaults } from "./options.js";
import { Order } from "./order.js";
import { judge, streamKind } from "./policy.js";
import { Recovery } from "./recovery.js";
import { StatefulEmitter } from "./stream-state.js";
import { TabVisibility } from "./visibility.js";

/**
 * Emits `state`, `event`, `type:<type>`, `opened`, `gap`, `snapshot`, `final`, `bad_frame`,
 * `control` and `alive`; see index.d.ts for what each carries.
 */
export class StreamConnection extends StatefulEmitter {
  #settings;
  #environment;
  #timers;
  #recovery;
  #order;
  #cursors;
  #debug;
  #stream = null;
  #poll = null;
  #active = false;
  #visibility;
  #unlisten = [];

  /** @param {CairnStream.StreamOptions} options */
  constructor(options) {
    super();
    this.#settings = withDefaults(options);
    this.#environment = environmentOf(options);
    this.#timers = new Timers(this.#environment.clock);
    this.#recovery = new Recovery(this.#settings, this.#environment.random);
    this.#cursors = new CursorStore(this.#settings.storage, this.#settings.url, this.#timers);
    this.#order = new Order(this.#settings.after ?? this.#cursors.read());
    this.#debug = debugLog(this.#settings.debug);
    this.#visibility = new TabVisibility(this.#environment, this.#timers, this.#settings.hiddenGraceMs, {
      quiet: () => this.#goQuiet(),
      shown: (wasQuiet) => this.#shown(wasQuiet),
    });
  }

  /** The last position seen. */
  get cursor() {
    return this.#order.cursor;
  }

  /** Start, or go on after a close; resolves on the first byte, at once if there is nothing to come. */
  connect() {
    if (this.isConnected || this.isFinished) return Promise.resolve();
    const promise = this.firstByte.wait();
    if (!this.#active) this.#activate();
    return promise;
  }

  /** Drop what is open and start again from the cursor; resolves on the first byte. */
  reconnect() {
    if (!this.#active) return this.connect();
    const promise = this.firstByte.wait();
    this.#drop();
    this.#begin();
    return promise;
  }

  /** Try at once instead of when the wait is over; also while offline, as the browser may be wrong. */
  retryNow() {
    if (!this.#active) this.connect();
    else if (this.state === "reconnecting" || this.state === "offline") this.#begin();
    else if (this.state === "polling") this.#upgrade();
  }

  /** Stop for good: no timer, listener or request is left. */
  disconnect() {
    if (this.#active) this.#close({ reason: CLOSED.disconnected });
  }

  /** POST a message to `commandUrl`, since SSE is one-way. */
  send(message) {
    const { commandUrl } = this.#settings;
    if (!commandUrl) return Promise.reject(new TypeError("send() needs options.commandUrl."));
    return postCommand({ fetch: this.#environment.fetch, url: commandUrl, message });
  }

  #activate() {
    this.#active = true;
    this.#recovery.succeeded();
    const { onNetwork, onPage } = this.#environment;
    this.#unlisten = [
      onNetwork((online) => this.#networkChanged(online)),
      () => this.#visibility.stop(),
      onPage((shown) => this.#pageChanged(shown)),
    ];
    this.#visibility.start();
    if (this.#environment.online()) this.#begin();
    else this.#setState("offline", {});
  }

  #wantsPoll() {
    return this.#visibility.quiet || streamKind(this.#settings.transport, this.#environment) === "poll";
  }

  #begin() {
    this.#timers.clear("retry");
    if (this.#wantsPoll()) this.#openPoll();
    else this.#openStream();
  }

  #openStream() {
    if (this.#stream) return;
    if (!this.#poll) this.#setState("connecting", { attempt: this.#recovery.failures });
    const kind = streamKind(this.#settings.transport, this.#environment);
    const ended = (...how) => this.#streamEnded(...how);
    this.#stream = this.#attempt(kind, { first: () => this.#streaming(kind), ended });
  }

  #openPoll() {
    if (this.#poll) return;
    if (!this.#stream) this.#setState("connecting", { attempt: this.#recovery.failures });
    const ended = (...how) => this.#pollEnded(...how);
    this.#poll = this.#attempt("poll", { first: () => this.#polling(), ended });
  }

  #attempt(kind, hooks) {
    const { url, mode, endless, connectTimeout, heartbeatTimeout } = this.#settings;
    const environment = this.#environment;
    const interval = (page) => this.#pollInterval(page);
    const context = { kind, url, mode, endless, order: this.#order, environment, connectTimeout, heartbeatTimeout, interval };
    this.#debug("attempt", kind, this.cursor);
    return new Attempt(context, {
      ...hooks,
      alive: () => this.emit("alive", null),
      opened: (data) => this.#opened(data),
      event: (event) => this.#deliver(event),
      bad: (bad) => this.emit("bad_frame", bad),
      control: (message) => this.emit("control", message),
    });
  }

  #pollInterval(page) {
    const wanted = page.poll_after_ms ?? this.#settings.pollMs;
    return this.#environment.hidden() ? Math.max(wanted, this.#settings.hiddenPollMs) : wanted;
  }

  #streaming(via) {
    this.#poll?.close();
    this.#poll = null;
    this.#timers.clear("upgrade");
    this.#setState("open", { via });
  }

  #polling() {
    if (!this.#wantsPoll()) this.#planUpgrade(0);
    const chosen = this.#wantsPoll() ? "chosen" : "fallback";
    this.#setState("polling", { via: "poll", reason: this.#visibility.quiet ? "hidden" : chosen });
  }

  #opened(data) {
    this.#debug("opened", data);
    this.emit("opened", data);
    if (data.resume === "gap") this.emit("gap", { from: data.from, to: data.to });
    if (data.resume === "snapshot") this.emit("snapshot", { snapshot: data.snapshot, position: data.position });
  }

  #deliver(event) {
    this.#debug(event.type, event);
    this.#cursors.noteSoon(() => this.cursor);
    this.emit("event", event);
    this.emit(`type:${event.type}`, event);
    if (event.final) this.emit("final", event);
  }

  #streamEnded(outcome, healthy) {
    this.#stream = null;
    this.#debug("stream ended", outcome);
    const verdict = judge(outcome);
    const atOnce = this.#recovery.streamEnded(verdict, healthy);
    if (verdict.action === "close") this.#close(closedBecause(verdict, outcome));
    else if (atOnce) this.#openStream();
    else if (this.#poll) this.#planUpgrade(verdict.retryAfter ?? 0);
    else if (this.#recovery.shouldPoll) this.#fallBack(verdict.retryAfter ?? null, outcome);
    else this.#wait(verdict.retryAfter, outcome);
  }

  /** Poll until streaming works again; a server that asked for patience gets it first. */
  #fallBack(retryAfter, outcome) {
    if (retryAfter === null) this.#openPoll();
    else this.#wait(retryAfter, outcome, () => this.#openPoll());
  }

  #planUpgrade(atLeast) {
    this.#timers.set("upgrade", this.#recovery.nextUpgrade(atLeast), () => this.#upgrade());
  }

  /** Stream beside the poll until the first byte: a failed try costs no event and no delay. */
  #upgrade() {
    this.#timers.clear("upgrade");
    if (this.#wantsPoll()) this.#poll?.wake();
    else this.#openStream();
  }

  #pollEnded(outcome, healthy) {
    this.#poll = null;
    this.#timers.clear("upgrade");
    this.#debug("poll ended", outcome);
    const verdict = judge(outcome);
    if (verdict.action === "close") {
      this.#close(closedBecause(verdict, outcome));
      return;
    }
    if (healthy) this.#recovery.polled();
    if (this.#stream) return;
    const next = verdict.retryAfter ? () => this.#openPoll() : () => this.#begin();
    this.#wait(verdict.retryAfter ?? null, outcome, next);
  }

  #wait(retryAfter, outcome, next = () => this.#begin()) {
    const delay = retryAfter ?? this.#recovery.nextDelay();
    const { kind: reason, status, code, message } = outcome;
    const retryAt = this.#environment.clock.now() + delay;
    const attempt = this.#recovery.failures;
    this.#setState("reconnecting", { reason, status, code, message, retryAt, retryIn: delay, attempt });
    this.#timers.set("retry", delay, next);
  }

  #networkChanged(online) {
    if (!online) {
      this.#drop();
      this.#setState("offline", {});
      return;
    }
    this.#recovery.succeeded();
    if (!this.#stream && !this.#poll) this.#begin();
  }

  #goQuiet() {
    if (!this.#stream) return;
    this.#stream.close();
    this.#stream = null;
    this.#openPoll();
  }

  #shown(wasQuiet) {
    if (this.#poll && wasQuiet) this.#upgrade();
    else this.#poll?.wake();
  }

  #pageChanged(shown) {
    this.#drop();
    if (shown) this.#begin();
    else this.#cursors.note(this.cursor);
  }

  #drop() {
    this.#stream?.close();
    this.#poll?.close();
    this.#stream = this.#poll = null;
    this.#timers.clear("retry");
    this.#timers.clear("upgrade");
  }

  #close(details) {
    this.#active = false;
    this.#drop();
    this.#timers.clearAll();
    this.#cursors.note(this.cursor);
    for (const off of this.#unlisten.splice(0)) off();
    this.#setState("closed", details);
  }

  #setState(state, details) {
    this.#debug("state", state, details);
    this.setState(state, details);
  }
}

function closedBecause(verdict, { status, code, message }) {
  return { reason: verdict.reason, status, code, message };
}
