/**
 * How long a run has told nothing, and when that is long enough to ask whether to go on waiting.
 *
 * Time counts only while the run works: one that waits in a queue or for a person has no duty to
 * progress. And we ask only while we hear the server, and have heard it long enough to know what
 * came in the meantime: what we cannot hear is no silence.
 */

const SETTLED_MS = 2000;

export class Silence {
  #limitMs;
  #now;
  #since;
  #heard = null;
  #works = false;
  #hearsSince = null;
  #answered = 0;

  /** @param {{ limitMs: number, now?: () => number }} options */
  constructor({ limitMs, now = () => Date.now() }) {
    this.#limitMs = limitMs;
    this.#now = now;
    this.#since = now();
  }

  /** The server's own limit, when it has told it. */
  set limitMs(limitMs) {
    if (limitMs > 0) this.#limitMs = limitMs;
  }

  get limitMs() {
    return this.#limitMs;
  }

  /** Take in what is known of the run now. @param {{ heard: unknown, works: boolean, connected: boolean }} known */
  note({ heard, works, connected }) {
    if (heard !== this.#heard || (works && !this.#works)) this.#since = this.#now();
    this.#heard = heard;
    this.#works = works;
    if (!connected) this.#hearsSince = null;
    else this.#hearsSince ??= this.#now();
  }

  /** Whether to ask; `told` is the position at which the log itself has said so, if it has. */
  isOver(told = 0) {
    if (!this.#works || this.#hearsSince === null || this.#now() - this.#hearsSince < SETTLED_MS) return false;
    return told > this.#answered || this.lasts >= this.#limitMs;
  }

  /** Milliseconds since anything was told. */
  get lasts() {
    return this.#now() - this.#since;
  }

  /** Somebody goes on waiting: ask again after the limit, and not for what the log has said so far. */
  keepWaiting(told = 0) {
    this.#answered = Math.max(this.#answered, told);
    this.#since = this.#now();
  }
}
