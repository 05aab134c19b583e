/**
 * Keeps a stream's cursor across reloads of the page.
 *
 * Only of use to a page that keeps what it showed; a page that rebuilds itself from the log must
 * start at 0. Without `storage` nothing is kept.
 */

const PREFIX = "cairn.cursor:";

const WRITE_EVERY_MS = 250;

export class CursorStore {
  #storage;
  #key;
  #timers;

  /** @param {{ getItem(k: string): string|null, setItem(k: string, v: string): void } | undefined} storage */
  constructor(storage, url, timers) {
    this.#storage = storage;
    this.#key = PREFIX + url;
    this.#timers = timers;
  }

  read() {
    try {
      return Number.parseInt(this.#storage?.getItem(this.#key) ?? "0", 10) || 0;
    } catch {
      return 0;
    }
  }

  /** Note the cursor soon: storage is synchronous and events may come by the hundred. */
  noteSoon(cursor) {
    if (!this.#storage || this.#timers.has("cursor")) return;
    this.#timers.set("cursor", WRITE_EVERY_MS, () => this.note(cursor()));
  }

  note(cursor) {
    try {
      this.#storage?.setItem(this.#key, String(cursor));
    } catch {
      // A full or forbidden storage costs a longer replay, nothing else.
    }
  }
}
