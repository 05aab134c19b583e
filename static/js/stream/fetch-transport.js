/** Streaming over fetch: sees status codes and headers, stops at once, and reads every byte. */

import { networkOutcome, statusOutcome } from "./http.js";
import { SseParser } from "./parser.js";

/**
 * Open the stream; nothing is thrown, every ending goes to `sink.end`.
 * @param {{ url: string, fetch: typeof fetch, clock: CairnStream.Clock }} request
 * @param {CairnStream.Sink} sink
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
  const parser = new SseParser({ onFrame: (frame) => sink.frame(frame) });
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
