/**
 * The same log in pages of JSON: the way that works through every proxy.
 *
 * One request at a time, by construction: the next is only planned when the last has been dealt
 * with. A page that says `has_more` is followed at once, else the server's `poll_after_ms` counts.
 */

import { Timers } from "./clock.js";
import { fetchPage, networkOutcome } from "./http.js";

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * @param {{ url: () => string, fetch: typeof fetch, clock: CairnStream.Clock,
 *   interval: (page: object) => number, load?: typeof fetchPage, timeoutMs?: number }} request `load`
 *   reads another kind of page than one of events
 * @param {CairnStream.Sink} sink
 * @returns {{ close(): void, wake(): void }}
 */
export function openPoll(request, sink) {
  const timers = new Timers(request.clock);
  const loop = { closed: false, controller: null };
  const close = () => {
    loop.closed = true;
    timers.clearAll();
    loop.controller?.abort();
  };
  const end = (outcome) => {
    if (loop.closed) return;
    close();
    sink.end(outcome);
  };
  const turn = async () => {
    const { page, outcome } = await ask(request, loop, timers);
    if (loop.closed) return;
    if (outcome) {
      end(outcome);
      return;
    }
    const moved = sink.page(page);
    if (loop.closed) return;
    // A page that moved nothing is not followed at once: that would be a tight loop.
    if (page.has_more && moved) turn();
    else timers.set("next", request.interval(page), turn);
  };
  const wake = () => {
    if (loop.closed || !timers.has("next")) return;
    timers.clear("next");
    turn();
  };
  turn();
  return { close, wake };
}

/** @returns {Promise<{ page?: any, outcome?: CairnStream.Outcome }>} */
async function ask(request, loop, timers) {
  loop.controller = new AbortController();
  let late = false;
  timers.set("timeout", request.timeoutMs ?? REQUEST_TIMEOUT_MS, () => {
    late = true;
    loop.controller.abort();
  });
  try {
    const load = request.load ?? fetchPage;
    return await load({ ...request, url: request.url(), signal: loop.controller.signal });
  } catch (error) {
    return { outcome: late ? { kind: "timeout" } : networkOutcome(error) };
  } finally {
    timers.clear("timeout");
  }
}
