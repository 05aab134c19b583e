/**
 * What the chat page shows, from two sources: the session as the server put it into the page
 * (there at once), and its log (exact, and live). The log takes over when it has caught up.
 */

import { ContentPuller, fromSnapshot, reduce, visibleMessages, withContent } from "../chat/index.js";
import { Outbox } from "./outbox.js";
import { Painter } from "./painter.js";

/** How much of a long log is read again, for the lines of the timeline and what is not yet in rows. */
const READ_AGAIN = 4000;

/** These are shown at once; the rest waits for its turn. */
const AT_ONCE = new Set(["gate_opened", "state_changed", "message_added"]);

export class ChatStore {
  #api;
  #live;
  #caughtUp = false;
  #painter = new Painter(this);
  #puller;

  /** The session's state: what `reduce` gives. */
  state;
  /** What the gates need of the session as REST told it. */
  details;
  /** "cancelling" while a stop was asked for that has not happened yet. */
  intent = null;
  connection = { state: "connecting", details: {} };
  /** What was written here and is not in the log yet. */
  outbox;

  constructor(snapshot, api, user) {
    this.#api = api;
    this.details = { pending_gate: snapshot.pending_gates[0] ?? null };
    this.state = fromSnapshot(snapshot);
    this.after = Math.max(0, snapshot.position - READ_AGAIN);
    this.#live = fromSnapshot(snapshot, this.after);
    this.position = snapshot.position;
    this.outbox = new Outbox({ api, session: snapshot.id, user, changed: () => this.#painter.now() });
    this.#puller = new ContentPuller({
      pull: (id, from) => api.getContent(id, from),
      onText: (id, text) => this.#pulled(id, text),
    });
    this.#adopt();
  }

  /** Call `listener(store)` whenever something changed, as often as the page bears it. */
  subscribe(listener) {
    this.#painter.subscribe(listener);
  }

  /** Whether the page shows the log, not the session it was delivered with. */
  get isLive() {
    return this.#caughtUp;
  }

  /** The run that can be stopped. */
  get runId() {
    return this.state.operation?.runId ?? null;
  }

  /** The conversation that is shown. */
  get messages() {
    return visibleMessages(this.state);
  }

  take(event) {
    if (event.type === "message_added") this.outbox.arrived(event);
    this.#change(reduce(this.#live, event));
    if (this.intent && event.run_id === this.intent.runId && event.final) this.intent = null;
    if (this.#caughtUp && AT_ONCE.has(event.type)) this.#painter.now();
  }

  opened(data) {
    this.#change(reduce(this.#live, { type: "stream_opened", timestamp: new Date().toISOString(), data }));
    if (data.resume === "gap") this.loadDetails();
  }

  connected(change) {
    this.connection = change;
    this.#painter.soon();
  }

  expect(intent) {
    this.intent = intent;
    this.#painter.soon();
  }

  /** Go on from what the session's rows say: events are gone, or are not believed. */
  async loadDetails() {
    try {
      const snapshot = await this.#api.getSnapshot(this.state.sessionId);
      if (snapshot.position < this.#live.position) return;
      const { timeline, systemLog, gap } = this.#live;
      this.#change({ ...fromSnapshot(snapshot), timeline, systemLog, gap });
    } catch {
      // What is on the page stays; the next event, or a reload, asks again.
    }
  }

  #change(live) {
    if (live === this.#live) return;
    const { wanted } = this.#live;
    this.#live = live;
    if (live.wanted !== wanted) this.#pull(live.wanted);
    this.#adopt();
  }

  #adopt() {
    if (!this.#caughtUp && this.#live.position < this.position) return;
    this.#caughtUp = true;
    this.state = this.#live;
    this.#painter.soon();
  }

  /** Fetch the texts that the log only speaks of; those that are here are not wanted. */
  #pull(wanted) {
    for (const [id, want] of Object.entries(wanted)) {
      if (want.final) this.#puller.complete(id, want.sequence);
      else this.#puller.signal(id, want.sequence);
    }
  }

  #pulled(id, { content, sequence }) {
    this.#change(withContent(this.#live, id, { content, sequence }));
  }
}
