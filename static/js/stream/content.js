/**
 * Pulls the text of messages that the stream only signals.
 *
 * Signals come faster than pulls: while one pull of a message is in flight, any number of signals
 * become one more pull. Text is therefore never fetched twice or out of order. A pull that fails
 * leaves the sequence where it was; the next signal, or a retry with backoff, starts there again.
 */

import { Backoff } from "./backoff.js";
import { Timers, systemClock } from "./clock.js";

/** @typedef {{ message_id: string, sequence: number, content: string, has_more: boolean, completed: boolean }} ContentPage */

export class ContentPuller {
  #pull;
  #onText;
  #onError;
  #timers;
  #random;
  #messages = new Map();
  #disposed = false;

  /**
   * @param {{ pull: (messageId: string, fromSequence: number) => Promise<ContentPage>,
   *   onText: (messageId: string, text: { added: string, content: string, sequence: number, completed: boolean }) => void,
   *   onError?: (messageId: string, error: Error) => void,
   *   clock?: CairnStream.Clock, random?: () => number }} options
   */
  constructor({ pull, onText, onError = () => {}, clock = systemClock, random = Math.random }) {
    this.#pull = pull;
    this.#onText = onText;
    this.#onError = onError;
    this.#timers = new Timers(clock);
    this.#random = random;
  }

  /** Take any event of the stream; those without a message are ignored. */
  take(event, { completed = false } = {}) {
    const { message_id: id, sequence } = event?.data ?? {};
    if (id) this.#want(id, sequence ?? 0, completed);
  }

  /** There is text up to this sequence. */
  signal(messageId, sequence) {
    this.#want(messageId, sequence, false);
  }

  /** The message is complete: pull until all of it is here, even if no delta was ever seen. */
  complete(messageId, finalSequence = 0) {
    this.#want(messageId, finalSequence, true);
  }

  /** What is known of a message. */
  textOf(messageId) {
    const { content = "", sequence = 0, completed = false } = this.#messages.get(messageId) ?? {};
    return { content, sequence, completed };
  }

  /** Stop: nothing is called any more and no timer is left. */
  dispose() {
    this.#disposed = true;
    this.#timers.clearAll();
    this.#messages.clear();
  }

  #want(id, sequence, final) {
    if (this.#disposed) return;
    if (!this.#messages.has(id)) this.#messages.set(id, this.#fresh());
    const message = this.#messages.get(id);
    message.wanted = Math.max(message.wanted, sequence);
    message.final ||= final;
    this.#timers.clear(id);
    this.#next(id, message);
  }

  #fresh() {
    const backoff = new Backoff({ random: this.#random });
    return { sequence: 0, wanted: 0, content: "", completed: false, final: false, asked: false, pulling: false, backoff };
  }

  /** Pull if something is missing and no pull of this message is in flight. */
  #next(id, message) {
    const missing = message.sequence < message.wanted || (message.final && !message.completed && !message.asked);
    if (missing && !message.pulling) this.#run(id, message);
  }

  async #run(id, message) {
    message.pulling = true;
    let failure = null;
    try {
      await this.#pages(id, message);
      message.backoff.reset();
    } catch (error) {
      failure = error;
    }
    message.pulling = false;
    if (this.#disposed) return;
    if (!failure) {
      this.#next(id, message);
      return;
    }
    this.#onError(id, failure);
    this.#timers.set(id, message.backoff.next(), () => this.#next(id, message));
  }

  async #pages(id, message) {
    for (let more = true; more; ) {
      const target = message.wanted;
      const final = message.final;
      const page = await this.#pull(id, message.sequence);
      if (this.#disposed) return;
      more = page.has_more && page.sequence > message.sequence;
      if (!more) this.#settle(message, page, target, final);
      this.#add(id, message, page);
    }
  }

  /** The server has answered up to its end: what was wanted then and is not there does not exist. */
  #settle(message, page, target, final) {
    if (message.wanted === target) message.wanted = Math.max(page.sequence, message.sequence);
    if (final) message.asked = true;
  }

  #add(id, message, page) {
    const added = page.sequence > message.sequence ? page.content : "";
    const completed = Boolean(page.completed) && !page.has_more;
    if (!added && completed === message.completed) return;
    message.sequence = Math.max(page.sequence, message.sequence);
    message.content += added;
    message.completed = completed;
    this.#onText(id, { added, content: message.content, sequence: message.sequence, completed });
  }
}
