/** The state of a stream as everybody sees it, own or shared, and the promises that hang on it. */

import { Emitter } from "./emitter.js";
import { FirstByte } from "./first-byte.js";
import { CLOSED } from "./messages.js";

export class StatefulEmitter extends Emitter {
  /** @type {CairnStream.StreamState} */
  #state = "closed";
  /** @type {CairnStream.StateDetails} */
  #details = { reason: CLOSED.idle };
  /** @protected */
  firstByte = new FirstByte();

  /** @returns {CairnStream.StreamState} */
  get state() {
    return this.#state;
  }

  /** Why and since when: `reason`, `status`, `retryAt`, `retryIn`, `attempt`, `via`, `message`, as they apply. */
  get details() {
    return this.#details;
  }

  get isConnected() {
    return this.#state === "open" || this.#state === "polling";
  }

  /** Whether the log has ended and all of it was seen, so that there is nothing to connect to. */
  get isFinished() {
    return this.#state === "closed" && this.#details.reason === CLOSED.finished;
  }

  /** @protected */
  setState(state, details) {
    const previous = this.#state;
    this.#state = state;
    this.#details = details;
    // First the promises: a listener of the state may connect again.
    if (this.isConnected) this.firstByte.arrived();
    else if (state === "closed") this.firstByte.closed(details);
    this.emit("state", { state, details, previous });
  }
}
