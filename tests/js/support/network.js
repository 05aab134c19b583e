/** A server in memory behind `fetch`: it records each request and answers as the test says. */

export class FakeNetwork {
  calls = [];
  inFlight = 0;
  maxInFlight = 0;

  /** @param {(call: object) => Response | Promise<Response>} answer */
  constructor(clock, answer) {
    this.clock = clock;
    this.answer = answer;
    this.fetch = (url, init = {}) => this.#fetch(url, init);
  }

  get streams() {
    return this.calls.filter((call) => call.kind === "stream");
  }

  get polls() {
    return this.calls.filter((call) => call.kind === "poll");
  }

  async #fetch(url, init) {
    const kind = init.headers.Accept === "text/event-stream" ? "stream" : "poll";
    const after = Number(new URL(url, "http://x").searchParams.get("after"));
    const call = { url, init, kind, after, at: this.clock.now(), signal: init.signal };
    this.calls.push(call);
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    try {
      return await Promise.race([this.answer(call), aborted(init.signal)]);
    } finally {
      this.inFlight -= 1;
    }
  }
}

function aborted(signal) {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
  });
}

/** An answer that streams: the test sends pieces and ends it. */
export function sse(signal, pieces = []) {
  let controller;
  const encoder = new TextEncoder();
  const body = new ReadableStream({ start: (given) => (controller = given) });
  const stream = {
    closed: false,
    response: new Response(body, { headers: { "Content-Type": "text/event-stream" } }),
    send: (text) => controller.enqueue(encoder.encode(text)),
    end: () => controller.close(),
    fail: () => controller.error(new TypeError("network error")),
  };
  signal?.addEventListener("abort", () => {
    stream.closed = true;
    try {
      controller.error(new DOMException("aborted", "AbortError"));
    } catch {
      // It had ended by itself.
    }
  });
  pieces.forEach((piece) => stream.send(piece));
  return stream;
}

export function json(body, { status = 200, headers = {} } = {}) {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

export function failure(status, headers = {}, code = "x") {
  return json({ error: { code, message: `status ${status}` } }, { status, headers });
}

export function page(events, extra = {}) {
  return json({ events, position: events.at(-1)?.position ?? 0, has_more: false, state: "running", poll_after_ms: 500, resume: "exact", ...extra });
}
