/** Streaming over fetch: sees status codes and headers, stops at once, and reads every byte. */

import { networkOutcome, statusOutcome } from "./http.js";
import { SseParser } from "./parser.js";

/**
 * @typedef {object} Sink what a transport tells its owner
 * @property {() => void} bytes something arrived, a heartbeat included
 * @property {(frame: import("./parser.js").Frame) => void} frame
 * @property {(page: object) => boolean} page returns whether the cursor moved
 * @property {(outcome: import("./http.js").Outcome) => void} end called once, never after `close()`
 */

/**
 * Open the stream; nothing is thrown, every ending goes to `sink.end`.
 * @param {{ url: string, fetch: typeof fetch, clock: import("./clock.js").Clock }} request
 * @param {Sink} sink
 * @returns {{ close(): void }}
 */
export function openFetchStream(request, sink) {
  const controller = new AbortController();
  const end = (outcome) => {
    if (controller.signal.aborted) return;
    controller.abort();
    sink.end(outcome);
  };
  read(request, sink, controller.signal).then(end, (error) => end(networkOutcome(error)));
  return { close: () => controller.abort() };
}

async function read({ url, fetch, clock }, sink, signal) {
  const response = await fetch(url, {
    headers: { Accept: "text/event-stream" },
    credentials: "same-origin",
    cache: "no-store",
    signal,
  });
  if (response.status === 204) return { kind: "finished" };
  if (!response.ok) return statusOutcome(response, clock.now());
  if (!isEventStream(response)) return { kind: "not_a_stream", status: response.status };
  await readBody(response.body.getReader(), sink, signal);
  return { kind: "eof" };
}

async function readBody(reader, sink, signal) {
  const parser = new SseParser({
    // A frame may close the stream while later frames of the same chunk wait to be read.
    onFrame: (frame) => {
      if (!signal.aborted) sink.frame(frame);
    },
  });
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) return;
    sink.bytes();
    parser.push(value);
  }
}

function isEventStream(response) {
  const type = response.headers.get("Content-Type") ?? "";
  return Boolean(response.body) && type.toLowerCase().startsWith("text/event-stream");
}
