/**
 * Streaming over the native EventSource, for browsers that cannot read a fetch response in pieces.
 *
 * It hides three things, and each has an answer here. Status codes: after a fatal close one JSON
 * request asks what is the matter. Its own fixed reconnection: it is closed on the first error and
 * the connection's backoff decides. Heartbeat comments: on silence `check()` asks the server
 * whether something was missed.
 */

import { TERMINAL_STATES } from "./messages.js";
import { fetchPage, networkOutcome } from "./http.js";

const CLOSED_STATE = 2;

/**
 * @param {{ url: string, probeUrl: () => string, cursor: () => number, EventSource: any,
 *   endless?: boolean, fetch: typeof fetch, clock: CairnStream.Clock }} request
 * @param {CairnStream.Sink} sink
 * @returns {{ close(): void, check(): Promise<boolean> }}
 */
export function openEventSource(request, sink) {
  const controller = new AbortController();
  const source = construct(request);
  const close = () => {
    source.close?.();
    controller.abort();
  };
  const end = (outcome) => {
    if (controller.signal.aborted) return;
    close();
    sink.end(outcome);
  };
  const frame = (message) => {
    if (controller.signal.aborted) return;
    sink.bytes();
    sink.frame({ data: message.data, id: message.lastEventId ?? "", event: message.type });
  };
  source.onopen = () => sink.bytes();
  source.onmessage = frame;
  source.onerror = (error) => {
    // A frame named "error" arrives here too, as a MessageEvent with data; it is not a fault.
    if (typeof error?.data === "string") frame(error);
    else if (source.readyState !== CLOSED_STATE) end({ kind: "eof" });
    else explain(request, controller.signal).then(end);
  };
  if (source.refused) Promise.resolve().then(() => end(networkOutcome(source.refused)));
  return { close, check: () => isUpToDate(request, controller.signal) };
}

/** The constructor itself may throw, where a policy or an extension blocks it. */
function construct({ EventSource, url }) {
  try {
    return new EventSource(url, { withCredentials: true });
  } catch (refused) {
    return { refused };
  }
}

/** Find out by a plain request why the browser gave up. */
async function explain(request, signal) {
  try {
    const { page, outcome } = await fetchPage({ ...request, url: request.probeUrl(), signal });
    if (outcome) return outcome;
    const finished = !request.endless && TERMINAL_STATES.includes(page.state) && page.events.length === 0;
    return finished ? { kind: "finished" } : { kind: "eof" };
  } catch (error) {
    return networkOutcome(error);
  }
}

async function isUpToDate(request, signal) {
  try {
    const { page } = await fetchPage({ ...request, url: request.probeUrl(), signal });
    return Boolean(page) && !page.events.some((event) => event.position > request.cursor());
  } catch {
    return false;
  }
}
