/** A browser's EventSource in memory, and a server of contexts behind it. */

export class FakeSource {
  static all = [];

  static get last() {
    return FakeSource.all.at(-1);
  }

  static get open() {
    return FakeSource.all.filter((one) => !one.closed);
  }

  readyState = 1;
  closed = false;

  constructor(url, options) {
    Object.assign(this, { url, options });
    FakeSource.all.push(this);
  }

  close() {
    this.closed = true;
    this.readyState = 2;
  }

  say(message, position) {
    const data = typeof message === "string" ? message : JSON.stringify(message);
    this.onmessage({ data, lastEventId: position === undefined ? "" : String(position) });
  }

  /** The connection is lost; the browser opens it again, unless that was for good. */
  lose({ fatal = false } = {}) {
    this.readyState = fatal ? 2 : 0;
    this.onerror({ type: "error" });
  }
}

/** Texts of messages as a server has them, each piece a sequence; answers take 300 ms. */
export class FakeTexts {
  pieces = new Map();
  pulls = [];
  inFlight = 0;
  maxInFlight = 0;
  failures = 0;

  constructor(clock) {
    this.clock = clock;
  }

  write(id, text) {
    this.pieces.set(id, [...(this.pieces.get(id) ?? []), text]);
    return this.pieces.get(id).length;
  }

  async answer(contextId, id, from) {
    this.pulls.push([id, from]);
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    await new Promise((resolve) => this.clock.setTimeout(resolve, 300));
    this.inFlight -= 1;
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error("lost");
    }
    const pieces = this.pieces.get(id) ?? [];
    return { context_id: contextId, message_id: id, sequence: pieces.length, content: pieces.slice(from).join("") };
  }
}
