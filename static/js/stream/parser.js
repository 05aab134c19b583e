/**
 * Incremental parser of text/event-stream, by the WHATWG rules, for any chunking of the bytes.
 *
 * A frame is handed out only when its blank line has arrived: what is unfinished when the
 * connection ends is discarded, so a frame cut in the middle is never half delivered.
 */

export class SseParser {
  #onFrame;
  #onComment;
  #onRetry;
  #decoder = new TextDecoder("utf-8");
  #rest = "";
  #skipLineFeed = false;
  #data = [];
  #event = "";
  #id = "";

  /** @param {{ onFrame: (frame: CairnStream.Frame) => void, onComment?: (text: string) => void, onRetry?: (ms: number) => void }} handlers */
  constructor({ onFrame, onComment = () => {}, onRetry = () => {} }) {
    this.#onFrame = onFrame;
    this.#onComment = onComment;
    this.#onRetry = onRetry;
  }

  /** The id of the last frame, which stays until a frame changes it. */
  get lastEventId() {
    return this.#id;
  }

  /** Take the next bytes; the decoder keeps a character that is cut in two and drops a BOM. */
  push(bytes) {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  #take(text) {
    let start = 0;
    if (this.#skipLineFeed && text.length > 0) {
      if (text[0] === "\n") start = 1;
      this.#skipLineFeed = false;
    }
    for (let end = nextLineEnd(text, start); end !== -1; end = nextLineEnd(text, start)) {
      const line = this.#rest + text.slice(start, end);
      this.#rest = "";
      start = end + 1;
      if (text[end] === "\r") start = this.#afterCarriageReturn(text, start);
      this.#line(line);
    }
    this.#rest += text.slice(start);
  }

  #afterCarriageReturn(text, next) {
    if (next === text.length) {
      // The LF of this CRLF may be the first character of the next chunk.
      this.#skipLineFeed = true;
      return next;
    }
    return text[next] === "\n" ? next + 1 : next;
  }

  #line(line) {
    if (line === "") {
      this.#dispatch();
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) {
      this.#onComment(line.slice(1).trimStart());
      return;
    }
    const name = colon === -1 ? line : line.slice(0, colon);
    let value = colon === -1 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    this.#field(name, value);
  }

  #field(name, value) {
    if (name === "data") this.#data.push(value);
    else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^[0-9]+$/.test(value)) this.#onRetry(Number(value));
  }

  #dispatch() {
    const data = this.#data;
    const event = this.#event || "message";
    this.#data = [];
    this.#event = "";
    if (data.length > 0) this.#onFrame({ data: data.join("\n"), id: this.#id, event });
  }
}

function nextLineEnd(text, from) {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10 || code === 13) return index;
  }
  return -1;
}
