import assert from "node:assert/strict";
import { test } from "node:test";

import { SseParser } from "../../static/js/stream/index.js";

const TEXT = "\uFEFF: hb\nretry: 1500\nid: 7\nevent: note\ndata: grüße 🚀\ndata:  two\n\nid\ndata\n\ndata: last\nfoo: bar\n\n";

const EXPECTED = {
  frames: [
    { data: "grüße 🚀\n two", id: "7", event: "note" },
    { data: "", id: "", event: "message" },
    { data: "last", id: "", event: "message" },
  ],
  comments: ["hb"],
  retries: [1500],
};

function parse(chunks) {
  const seen = { frames: [], comments: [], retries: [] };
  const parser = new SseParser({
    onFrame: (frame) => seen.frames.push(frame),
    onComment: (text) => seen.comments.push(text),
    onRetry: (ms) => seen.retries.push(ms),
  });
  chunks.forEach((chunk) => parser.push(chunk));
  return seen;
}

for (const [name, end] of [["LF", "\n"], ["CR", "\r"], ["CRLF", "\r\n"]]) {
  test(`reads ${name} lines, cut in two at every byte and byte by byte`, () => {
    const bytes = new TextEncoder().encode(TEXT.replaceAll("\n", end));

    for (let cut = 0; cut <= bytes.length; cut += 1) {
      assert.deepEqual(parse([bytes.subarray(0, cut), bytes.subarray(cut)]), EXPECTED, `cut at ${cut}`);
    }
    assert.deepEqual(parse([...bytes].map((byte) => Uint8Array.of(byte))), EXPECTED);
  });
}

test("discards a frame whose blank line never came", () => {
  const seen = parse([new TextEncoder().encode("data: whole\n\ndata: half\n")]);

  assert.deepEqual(seen.frames.map((frame) => frame.data), ["whole"]);
});

test("keeps the id for later frames and ignores one with a NUL and a retry that is no number", () => {
  const seen = parse([new TextEncoder().encode("id: 3\ndata: a\n\nid: 4\0\nretry: 1s\ndata: b\n\n")]);

  assert.deepEqual(seen.frames.map((frame) => frame.id), ["3", "3"]);
  assert.deepEqual(seen.retries, []);
});

test("a frame without data is not handed out but its id counts", () => {
  const seen = parse([new TextEncoder().encode("id: 9\n\ndata: x\n\n")]);

  assert.deepEqual(seen.frames, [{ data: "x", id: "9", event: "message" }]);
});

test("reads a large frame in many chunks in linear time", () => {
  const big = "x".repeat(500_000);
  const bytes = new TextEncoder().encode(`data: ${big}\n\n`);
  const chunks = [];
  for (let at = 0; at < bytes.length; at += 1000) chunks.push(bytes.subarray(at, at + 1000));

  assert.equal(parse(chunks).frames[0].data.length, 500_000);
});
