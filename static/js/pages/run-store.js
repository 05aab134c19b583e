/**
 * What a run's page shows, from two sources: what the server put into the page (there at once), and
 * the event log (exact, and live). The log takes over when it has caught up.
 */

import { Painter } from "./painter.js";

const DETAILS_AFTER_MS = 120;

/**
 * @typedef {object} Reading
 * @property {(state: any, event: any) => any} reduce
 * @property {(details: any, position: number) => any} fromDetails the state that REST describes
 * @property {any} start the state before the first event of the log
 * @property {(id: string) => Promise<any>} load the details anew
 * @property {Set<string>} bringsDetails after these the rows say more than the log
 */

export class RunStore {
  #reading;
  #live;
  #caughtUp = false;
  #painter = new Painter(this);
  #detailsTimer = null;
  #loading = false;
  #loadAgain = false;

  /** The state as `reduce` gives it. */
  state;
  /** The same as REST tells it, a moment old. */
  details;
  /** What was asked for and has not happened yet: cancelling, pausing, or null. */
  intent;
  connection = { state: "connecting", details: {} };

  /** @param {any} details @param {Reading} reading */
  constructor(details, reading) {
    this.#reading = reading;
    this.details = details;
    this.state = reading.fromDetails(details, details.position);
    this.intent = intentOf(details);
    this.#live = reading.start;
  }

  /** Call `listener(store)` whenever something changed, at most ten times a second. */
  subscribe(listener) {
    this.#painter.subscribe(listener);
  }

  /** Whether the page shows the log, not what it was delivered with. */
  get isLive() {
    return this.#caughtUp;
  }

  take(event) {
    this.#live = this.#reading.reduce(this.#live, event);
    if (event.type === "run_state") this.#noteIntent(event.data ?? {});
    this.#adopt();
    // A question is shown at once; the rest waits for its turn.
    if (this.#caughtUp && event.type === "gate_opened") this.#painter.now();
    if (this.#caughtUp && this.#reading.bringsDetails.has(event.type)) this.loadDetails();
    if (event.final) this.loadDetails();
  }

  opened(data) {
    this.#live = this.#reading.reduce(this.#live, { type: "stream_opened", timestamp: new Date().toISOString(), data });
    this.#adopt();
    if (data.resume === "gap") this.#mendGap();
  }

  connected(change) {
    this.connection = change;
    this.#painter.soon();
  }

  expect(intent) {
    this.intent = intent;
    this.#painter.soon();
  }

  /** Fetch the rows soon; several wishes in a row become one request. */
  loadDetails() {
    clearTimeout(this.#detailsTimer);
    this.#detailsTimer = setTimeout(() => this.#load(), DETAILS_AFTER_MS);
  }

  #adopt() {
    if (!this.#caughtUp && this.#live.position < this.details.position && !this.#live.finished) return;
    this.#caughtUp = true;
    // A run with an open question waits, also where the log has no event of its own for that.
    this.state = this.#live.pendingGate ? { ...this.#live, runState: "waiting" } : this.#live;
    this.#painter.soon();
  }

  #noteIntent({ state, reason }) {
    if (reason === "cancelling" || reason === "pausing") this.intent = reason;
    else if (this.intent === "pausing" && state !== "running") this.intent = null;
    else if (reason === "resumed") this.intent = null;
  }

  /** Events are gone that the page never saw: go on from what the rows say. */
  async #mendGap() {
    await this.#load();
    if (this.details.position < this.#live.position) return;
    const gap = this.#live.timeline.filter(({ key }) => key.startsWith("stream_gap"));
    const mended = this.#reading.fromDetails(this.details, this.details.position);
    this.#live = { ...mended, gap: this.#live.gap, timeline: [...gap, ...mended.timeline] };
    this.#adopt();
  }

  async #load() {
    if (this.#loading) {
      this.#loadAgain = true;
      return;
    }
    this.#loading = true;
    try {
      this.details = await this.#reading.load(this.details.id);
      this.#painter.soon();
    } catch {
      // What is on the page stays; the next event, or a reload, asks again.
    }
    this.#loading = false;
    if (this.#loadAgain) {
      this.#loadAgain = false;
      this.loadDetails();
    }
  }
}

function intentOf(run) {
  if (run.cancel_requested) return "cancelling";
  return run.pause_requested && run.state === "running" ? "pausing" : null;
}
