/**
 * One attempt to follow the log over one transport, from the cursor until it ends.
 *
 * It turns frames and pages into ordered events, watches for silence, and says once how it ended.
 */

import { Timers } from "./clock.js";
import { openEventSource } from "./eventsource-transport.js";
import { openFetchStream } from "./fetch-transport.js";
import { CONTROL, TERMINAL_STATES, readFrame, streamUrl } from "./messages.js";
import { openPoll } from "./poll-transport.js";

/** A stream that lived this long was no failure, even if nothing happened in it. */
const STABLE_AFTER_MS = 5000;

/**
 * @typedef {object} AttemptHooks
 * @property {() => void} first the first byte or page came
 * @property {() => void} alive any byte or page came
 * @property {(data: object) => void} opened the server said how it resumed
 * @property {(event: object) => void} event the next event of the log
 * @property {(bad: object) => void} bad a frame that could not be read
 * @property {(message: object) => void} control a control message nobody knows
 * @property {(outcome: CairnStream.Outcome, healthy: boolean) => void} ended
 */

export class Attempt {
  #context;
  #hooks;
  #timers;
  #handle = null;
  #startedAt;
  #lastActivity;
  #silence;
  #first = false;
  #progressed = false;
  #done = false;

  /**
   * @param {{ kind: "fetch"|"eventsource"|"poll", url: string, mode?: string, endless?: boolean, order: { cursor: number, take(position: number): string, skipTo(position: number): void, allowHoles(): void, resetTo(position: number): void },
   *   environment: CairnStream.Environment, connectTimeout: number, heartbeatTimeout?: number,
   *   interval: (page: object) => number }} context
   * @param {AttemptHooks} hooks
   */
  constructor(context, hooks) {
    this.#context = context;
    this.#hooks = hooks;
    this.#timers = new Timers(context.environment.clock);
    this.#startedAt = this.#lastActivity = this.#now();
    this.#silence = context.connectTimeout;
    if (context.kind !== "poll") this.#watch(this.#silence);
    this.#handle = this.#open();
    if (this.#done) this.#handle.close();
  }

  get kind() {
    return this.#context.kind;
  }

  /** Stop without a word: no hook is called afterwards and no timer is left. */
  close() {
    this.#done = true;
    this.#timers.clearAll();
    this.#handle?.close();
  }

  /** Ask for the next page now instead of when it is due. */
  wake() {
    this.#handle?.wake?.();
  }

  #open() {
    const { kind, url, mode, endless, order, environment, interval } = this.#context;
    const sink = {
      bytes: () => this.#bytes(),
      frame: (frame) => this.#frame(frame),
      page: (page) => this.#page(page),
      end: (outcome) => this.#finish(outcome),
    };
    const here = (limit) => streamUrl(url, { after: order.cursor, mode, limit });
    const { fetch, clock, EventSource } = environment;
    if (kind === "poll") return openPoll({ url: () => here(), fetch, clock, interval }, sink);
    if (kind === "fetch") return openFetchStream({ url: here(), fetch, clock }, sink);
    const request = { url: here(), probeUrl: () => here(1), cursor: () => order.cursor, endless, EventSource, fetch, clock };
    return openEventSource(request, sink);
  }

  #now() {
    return this.#context.environment.clock.now();
  }

  #bytes() {
    if (this.#done) return;
    this.#lastActivity = this.#now();
    if (!this.#first) {
      this.#first = true;
      this.#silence = this.#context.heartbeatTimeout ?? this.#context.connectTimeout * 2;
      if (this.kind !== "poll") this.#watch(this.#silence);
      this.#hooks.first();
    }
    if (!this.#done) this.#hooks.alive();
  }

  /** Wake up when the allowed silence could be over; activity only moves the time noted. */
  #watch(ms) {
    this.#timers.set("watchdog", ms, () => {
      const left = this.#lastActivity + this.#silence - this.#now();
      if (left > 0) this.#watch(left);
      else this.#silent();
    });
  }

  #silent() {
    if (!this.#first || !this.#handle?.check) {
      this.#finish({ kind: "timeout" });
      return;
    }
    this.#handle.check().then((fresh) => {
      if (this.#done) return;
      if (!fresh) this.#finish({ kind: "timeout" });
      else this.#watch(this.#silence);
    });
  }

  #frame(frame) {
    // A frame may close the stream while later frames of the same chunk are still handed over.
    if (this.#done) return;
    const read = readFrame(frame);
    if (read.kind === "bad") this.#bad(read);
    else if (read.kind === "event") this.#event(read.message);
    else this.#control(read.message);
  }

  /** A frame nobody can read keeps its number, else it would be asked for again for ever. */
  #bad({ error, raw, position }) {
    if (position === this.#context.order.cursor + 1) this.#context.order.take(position);
    this.#hooks.bad({ error, raw, position });
  }

  #event(event) {
    const expected = this.#context.order.cursor + 1;
    const judgement = this.#context.order.take(event.position);
    if (judgement === "hole") this.#finish({ kind: "hole", message: `expected ${expected}, got ${event.position}` });
    if (judgement !== "new") return;
    this.#progressed = true;
    this.#hooks.event(event);
    if (event.final && !this.#context.endless && !this.#done) this.#finish({ kind: "final" });
  }

  #control(message) {
    const data = message.data ?? {};
    if (message.type === CONTROL.opened) this.#opened(data);
    else if (message.type === CONTROL.reconnect) this.#finish({ kind: "reconnect", reason: data.reason });
    else if (message.type === CONTROL.closed) this.#finish({ kind: "closed", reason: data.reason });
    else this.#hooks.control(message);
  }

  #opened(data) {
    const { order, heartbeatTimeout } = this.#context;
    if (heartbeatTimeout === undefined && data.heartbeat_seconds > 0) {
      this.#silence = data.heartbeat_seconds * 2000;
      this.#watch(this.#silence);
    }
    if (data.sparse) order.allowHoles();
    if (data.resume === "gap") order.skipTo(Math.max(data.position ?? 0, data.to ?? 0));
    if (data.resume === "snapshot") order.resetTo(data.position);
    this.#hooks.opened(data);
  }

  #page(page) {
    const before = this.#context.order.cursor;
    this.#bytes();
    if (this.#done) return false;
    if (page.resume === "gap" || page.resume === "snapshot") this.#opened(openedOf(page));
    if (page.sparse) this.#context.order.allowHoles();
    for (const event of page.events) {
      if (this.#done) return true;
      this.#event(event);
    }
    if (page.sparse) this.#context.order.skipTo(page.position);
    const finished = !this.#context.endless && TERMINAL_STATES.includes(page.state) && !page.has_more;
    if (finished && !this.#done) this.#finish({ kind: "finished" });
    return this.#context.order.cursor !== before;
  }

  #finish(outcome) {
    if (this.#done) return;
    const lived = this.#first && this.#now() - this.#startedAt >= STABLE_AFTER_MS;
    this.close();
    this.#hooks.ended(outcome, this.#progressed || lived);
  }
}

/** A page says in its own fields what a stream says in its first frame. */
function openedOf(page) {
  const first = page.events[0]?.position;
  const position = first === undefined ? page.position : first - 1;
  return { resume: page.resume, position, from: page.from, to: page.to ?? position, snapshot: page.snapshot };
}
