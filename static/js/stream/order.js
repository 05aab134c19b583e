/**
 * The cursor of one reader: the last position it has seen.
 *
 * Positions have no holes, so each event is new, a duplicate, or proof that something is missing.
 * Only where a reader gets a part of a log, the server says so, and what it leaves out is no hole.
 */

export class Order {
  #sparse = false;

  /** @param {number} [cursor] */
  constructor(cursor = 0) {
    this.cursor = cursor;
  }

  /**
   * Judge a position and, when it is the next one, move the cursor to it.
   * @returns {"new" | "duplicate" | "hole"}
   */
  take(position) {
    if (position <= this.cursor) return "duplicate";
    if (position > this.cursor + 1 && !this.#sparse) return "hole";
    this.cursor = position;
    return "new";
  }

  /** From now on the server leaves out events of others. */
  allowHoles() {
    this.#sparse = true;
  }

  /** Move past events the server says are gone, never backwards. */
  skipTo(position) {
    if (Number.isInteger(position) && position > this.cursor) this.cursor = position;
  }

  /** Take the position of a snapshot, which replaces all that was seen. */
  resetTo(position) {
    if (Number.isInteger(position)) this.cursor = position;
  }
}
