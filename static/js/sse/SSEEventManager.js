/**
 * Handlers of messages by the names of the envelope, and what goes wrong on the way.
 *
 * `on("progress", handler)` and so on for each name; `message` for all of them; `bad_message` for
 * what could not be read, which stops nothing. An `error` is always a message of the server's:
 * trouble with the connection is `connection_error`, so the two are never taken for each other.
 */

import { Emitter } from "../stream/emitter.js";
import { problemOf } from "./SSEMessageTypes.js";
import { toMessage } from "./SSEUtils.js";

export class SSEEventManager extends Emitter {
  /** Take an event of the stream and hand it to its handlers. */
  take(event) {
    const message = toMessage(event);
    const problem = problemOf(message);
    if (problem) {
      this.bad(new TypeError(problem), JSON.stringify(event));
      return;
    }
    this.emit(message.event, message);
    this.emit("message", message);
  }

  /** Tell of a frame that nobody can read; the stream goes on. */
  bad(error, raw) {
    this.emit("bad_message", { error, raw });
  }

  connectionError(details) {
    const message = details.message ?? `The connection is not there: ${details.reason}.`;
    this.emit("connection_error", Object.assign(new Error(message), details));
  }
}
