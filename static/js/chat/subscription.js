/**
 * A context's signals for as long as they are wanted: a native EventSource comes back by itself
 * from a lost connection, and this from what it cannot see: silence, and being closed for good.
 */

import { Backoff } from "../stream/backoff.js";
import { Timers, systemClock } from "../stream/clock.js";

/** What the server's heartbeat is until it says otherwise. */
const HEARTBEAT_MS = 30_000;

/** Silent for so many heartbeats, a connection is taken for dead. */
const PATIENCE = 2;

export class ContextSubscription {
  #service;
  #contextId;
  #hooks;
  #timers;
  #backoff;
  #silence;
  #position;
  #stop = () => {};

  /**
   * @param {{ service: { subscribeToContextEvents: Function }, contextId: string, after?: number,
   *   heartbeatMs?: number, clock?: CairnStream.Clock, random?: () => number }} options
   * @param {{ event: (event: object) => void, state: (state: "connecting" | "open" | "reconnecting") => void,
   *   error: (error: Error, failures: number) => void }} hooks
   */
  constructor({ service, contextId, after, heartbeatMs = HEARTBEAT_MS, clock = systemClock, random = Math.random }, hooks) {
    this.#service = service;
    this.#contextId = contextId;
    this.#hooks = hooks;
    this.#timers = new Timers(clock);
    this.#backoff = new Backoff({ random });
    this.#silence = PATIENCE * heartbeatMs;
    this.#position = after;
  }

  /** The position of the last signal, to begin after. */
  get position() {
    return this.#position;
  }

  open() {
    this.#hooks.state("connecting");
    this.#connect();
  }

  close() {
    this.#timers.clearAll();
    this.#stop();
    this.#stop = () => {};
  }

  #connect() {
    this.#stop();
    this.#watch();
    const event = (...signal) => this.#signal(...signal);
    const error = (problem) => this.#problem(problem);
    this.#stop = this.#service.subscribeToContextEvents(this.#contextId, event, error, { after: this.#position });
  }

  #watch() {
    this.#timers.set("silence", this.#silence, () => {
      this.#hooks.state("reconnecting");
      this.#connect();
    });
  }

  #signal(event, { position = null } = {}) {
    this.#backoff.reset();
    if (event.type === "stream_opened") this.#opened(event);
    this.#watch();
    this.#hooks.state("open");
    // Heartbeats and what else is no event of the log repeat a position; older ones are repetitions.
    const repeated = position !== null && event.context_id !== undefined && position <= (this.#position ?? 0);
    if (position !== null) this.#position = Math.max(position, this.#position ?? 0);
    if (!repeated) this.#hooks.event(event);
    if (event.type === "closed") this.#problem(Object.assign(new Error(`The server closed the stream: ${event.reason}.`), { fatal: true }));
  }

  #opened({ heartbeat_seconds: seconds }) {
    if (seconds > 0) this.#silence = PATIENCE * 1000 * seconds;
  }

  #problem(error) {
    if (!error.fatal) {
      if (error instanceof SyntaxError || error instanceof TypeError) this.#hooks.error(error, 0);
      else this.#hooks.state("reconnecting");
      return;
    }
    this.#stop();
    this.#timers.clear("silence");
    this.#hooks.state("reconnecting");
    const delay = this.#backoff.next();
    this.#hooks.error(error, this.#backoff.attempt);
    this.#timers.set("retry", delay, () => this.#connect());
  }
}
