/** The promises of `connect()` and `reconnect()`: kept at the first byte, broken by a close. */

import { CLOSED } from "./messages.js";

/** A stream was closed before anything came; `reason` and `status` say why. */
export class StreamClosedError extends Error {
  constructor(details) {
    super(details.message || `The stream is closed: ${details.reason}.`);
    this.name = "StreamClosedError";
    this.reason = details.reason;
    this.status = details.status;
  }
}

export class FirstByte {
  #waiting = [];

  wait() {
    const promise = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    // Whoever awaits still gets the rejection; whoever does not must not cause a page error.
    promise.catch(() => {});
    return promise;
  }

  arrived() {
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** A finished stream kept its promise: there was just nothing left to say. */
  closed(details) {
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (details.reason === CLOSED.finished) resolve();
      else reject(new StreamClosedError(details));
    }
  }
}
